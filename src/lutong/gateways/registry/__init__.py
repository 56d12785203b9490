"""律师身份核验平台: the way out to the Ministry of Justice's registry of practising lawyers."""
