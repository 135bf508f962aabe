"""A device's way in: a one-time code, the certificate for it, its renewals, and the way out.

Of a CSR nothing but its key is believed, once its signature shows that the sender has the private
key (RFC 2986 3). The same key asking again gets the certificate it got before: an answer may have
been lost. A device's earlier certificates end an hour after a newer one was first used.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import select
from sqlalchemy.orm import Session

from central.audit.chain import append
from central.audit.records import Actor, Kind
from central.database import Database
from central.problems import Kind as Problem
from central.problems import ProblemError
from central.trust import codes, records
from central.trust.authority import Authority
from central.trust.records import Certificate, End, Invitation
from central.trust.settings import RENEW

CODE_LASTS = timedelta(minutes=15)
MOST_TRIES = 5
OVERLAP = timedelta(hours=1)
"""How long an earlier certificate is taken after a newer one was first used."""

DEVICES = frozenset({Kind.KIOSK, Kind.STATION, Kind.APP, Kind.PHONE})


@dataclass(frozen=True, slots=True)
class Waiting:
    """The code is right, and an operator has yet to confirm the key with this fingerprint."""

    device: str
    fingerprint: str


def invite(
    session: Session, device: Actor, by: Actor, now: datetime, *, confirm: bool = False
) -> str:
    """A one-time code for a device, good for 15 minutes; an earlier one is void."""
    at = now.isoformat()
    records.close_invitations(session, str(device), at)
    code = codes.new_code()
    session.add(
        Invitation(
            device=str(device),
            hint=code[: codes.HINT],
            digest=codes.digest(code.replace("-", "")),
            made_at=at,
            made_by=str(by),
            expires_at=(now + CODE_LASTS).isoformat(),
            confirm=confirm,
            tries=0,
        )
    )
    append(session, now, by, "device.invited", str(device))
    return code


def enrol(  # noqa: PLR0913 - each is a part of the question
    database: Database,
    authority: Authority,
    text: str,
    csr: str,
    now: datetime,
    *,
    confirm: bool = False,
) -> Certificate | Waiting:
    """The certificate for a code and the key of a CSR, or that an operator must confirm it.

    `confirm` asks for that whatever the code says.
    `ENROLMENT_REFUSED` for a code that is wrong, used by another key, too old or locked.
    """
    key = key_of(csr)
    with database.write() as session:
        invitation = _invitation(session, text, now)
        if invitation is not None and confirm:
            invitation.confirm = True
        answer = invitation and _answer(session, authority, invitation, key, now)
    if answer is None:
        raise ProblemError(Problem.ENROLMENT_REFUSED, "Ask an operator for a new code.")
    return answer


def renew(
    database: Database, authority: Authority, device: Actor, csr: str, now: datetime
) -> Certificate:
    """A fresh certificate for a new key of a device; `RENEWAL_TOO_EARLY` before it is time."""
    key = key_of(csr)
    print_ = key_sha256(key)
    with database.write() as session:
        held = _live(session, str(device), now)
        again = next((row for row in held if row.key_sha256 == print_), None)
        if again is not None:
            if again.used_at is not None:
                raise ProblemError(Problem.CSR_NOT_TAKEN, "Renew with a new key.")
            return again
        ends = max((row.ends_at for row in held if row.used_at), default="")
        if not ends:
            raise ProblemError(Problem.CERTIFICATE_REVOKED)
        renewable = datetime.fromisoformat(ends) - RENEW
        if now < renewable:
            raise ProblemError(
                Problem.RENEWAL_TOO_EARLY, renewable_from=renewable.isoformat(timespec="seconds")
            )
        return _issue(session, authority, device, key, now)


def confirm(session: Session, device: Actor, fingerprint: str, by: Actor, now: datetime) -> bool:
    """Confirm the key a device's code was used with; False if the fingerprint is of another."""
    found = records.newest_invitation(session, str(device))
    if found is None or found.key_sha256 is None or found.expires_at <= now.isoformat():
        return False
    told = "".join(fingerprint.upper().split("-"))
    if codes.fingerprint(found.key_sha256).replace("-", "") != told:
        return False
    found.confirmed_at = now.isoformat()
    append(session, now, by, "device.confirmed", str(device), key=found.key_sha256)
    return True


def revoke(session: Session, device: Actor, by: Actor, now: datetime) -> int:
    """End a device's certificates and codes at once; how many certificates that were."""
    records.close_invitations(session, str(device), now.isoformat())
    live = _live(session, str(device), now)
    for certificate in live:
        _end(certificate, now, End.REVOKED)
    if live:
        append(session, now, by, "device.revoked", str(device), certificates=len(live))
    return len(live)


