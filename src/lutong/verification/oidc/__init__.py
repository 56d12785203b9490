"""身份提供方: OpenID Connect for relying parties: consent, claims, back-channel logout."""
