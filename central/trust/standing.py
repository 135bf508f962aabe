"""Whether a presented certificate is taken now: asked of the store with every request.

So who is revoked is refused at once, on connections that are open too. Time is judged here, by the
centre's clock, and nowhere else: the TLS layer looks at signatures alone.
"""

import hashlib
from datetime import datetime

from cryptography import x509

from central.audit.records import Actor
from central.database import Database
from central.problems import Kind as Problem
from central.problems import ProblemError
from central.trust import devices
from central.trust.records import Certificate, End

_SAY = {
    End.EXPIRY: Problem.CERTIFICATE_EXPIRED,
    End.SUPERSEDED: Problem.CERTIFICATE_SUPERSEDED,
    End.REVOKED: Problem.CERTIFICATE_REVOKED,
}


def standing(database: Database, der: bytes, now: datetime) -> Actor:
    """The device a certificate (DER) is of; raises the problem it has.

    The very certificate must have been given by this centre: another one with the same names, of
    whichever CA, is `DEVICE_UNKNOWN`.
    """
    serial, sha256 = _serial(der), hashlib.sha256(der).hexdigest()
    with database.read() as session:
        found = session.get(Certificate, serial)
    if found is None or found.sha256 != sha256:
        raise ProblemError(Problem.DEVICE_UNKNOWN, "The certificate is not of this centre.")
    at = now.isoformat()
    if at < found.not_before:
        raise ProblemError(Problem.CERTIFICATE_EXPIRED, "It is not valid yet: check the clocks.")
    if at >= found.ends_at:
        raise ProblemError(_SAY[found.end], "Enrol the device again with a new code.")
    if found.used_at is None:
        with database.write() as session:
            row = session.get(Certificate, serial, populate_existing=True)
            if row is not None and row.used_at is None:
                devices.first_used(session, row, now)
    return devices.actor(found.device)


def _serial(der: bytes) -> str:
    try:
        return f"{x509.load_der_x509_certificate(der).serial_number:x}"
    except ValueError:
        raise ProblemError(Problem.DEVICE_UNKNOWN, "The certificate cannot be read.") from None
