"""Two client libraries that know nothing of each other or of our provider's library sign holders in over HTTP:
openid-client (JavaScript, npm) and idpyoidc (Python, cryptojwt)."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from cryptojwt.key_jar import KeyJar
from idpyoidc.client.rp_handler import RPHandler

from lutong.verification.oidc.tests.conftest import BACK, NUMBER, SECRET, TRAINEE, Browser, register

ROOT = Path(__file__).parents[5]


class NodeClient:
    """A relying party in a process of its own."""

    def __init__(self, issuer: str, client: str, **asked: Any) -> None:
        settled = {"issuer": issuer, "client": client, "back": BACK, "scope": "openid licence firm live", **asked}
        node = shutil.which("node") or str(ROOT / ".tools" / "node" / "bin" / "node")
        program = Path(__file__).with_name("client.mjs")
        self.process = subprocess.Popen(
            [node, str(program), json.dumps(settled)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        self.url: str = self._read().get("url", "")

    def finish(self, landed: str) -> dict[str, Any]:
        assert self.process.stdin is not None
        self.process.stdin.write(landed + "\n")
        self.process.stdin.flush()
        told = self._read()
        self.process.stdin.close()
        self.process.wait(10)
        return told

    def _read(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the client said nothing"
        told: dict[str, Any] = json.loads(line)
        return told


def python_client(issuer: str, client: str, secret: str) -> RPHandler:
    return RPHandler(
        base_url="http://127.0.0.1:9",
        keyjar=KeyJar(),  # else it writes keys of its own into the working directory
        client_configs={
            "platform": {
                "issuer": issuer, "client_id": client, "client_secret": secret, "redirect_uris": [BACK],
                "client_type": "oidc", "preference": {"response_types_supported": ["code"]},
                "add_ons": {
                    "pkce": {
                        "function": "idpyoidc.client.oauth2.add_on.pkce.add_support",
                        "kwargs": {"code_challenge_length": 64, "code_challenge_method": "S256"},
                    },
                },
                "services": {
                    name: {"class": f"idpyoidc.client.oidc.{where}"} for name, where in (
                        ("discovery", "provider_info_discovery.ProviderInfoDiscovery"),
                        ("authorization", "authorization.Authorization"), ("accesstoken", "access_token.AccessToken"),
                        ("userinfo", "userinfo.UserInfo"),
                    )
                },
            },
        },
    )  # fmt: skip


def begun(client: RPHandler) -> str:
    """Where the client sends the browser."""
    url = client.begin("platform", req_args={"scope": ["openid", "licence", "firm", "live"]})
    return url if isinstance(url, str) else str(url["url"])


def test_openid_client_signs_a_lawyer_in(platform: str, browser: Browser) -> None:
    register("node", logout_uri="")
    client = NodeClient(platform, "node", secret=SECRET, more={"max_age": 300}, maxAge=300)
    told = client.finish(browser.allowed(client.url).url)
    assert told.get("claims"), told
    assert told["claims"]["licence_no"] == NUMBER and told["claims"]["firm"] == "北京试所"
    assert told["claims"]["acr"] == "urn:lutong:acr:code" and told["claims"]["category"] == "lawyer"
    assert told["userinfo"]["sub"] == told["claims"]["sub"] and told["userinfo"]["status"] == "active"


def test_openid_client_without_a_secret_proves_itself_by_pkce(platform: str, browser: Browser) -> None:
    register("desktop", public=True, redirect_uris=["http://127.0.0.1/callback"])
    client = NodeClient(platform, "desktop", back="http://127.0.0.1:43210/callback")
    told = client.finish(browser.allowed(client.url).url)
    assert told.get("claims", {}).get("name") == "甲某", told


def test_openid_client_with_another_verifier_gets_nothing(platform: str, browser: Browser) -> None:
    register("desktop", public=True)
    client = NodeClient(platform, "desktop", verifier="x" * 43)
    assert client.finish(browser.allowed(client.url).url)["error"] == "invalid_grant"


def test_openid_client_refuses_an_answer_with_another_nonce(platform: str, browser: Browser) -> None:
    register("node")
    client = NodeClient(platform, "node", secret=SECRET, nonce="another")
    told = client.finish(browser.allowed(client.url).url)
    assert "claims" not in told and told["error"]


def test_openid_client_refuses_an_answer_of_another_issuer(platform: str, browser: Browser) -> None:
    register("node")
    client = NodeClient(platform, "node", secret=SECRET)
    landed = browser.allowed(client.url).url
    assert "iss=" in landed
    told = client.finish(landed.split("&iss=")[0] + "&iss=https%3A%2F%2Fevil.example")
    assert "claims" not in told


def test_idpyoidc_signs_a_trainee_in(platform: str, browser: Browser) -> None:
    register("python")
    client = python_client(platform, "python", SECRET)
    landed = browser.allowed(begun(client), TRAINEE)
    told = client.finalize(platform, landed.told)
    assert told.get("id_token"), told
    assert told["userinfo"]["name"] == "丙某" and told["userinfo"]["category"] == "trainee"
    assert told["id_token"]["acr"] == "urn:lutong:acr:code" and told["id_token"]["aud"] == ["python"]


def test_the_two_clients_know_one_person_under_two_numbers(platform: str, browser: Browser) -> None:
    register("node")
    register("python")
    node = NodeClient(platform, "node", secret=SECRET)
    one = node.finish(browser.allowed(node.url).url)["claims"]["sub"]
    client = python_client(platform, "python", SECRET)
    landed = browser.allowed(begun(client))
    other = client.finalize(platform, landed.told)["userinfo"]["sub"]
    assert one != other
    again = NodeClient(platform, "node", secret=SECRET)
    assert again.finish(browser.allowed(again.url).url)["claims"]["sub"] == one


@pytest.mark.parametrize("client_id", ["node", "nobody"])
def test_a_client_that_lies_about_itself_learns_nothing(platform: str, browser: Browser, client_id: str) -> None:
    register("node")
    client = NodeClient(platform, client_id, secret="wrong" * 9)
    landed = browser.go(client.url)
    if client_id == "nobody":
        assert landed.page is not None and landed.page.status_code == 400
        assert "没有登记" in landed.page.text
        client.process.kill()
        return
    landed = browser.decide(browser.sign_in(landed), "allow")
    assert client.finish(landed.url)["error"] in {"invalid_client", "OAUTH_WWW_AUTHENTICATE_CHALLENGE"}
