"""TLS of this process: the server's certificate, and client certificates of the device CA.

A client may come without a certificate: enrolment must, and browsers do. One that is shown must be
signed by the CA, and its key be held; whether it is taken *now* is asked of the store with every
request (`trust/standing.py`), so an expired one gets a sentence instead of a broken handshake.
"""

import ssl
from dataclasses import dataclass
from pathlib import Path

from central.database import StoreError

NO_CHECK_TIME = 0x200000
"""OpenSSL's X509_V_FLAG_NO_CHECK_TIME, which `ssl.VerifyFlags` does not name."""


@dataclass(frozen=True, slots=True)
class Tls:
    """The server's certificate chain and key (PEM files); `client_ca` is PEM text."""

    certificate: Path
    key: Path
    client_ca: str

    def context(self) -> ssl.SSLContext:
        """The server's side. Raises `StoreError` for files that do not fit."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.options |= ssl.OP_NO_RENEGOTIATION
        try:
            context.load_cert_chain(self.certificate, self.key)
            context.load_verify_locations(cadata=self.client_ca)
        except ssl.SSLError as error:
            raise StoreError(
                f"{self.certificate} and {self.key} are no certificate and its key in PEM "
                f"({error.reason})"
            ) from None
        context.verify_mode = ssl.CERT_OPTIONAL
        context.verify_flags |= ssl.VerifyFlags(NO_CHECK_TIME) | ssl.VERIFY_X509_PARTIAL_CHAIN
        return context
