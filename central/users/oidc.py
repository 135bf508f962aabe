"""Signing in by an identity provider of the city: OpenID Connect, authorization code with PKCE.

What it must be is checked: issuer, signature, audience, nonce, times (OIDC Core 3.1.3.7), the
issuer of the answer (RFC 9207), the proof of the code (RFC 7636). Roles come from a claim by the
mapping of the settings; who has none of them is nobody here.
"""

import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import asdict, dataclass
from typing import Any, cast

import httpx
from authlib.oauth2 import rfc7636
from authlib.oauth2.rfc6749 import parameters
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import OpenIDProviderMetadata, get_well_known_url
from cryptography.exceptions import InvalidTag
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from central.centre import Centre
from central.problems import Kind, ProblemError
from central.users.oidc_settings import Provider
from central.users.seal import seal, unseal

CALLBACK = "/console/oidc/callback"
ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
LASTS_S = 600
LEEWAY_S = 60
WAIT_S = 10
_PARAMETERS, _PKCE = cast("Any", parameters), cast("Any", rfc7636)  # without types
_SEALED_FOR = "oidc"
_BYTES = 32


@dataclass(frozen=True, slots=True)
class Flow:
    """What the browser keeps, sealed, while it is at the provider."""

    state: str
    nonce: str
    verifier: str
    wanted: str
    until: int


def start(centre: Centre, provider: Provider, wanted: str) -> tuple[str, str]:
    """The provider's address to go to, and the sealed flow for the browser to keep."""
    until = int(centre.clock().timestamp()) + LASTS_S
    state, nonce, verifier = (secrets.token_urlsafe(_BYTES) for _ in range(3))
    flow = Flow(state, nonce, verifier, wanted, until)
    with _client(provider) as client:
        endpoint = _metadata(client, provider)["authorization_endpoint"]
    address: str = _PARAMETERS.prepare_grant_uri(
        endpoint,
        provider.client_id,
        "code",
        redirect_uri=provider.base_url + CALLBACK,
        scope=provider.scope,
        state=state,
        nonce=nonce,
        code_challenge=_PKCE.create_s256_code_challenge(verifier),
        code_challenge_method="S256",
    )
    sealed = seal(centre.folder, _SEALED_FOR, json.dumps(asdict(flow)))
    return address, urlsafe_b64encode(sealed).decode()


def finish(
    centre: Centre, provider: Provider, kept: str, answer: dict[str, str]
) -> tuple[dict[str, Any], str]:
    """The provider's claims about who comes back, and the page they wanted.

    Raises `OIDC_FAILED`, whatever was wrong: nobody is signed in then.
    """
    now = int(centre.clock().timestamp())
    flow = _opened(centre, kept)
    issuer = answer.get("iss", provider.issuer)
    if flow.until < now or issuer != provider.issuer or "code" not in answer:
        raise ProblemError(Kind.OIDC_FAILED)
    if not secrets.compare_digest(answer.get("state", "").encode(), flow.state.encode()):
        raise ProblemError(Kind.OIDC_FAILED)
    with _client(provider) as client:
        metadata = _metadata(client, provider)
        tokens = _answer(
            client.post(
                metadata["token_endpoint"],
                data={
                    "grant_type": "authorization_code",
                    "code": answer["code"],
                    "redirect_uri": provider.base_url + CALLBACK,
                    "code_verifier": flow.verifier,
                },
                auth=(provider.client_id, provider.client_secret),
            )
        )
        keys = _answer(client.get(metadata["jwks_uri"]))
    return _claims(provider, tokens, keys, flow.nonce, now), flow.wanted


def _claims(
    provider: Provider, tokens: dict[str, Any], keys: dict[str, Any], nonce: str, now: int
) -> dict[str, Any]:
    """The claims of the ID token, once everything about it is right."""
    try:
        told = jwt.decode(
            str(tokens.get("id_token")), KeySet.import_key_set(cast("Any", keys)), ALGORITHMS
        )
        claims: Any = CodeIDToken(
            told.claims,
            told.header,
            options={
                "iss": {"essential": True, "value": provider.issuer},
                "aud": {"essential": True, "value": provider.client_id},
            },
            params={
                "nonce": nonce,
                "client_id": provider.client_id,
                "access_token": tokens.get("access_token"),
            },
        )
        claims.validate(now=now, leeway=LEEWAY_S)
    except (JoseError, ValueError, KeyError, TypeError):
        # What an ID token holds is its sender's: any of these says that it is none for us.
        raise ProblemError(Kind.OIDC_FAILED) from None
    return dict(told.claims)


def _metadata(client: httpx.Client, provider: Provider) -> dict[str, Any]:
    """What the provider says of itself (OIDC Discovery 4)."""
    address = get_well_known_url(provider.issuer, external=True)
    told = OpenIDProviderMetadata(_answer(client.get(address)))
    try:
        if told["issuer"] != provider.issuer:
            raise ProblemError(Kind.OIDC_FAILED, "The provider has another issuer.")
        return {
            name: str(told[name])
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")
        }
    except (ValueError, KeyError):
        raise ProblemError(Kind.OIDC_FAILED, "The provider's metadata are not whole.") from None


def _client(provider: Provider) -> httpx.Client:
    return httpx.Client(timeout=WAIT_S, verify=provider.tls(), follow_redirects=False)


def _answer(response: httpx.Response) -> dict[str, Any]:
    """The JSON object of a success."""
    try:
        body = response.raise_for_status().json()
    except (httpx.HTTPStatusError, ValueError):
        raise ProblemError(Kind.OIDC_FAILED) from None
    if not isinstance(body, dict):
        raise ProblemError(Kind.OIDC_FAILED)
    return cast("dict[str, Any]", body)


def _opened(centre: Centre, kept: str) -> Flow:
    try:
        text = unseal(centre.folder, _SEALED_FOR, urlsafe_b64decode(kept))
    except (ValueError, InvalidTag):
        raise ProblemError(Kind.OIDC_FAILED) from None
    return Flow(**json.loads(text))
