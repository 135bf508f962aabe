"""A small OpenID provider in a process of its own: who signs in, and what is wrong, is told to it.

It prints its address when one can connect: authorization code with PKCE, client secret by HTTP Basic, RS256.
`POST /next` takes the claims of the next ID token, and faults: what `FAULTS` has.
"""

import base64
import hashlib
import json
import secrets
import socket
import sys
import time
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from starlette.applications import Starlette
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT, SECRET = "card-centre", "a secret of the two"
KEY, OTHER = (RSAKey.generate_key(2048, {"kid": kid}) for kid in ("one", "one"))

FAULTS = {
    "issuer": {"iss": "https://elsewhere.example"},
    "audience": {"aud": "another-client"},
    "nonce": {"nonce": "another"},
    "expired": {"exp": 1},
    "party": {"aud": [CLIENT, "x"], "azp": "x"},
}


class Provider:
    """The flows under way, and who comes next."""

    def __init__(self, issuer):
        self.issuer = issuer
        self.codes = {}
        self.claims, self.fault = {}, ""

    async def metadata(self, _request):
        issuer = "https://elsewhere.example" if self.fault == "metadata" else self.issuer
        return JSONResponse(
            {
                "issuer": issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
            }
        )

    async def keys(self, _request):
        return JSONResponse({"keys": [KEY.as_dict(private=False)]})

    async def next(self, request):
        told = await request.json()
        self.claims, self.fault = told["claims"], told.get("fault", "")
        return Response(status_code=204)

    async def authorize(self, request):
        asked = request.query_params
        assert asked["client_id"] == CLIENT
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe()
        self.codes[code] = dict(asked)
        answer = {"code": code, "state": asked["state"], "iss": self.issuer}
        if self.fault == "mix-up":
            answer["iss"] = "https://elsewhere.example"
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(answer)}", 303)

    async def token(self, request):
        form = await request.form()
        asked = self.codes.pop(form["code"], None)  # once
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        right = (
            asked is not None
            and request.headers["authorization"] == f"Basic {basic}"
            and form["grant_type"] == "authorization_code"
            and form["redirect_uri"] == asked["redirect_uri"]
            and challenge == asked["code_challenge"]
        )
        if not right or self.fault == "token":
            return JSONResponse({"error": "invalid_grant"}, 400)
        return JSONResponse(
            {"access_token": "x", "token_type": "Bearer", "id_token": self.id_token(asked)}
        )

    def id_token(self, asked):
        now = int(self.claims.pop("now", time.time()))
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
        }
        claims |= self.claims | FAULTS.get(self.fault, {})
        if self.fault == "symmetric":  # the public key's bytes as a secret
            key = OctKey.import_key(json.dumps(KEY.as_dict(private=False)))
            return jwt.encode({"alg": "HS256", "kid": "one"}, claims, key)
        key = OTHER if self.fault == "key" else KEY
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, key)


def main():
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    provider = Provider(f"http://127.0.0.1:{listener.getsockname()[1]}")
    routes = [
        Route("/.well-known/openid-configuration", provider.metadata),
        Route("/authorize", provider.authorize),
        Route("/token", provider.token, methods=["POST"]),
        Route("/keys", provider.keys),
        Route("/next", provider.next, methods=["POST"]),
    ]
    sys.stdout.write(f"{provider.issuer}\n")  # who connects now waits in the backlog
    sys.stdout.flush()
    config = uvicorn.Config(Starlette(routes=routes), log_level="error")
    uvicorn.Server(config).run([listener])


if __name__ == "__main__":
    main()
