"""Images and other large bodies as tables: what the centre holds, and what is on its way.

A content is a run of bytes in sealed pieces, each an object of the store; its data key stands here
wrapped. Who deletes the row of a content has destroyed its bytes, wherever copies of them are.
"""

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.database import Base


class Content(Base):
    """Sealed bytes; `wrapped_key` is the data key under the image key (RFC 3394), hexadecimal."""

    __tablename__ = "content"

    id: Mapped[str] = mapped_column(primary_key=True)
    wrapped_key: Mapped[str]


class Piece(Base):
    """A part of a content: `size` plain bytes from `offset` on, in the object of this name."""

    __tablename__ = "piece"
    __table_args__ = (UniqueConstraint("content", "offset"),)

    object: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[str] = mapped_column(ForeignKey("content.id"))
    offset: Mapped[int] = mapped_column(BigInteger)
    size: Mapped[int]


class Image(Base):
    """A picture or archive the centre holds, under the SHA-256 of its plain bytes.

    `content` is null in a store from before there was sealing: the bytes are then in a plain file.
    """

    __tablename__ = "image"
    __table_args__ = (Index("image_stored", "stored_at"),)

    sha256: Mapped[str] = mapped_column(primary_key=True)
    media_type: Mapped[str]
    size: Mapped[int]
    stored_at: Mapped[str]
    content: Mapped[str | None] = mapped_column(ForeignKey("content.id"), unique=True)


class Upload(Base):
    """A body on its way: `offset` of its `size` bytes are here and durable."""

    __tablename__ = "upload"
    __table_args__ = (Index("upload_touched", "touched_at"),)

    sha256: Mapped[str] = mapped_column(primary_key=True)
    media_type: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    offset: Mapped[int] = mapped_column(BigInteger)
    content: Mapped[str] = mapped_column(ForeignKey("content.id"), unique=True)
    touched_at: Mapped[str]


class DoomedObject(Base):
    """An object whose key is gone and whose bytes are still to be removed from the store."""

    __tablename__ = "doomed_object"

    object: Mapped[str] = mapped_column(primary_key=True)


def pieces(session: Session, content: str) -> list[Piece]:
    """A content's pieces in order."""
    return list(
        session.scalars(select(Piece).where(Piece.content == content).order_by(Piece.offset))
    )


def erase(session: Session, content: str) -> None:
    """Delete a content's key, and doom its objects; who refers to it is deleted already."""
    for piece in pieces(session, content):
        session.add(DoomedObject(object=piece.object))
        session.delete(piece)
    session.flush()
    session.delete(session.get_one(Content, content))
    session.flush()
