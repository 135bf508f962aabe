"""What a phone is sending to a kiosk, as tables: for a quarter of an hour, and sealed.

Neither the token nor the phone's claim stands here, only their SHA-256; a file's name, which may be
somebody's number, is sealed with the file's own key.
"""

from sqlalchemy import BigInteger, ForeignKey, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.database import Base
from central.images.records import erase


class PhoneUpload(Base):
    """An upload a kiosk opened; `claim` is the first phone's that sent something."""

    __tablename__ = "phone_upload"

    id: Mapped[str] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(unique=True)
    claim: Mapped[str | None]
    kiosk_id: Mapped[str] = mapped_column(index=True)
    expires_at: Mapped[str] = mapped_column(index=True)


class PhoneFile(Base):
    """A file of an upload, the `n`-th from 1: `offset` of its `size` bytes are here."""

    __tablename__ = "phone_file"

    upload: Mapped[str] = mapped_column(ForeignKey("phone_upload.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    kind: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    offset: Mapped[int] = mapped_column(BigInteger)
    content: Mapped[str] = mapped_column(ForeignKey("content.id"), unique=True)


def files_of(session: Session, upload: str) -> list[PhoneFile]:
    """The files of an upload, as they were announced."""
    rows = select(PhoneFile).where(PhoneFile.upload == upload)
    return list(session.scalars(rows.order_by(PhoneFile.n)))


def totals(session: Session, upload: str) -> tuple[int, int]:
    """The number of the last file that was announced, 0 without one, and the bytes of all."""
    told = select(func.max(PhoneFile.n), func.sum(PhoneFile.size))
    last, size = session.execute(told.where(PhoneFile.upload == upload)).one()
    return last or 0, int(size or 0)


def drop_file(session: Session, file: PhoneFile) -> None:
    """Delete a file with its key: its bytes cannot be read any more."""
    session.delete(file)
    session.flush()
    erase(session, file.content)


def drop(session: Session, upload: PhoneUpload) -> None:
    """Delete an upload with all its files."""
    for file in files_of(session, upload.id):
        drop_file(session, file)
    session.delete(upload)
    session.flush()
