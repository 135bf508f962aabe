"""Pictures and archives kept once, under the SHA-256 of their bytes, sealed."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.centre import Centre
from central.images.picture import NoPicture, jpeg_size, png_size
from central.images.records import Content, DoomedObject, Image, Piece, erase, pieces
from central.images.vault import ContentKey, Unreadable
from central.problems import Kind, ProblemError

MB = 1024 * 1024
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")  # APPNOTE 4.3.7, 4.3.16: a member, or an empty archive


def _picture(size_of: Callable[[bytes], object]) -> Callable[[bytes], str | None]:
    def fault(data: bytes) -> str | None:
        try:
            size_of(data)
        except NoPicture as error:
            return str(error)
        return None

    return fault


def _zip(data: bytes) -> str | None:
    return None if data.startswith(_ZIP) else "it does not begin as a ZIP archive"


@dataclass(frozen=True, slots=True)
class Media:
    """A media type: bytes at most, and what is wrong with a body of at most `looked_at` bytes."""

    most: int
    fault: Callable[[bytes], str | None]
    looked_at: int
    picture: bool


MEDIA = {
    "image/jpeg": Media(2 * MB, _picture(jpeg_size), 2 * MB, picture=True),
    "image/png": Media(2 * MB, _picture(png_size), 2 * MB, picture=True),
    "application/zip": Media(200 * MB, _zip, 4, picture=False),
}
PICTURES = tuple(name for name, media in MEDIA.items() if media.picture)


def store(centre: Centre, sha256: str, media_type: str, data: bytes) -> bool:
    """Keep a picture; True the first time, False when it was there.

    Raises `MEDIA_TYPE_NOT_TAKEN`, `IMAGE_NOT_A_PICTURE`, and `IMAGE_DAMAGED` (send it again).
    """
    if media_type not in PICTURES:
        raise ProblemError(Kind.MEDIA_TYPE_NOT_TAKEN)
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ProblemError(Kind.IMAGE_DAMAGED, "The SHA-256 of the body is not the address.")
    check(media_type, data)
    with centre.database.read() as session:
        if session.get(Image, sha256) is not None:
            return False
    key = centre.vault.new_content()
    name = centre.vault.put(key, 0, data)
    with centre.database.write() as session:
        if session.get(Image, sha256) is not None:  # another was first: ours is not needed
            session.add(DoomedObject(object=name))
            return False
        add_content(session, key)
        session.add(Piece(object=name, content=key.content, offset=0, size=len(data)))
        session.add(
            Image(
                sha256=sha256,
                media_type=media_type,
                size=len(data),
                stored_at=centre.clock().isoformat(),
                content=key.content,
            )
        )
        return True


def add_content(session: Session, key: ContentKey) -> None:
    """A content's row, before what refers to it."""
    session.add(Content(id=key.content, wrapped_key=key.wrapped))
    session.flush()


def check(media_type: str, data: bytes) -> None:
    """Raise `IMAGE_NOT_A_PICTURE` for a body that is not what it is said to be."""
    fault = MEDIA[media_type].fault(data)
    if fault is not None:
        raise ProblemError(Kind.IMAGE_NOT_A_PICTURE, f"The body is not {media_type}: {fault}.")


def unknown(session: Session, hashes: set[str]) -> set[str]:
    """Those of the hashes that the centre holds no picture for."""
    known = select(Image.sha256).where(Image.sha256.in_(hashes), Image.media_type.in_(PICTURES))
    return hashes - set(session.scalars(known))


def read(centre: Centre, sha256: str) -> bytes:
    """An image's bytes. Who shows them to a person writes that down in the audit.

    Raises `NOT_FOUND`, and `IMAGE_UNREADABLE` when they are gone or altered.
    """
    return b"".join(read_pieces(centre, sha256))


def read_pieces(centre: Centre, sha256: str) -> Iterator[bytes]:
    """The same, piece by piece of at most 2 MB; the hash is checked at the end."""
    with centre.database.read() as session:
        image = session.get(Image, sha256)
        if image is None:
            raise ProblemError(Kind.NOT_FOUND)
        content = image.content and session.get_one(Content, image.content)
        parts = pieces(session, content.id) if content else []
    digest = hashlib.sha256()
    try:
        if not content:
            plain = (centre.folder / "images" / sha256[:2] / sha256).read_bytes()
            digest.update(plain)
            yield plain
        else:
            key = centre.vault.key_of(content.id, content.wrapped_key)
            for part in parts:
                data = centre.vault.get(key, part.offset, part.object)
                digest.update(data)
                yield data
    except (Unreadable, FileNotFoundError):
        raise ProblemError(Kind.IMAGE_UNREADABLE) from None
    if digest.hexdigest() != sha256:
        raise ProblemError(Kind.IMAGE_UNREADABLE)


def forget(session: Session, sha256: str) -> None:
    """Delete an image's row and key, and doom its objects; nothing may refer to it any more."""
    image = session.get_one(Image, sha256)
    session.delete(image)
    session.flush()
    if image.content:
        erase(session, image.content)
