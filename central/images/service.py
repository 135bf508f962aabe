"""Pictures kept once, under their SHA-256: `images/ab/<hash>` in the data folder."""

import hashlib
import os
import secrets
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.centre import Centre
from central.database import Base
from central.files import sync_folder
from central.problems import Kind, ProblemError

FOLDER = "images"

MAGIC = {
    "image/jpeg": b"\xff\xd8\xff",  # ITU-T T.81: SOI, then the first marker
    "image/png": b"\x89PNG\r\n\x1a\n",  # PNG specification 5.2
}


class Image(Base):
    """A picture the centre holds; the bytes are in the file."""

    __tablename__ = "image"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    media_type: Mapped[str]
    size: Mapped[int]
    stored_at: Mapped[str]


def store(centre: Centre, sha256: str, media_type: str, data: bytes) -> bool:
    """Keep a picture; True the first time, False when it was there.

    Raises `MEDIA_TYPE_NOT_TAKEN`, `IMAGE_NOT_A_PICTURE`, and `IMAGE_DAMAGED` (send it again).
    """
    magic = MAGIC.get(media_type)
    if magic is None:
        raise ProblemError(Kind.MEDIA_TYPE_NOT_TAKEN)
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ProblemError(Kind.IMAGE_DAMAGED, "The SHA-256 of the body is not the address.")
    if not data.startswith(magic):
        raise ProblemError(Kind.IMAGE_NOT_A_PICTURE, f"The body is not {media_type}.")
    _write(centre.folder / FOLDER / sha256[:2], sha256, data)
    with centre.database.write() as session:
        if session.get(Image, sha256) is not None:
            return False
        session.add(_row(sha256, media_type, data, centre.clock()))
        return True


def unknown(session: Session, hashes: set[str]) -> set[str]:
    """Those of the hashes that the centre holds no picture for."""
    return hashes - set(session.scalars(select(Image.sha256).where(Image.sha256.in_(hashes))))


def _row(sha256: str, media_type: str, data: bytes, now: datetime) -> Image:
    return Image(sha256=sha256, media_type=media_type, size=len(data), stored_at=now.isoformat())


def _write(folder: Path, name: str, data: bytes) -> None:
    """A whole file or none, durable with its name; a file that is there already is the same."""
    if (folder / name).exists():
        return
    if not folder.exists():
        folder.mkdir(parents=True, exist_ok=True)
        sync_folder(folder.parent)
        sync_folder(folder.parent.parent)
    fresh = folder / f"{name}.{secrets.token_hex(4)}"
    with fresh.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(folder / name)
    sync_folder(folder)