def first_used(session: Session, certificate: Certificate, now: datetime) -> None:
    """Note the first use of a certificate; the device's earlier ones are superseded by it."""
    certificate.used_at = now.isoformat()
    for other in _live(session, certificate.device, now):
        if other.serial != certificate.serial and other.issued_at <= certificate.issued_at:
            _end(other, now + OVERLAP, End.SUPERSEDED)
    append(session, now, actor(certificate.device), "device.certificate-used", certificate.serial)


def actor(name: str) -> Actor:
    """`kiosk:0017` as an actor."""
    kind, _, number = name.partition(":")
    return Actor(Kind(kind), number)


def key_of(csr: str) -> ec.EllipticCurvePublicKey:
    """The P-256 key of a CSR in PEM whose signature shows possession; else `CSR_NOT_TAKEN`."""
    try:
        request = x509.load_pem_x509_csr(csr.encode("ascii"))
        key = request.public_key()
        possessed = request.is_signature_valid
    except (ValueError, TypeError, InvalidSignature):
        raise ProblemError(Problem.CSR_NOT_TAKEN, "It is no CSR in PEM.") from None
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ProblemError(Problem.CSR_NOT_TAKEN, "The key must be one of the curve P-256.")
    if not possessed:
        raise ProblemError(Problem.CSR_NOT_TAKEN, "Its signature is not by its own key.")
    return key


def key_sha256(key: ec.EllipticCurvePublicKey) -> str:
    """SHA-256 of a key's SubjectPublicKeyInfo, hexadecimal."""
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()


def _invitation(session: Session, text: str, now: datetime) -> Invitation | None:
    """The open code that was meant; a wrong one counts against all alike, and five lock them."""
    code = codes.read(text)
    if code is None:
        return None
    alike = records.open_invitations(session, code[: codes.HINT], now.isoformat())
    unlocked = [row for row in alike if row.tries < MOST_TRIES]
    for row in unlocked:
        if compare_digest(row.digest, codes.digest(code)):
            return row
    for row in unlocked:
        row.tries += 1
    return None


def _answer(
    session: Session,
    authority: Authority,
    invitation: Invitation,
    key: ec.EllipticCurvePublicKey,
    now: datetime,
) -> Certificate | Waiting | None:
    print_ = key_sha256(key)
    if invitation.key_sha256 not in {None, print_}:
        return None
    invitation.key_sha256 = print_
    if invitation.serial is not None:
        return session.get(Certificate, invitation.serial)
    if invitation.confirm and invitation.confirmed_at is None:
        return Waiting(invitation.device, codes.fingerprint(print_))
    certificate = _issue(session, authority, actor(invitation.device), key, now)
    invitation.serial = certificate.serial
    return certificate


def _issue(
    session: Session,
    authority: Authority,
    device: Actor,
    key: ec.EllipticCurvePublicKey,
    now: datetime,
) -> Certificate:
    """Sign and write down; what the device was given before and never used is void."""
    for unused in _live(session, str(device), now):
        if unused.used_at is None:
            _end(unused, now, End.SUPERSEDED)
    signed = authority.issue(key, device, now)
    der = signed.public_bytes(Encoding.DER)
    certificate = Certificate(
        serial=f"{signed.serial_number:x}",
        device=str(device),
        sha256=hashlib.sha256(der).hexdigest(),
        key_sha256=key_sha256(key),
        pem=signed.public_bytes(Encoding.PEM).decode(),
        issued_at=now.isoformat(),
        not_before=_in_china(signed.not_valid_before_utc, now),
        ends_at=_in_china(signed.not_valid_after_utc, now),
        end=End.EXPIRY,
    )
    session.add(certificate)
    append(session, now, device, "device.certified", certificate.serial)
    session.flush()
    return certificate


def _in_china(moment: datetime, now: datetime) -> str:
    return moment.astimezone(now.tzinfo).isoformat()


def _live(session: Session, device: str, now: datetime) -> list[Certificate]:
    at = now.isoformat()
    return list(
        session.scalars(
            select(Certificate).where(Certificate.device == device, Certificate.ends_at > at)
        )
    )


def _end(certificate: Certificate, when: datetime, why: End) -> None:
    """A certificate ends; never later than it would have."""
    at = when.isoformat()
    if at < certificate.ends_at:
        certificate.ends_at, certificate.end = at, why
