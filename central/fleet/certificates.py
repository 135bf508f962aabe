"""Readiness certificates: what kiosks proved of themselves, as they signed it (docs/readiness.md).

The last `MOST` of a kiosk are kept, by when they came: its own numbers begin anew with a new disk.
One without a signature is kept where the centre never gave that kiosk a certificate to sign with,
and shown as unsigned.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Index, Select, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.audit.chain import append
from central.audit.records import Actor, Kind
from central.database import Base
from central.fleet.kiosk_signed import opened
from central.fleet.records import kiosk as fleet_kiosk
from central.trust.records import certificates as device_certificates

KIND = "kiosk-readiness"
MOST = 30


class ReadinessCertificate(Base):
    """A certificate under its kiosk's own number; `file` is as the kiosk keeps it.

    `at` is by the kiosk's clock, `taken_at` by the centre's.
    """

    __tablename__ = "fleet_certificate"
    __table_args__ = (Index("fleet_certificate_taken", "kiosk", "taken_at"),)

    kiosk: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[str]
    signed: Mapped[bool]
    file: Mapped[str]
    taken_at: Mapped[str]

    @property
    def told(self) -> dict[str, Any]:
        """What the kiosk says in it."""
        return json.loads(self.file)["certificate"]


def take(  # noqa: PLR0913, PLR0917 - who hands in what, when, and what proves it
    session: Session, kiosk: str, number: int, told: Mapping[str, Any], jws: str, now: datetime
) -> ReadinessCertificate | None:
    """Keep a certificate; the same again is the one there is, another of its number replaces it.

    None for what is not proven; a signature that is wrong is written down.
    """
    file = json.dumps({"certificate": told, "jws": jws}, ensure_ascii=False, indent=1)
    row = session.get(ReadinessCertificate, (kiosk, number))
    if row is not None and row.file == file:
        return row
    if not _proven(session, kiosk, told, jws):
        if jws:
            append(session, now, Actor(Kind.KIOSK, kiosk), "readiness.forged", f"kiosk:{kiosk}",
                   number=number)  # fmt: skip
        return None
    fleet_kiosk(session, kiosk)
    row = row or ReadinessCertificate(kiosk=kiosk, number=number)
    row.at, row.signed, row.file, row.taken_at = told["at"], bool(jws), file, now.isoformat()
    session.add(row)
    session.flush()
    for old in session.scalars(_newest_first(kiosk).offset(MOST)):
        session.delete(old)
    return row


def last(session: Session, kiosk: str) -> ReadinessCertificate | None:
    """The certificate a kiosk handed in last."""
    return session.scalars(_newest_first(kiosk).limit(1)).first()


def _newest_first(kiosk: str) -> Select[ReadinessCertificate]:
    return (
        select(ReadinessCertificate)
        .where(ReadinessCertificate.kiosk == kiosk)
        .order_by(ReadinessCertificate.taken_at.desc(), ReadinessCertificate.number.desc())
    )


def _proven(session: Session, kiosk: str, told: Mapping[str, Any], jws: str) -> bool:
    """Whether the kiosk signed just this; where it never could, it need not have."""
    if not jws:
        return not device_certificates(session, f"kiosk:{kiosk}")
    try:
        return opened(session, kiosk, KIND, jws) == told
    except ValueError:
        return False
