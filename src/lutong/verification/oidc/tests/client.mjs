// A relying party made of the npm package openid-client: prints an authorization address, reads where the browser
// came back, prints what it learned. One JSON object a line.
import { createInterface } from "node:readline";
import * as oidc from "openid-client";

const asked = JSON.parse(process.argv[2]);
const say = (told) => console.log(JSON.stringify(told));
try {
  const auth = asked.secret ? oidc.ClientSecretPost(asked.secret) : oidc.None();
  const config = await oidc.discovery(new URL(asked.issuer), asked.client, {}, auth, {
    execute: [oidc.allowInsecureRequests],
  });
  const verifier = oidc.randomPKCECodeVerifier();
  const nonce = oidc.randomNonce();
  const state = oidc.randomState();
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: asked.back,
    scope: asked.scope,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    nonce,
    state,
    ...asked.more,
  });
  say({ url: url.href });
  for await (const line of createInterface({ input: process.stdin })) {
    const back = new URL(line);
    const tokens = await oidc.authorizationCodeGrant(config, back, {
      pkceCodeVerifier: asked.verifier ?? verifier,
      expectedNonce: asked.nonce ?? nonce,
      expectedState: state,
      idTokenExpected: true,
      ...(asked.maxAge === undefined ? {} : { maxAge: asked.maxAge }),
    });
    const claims = tokens.claims();
    say({ claims, userinfo: await oidc.fetchUserInfo(config, tokens.access_token, claims.sub), idToken: tokens.id_token });
    break;
  }
} catch (error) {
  say({ error: error.error ?? error.code ?? error.name, message: error.message });
}
