"""The certificate a client presented: by TLS of this process, or in a trusted proxy's header.

nginx sends `X-SSL-Client-Cert: $ssl_client_escaped_cert`, PEM that is percent-encoded. The header
counts from the proxy's own address alone; from anybody else it is air. uvicorn's own belief in
`X-Forwarded-For` is off (`server.py`): it would change the address before it is looked at here.
"""

from ipaddress import ip_address
from urllib.parse import unquote

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from starlette.datastructures import Headers
from starlette.types import Scope

from central.problems import Kind as Problem
from central.problems import ProblemError
from central.trust.settings import Trust

HEADER = "X-SSL-Client-Cert"
EXTENSION = "tls"
DER = "client_cert_der"
"""Where `server.py` leaves the certificate in a request's scope."""


def presented(scope: Scope, trust: Trust) -> bytes | None:
    """The DER of the client's certificate; None where none came."""
    if trust.mode == "tls":
        return scope.get("extensions", {}).get(EXTENSION, {}).get(DER)
    if not by_proxy(scope, trust):
        return None
    escaped = Headers(scope=scope).get(HEADER)
    if not escaped:
        return None
    try:
        pem = unquote(escaped, errors="strict").encode("ascii")
        return x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER)
    except ValueError:
        raise ProblemError(Problem.DEVICE_UNKNOWN, "The certificate cannot be read.") from None


def by_proxy(scope: Scope, trust: Trust) -> bool:
    """Whether the connection is the trusted proxy's."""
    client = scope.get("client")
    return trust.mode == "proxy" and client is not None and client[0] in trust.proxies


def step_behind(scope: Scope, trust: Trust) -> None:
    """Put the client's own address and scheme into the scope, where a trusted proxy told them."""
    if not by_proxy(scope, trust):
        return
    headers = Headers(scope=scope)
    if headers.get("X-Forwarded-Proto") in {"http", "https"}:
        scope["scheme"] = headers["X-Forwarded-Proto"]
    try:
        told = headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        scope["client"] = (str(ip_address(told)), 0)
    except ValueError:
        pass  # no address: the proxy's own stands
