"""The second factor: a code of the user's phone (TOTP, RFC 6238), or a recovery code, each once."""

import secrets
from datetime import datetime
from pathlib import Path

from pyotp import random_base32
from pyotp.totp import TOTP
from sqlalchemy import delete
from sqlalchemy.orm import Session

from central.users.records import RecoveryCode, User
from central.users.seal import unseal
from central.users.sessions import hashed

ISSUER = "社保卡管理系统"
STEP_S = 30
AROUND = (-1, 0, 1)
"""Steps around now that count: clocks differ (RFC 6238 5.2)."""
CODES = 10
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that looks like another
_LENGTH = 16  # of 32 letters: 80 bits, so a plain hash is enough


def new_secret() -> str:
    """A secret for a phone, in base 32."""
    return random_base32()


def address(login: str, secret: str) -> str:
    """What the QR code says to a phone (`otpauth://`)."""
    return TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)


def step_of(secret: str, code: str, at: datetime) -> int | None:
    """The time step a code is of; None for a wrong one."""
    totp = TOTP(secret)
    now = int(at.timestamp()) // STEP_S
    right = [step for step in AROUND if secrets.compare_digest(_at(totp, now + step), plain(code))]
    return now + right[0] if right else None


def is_second_factor(session: Session, folder: Path, user: User, code: str, at: datetime) -> bool:
    """Whether the code proves the user's phone or is a recovery code, and use it up if so."""
    if user.totp is None:
        return False
    step = step_of(unseal(folder, user.login, user.totp), code, at)
    if step is not None and step > user.totp_step:
        user.totp_step = step
        return True
    found = session.get(RecoveryCode, (user.login, hashed(plain(code).decode())))
    if found is None or found.used_at is not None:
        return False
    found.used_at = at.isoformat()
    return True


def new_recovery_codes(session: Session, login: str) -> list[str]:
    """Ten fresh codes, to be shown once; those from before count no longer."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.login == login))
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(_LENGTH)) for _ in range(CODES)]
    session.add_all(RecoveryCode(login=login, hash=hashed(code), used_at=None) for code in codes)
    return ["-".join(code[i : i + 4] for i in range(0, _LENGTH, 4)) for code in codes]


def _at(totp: TOTP, step: int) -> bytes:
    return totp.at(step * STEP_S).encode()


def plain(code: str) -> bytes:
    """A code as people type it, with spaces and dashes or in small letters."""
    return code.replace(" ", "").replace("-", "").upper().encode()
