"""Uploads by content hash that go on where they broke off.

Each piece is sealed and durable when it is acknowledged. Which pieces count is decided in the
writer's turn, so any number of senders of the same hash may push at once: one piece a place wins,
the others read where the upload stands. A body is an image, in one step, when it is whole.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from central.centre import Centre
from central.images.records import Content, DoomedObject, Image, Piece, Upload, erase, pieces
from central.images.service import MEDIA, add_content, check
from central.images.vault import ContentKey, Unreadable
from central.problems import Kind, ProblemError

MOST_OPEN = 1000
"""Unfinished uploads at a time."""

_OF_BYTES = (Kind.IMAGE_DAMAGED, Kind.IMAGE_NOT_A_PICTURE)
"""What a body that is whole can be refused for: its upload stands at 0 again."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an upload is; `created` by this very request."""

    sha256: str
    media_type: str
    size: int
    offset: int
    complete: bool
    created: bool = False


def begin(centre: Centre, sha256: str, media_type: str, size: int) -> Progress:
    """Announce a body, or learn where it stands.

    Raises `MEDIA_TYPE_NOT_TAKEN`, `INVALID` (it would be too large), `UPLOAD_DIFFERS`,
    `UPLOADS_FULL`.
    """
    if media_type not in MEDIA:
        raise ProblemError(Kind.MEDIA_TYPE_NOT_TAKEN)
    if size > MEDIA[media_type].most:
        most = MEDIA[media_type].most
        raise ProblemError(Kind.INVALID, f"A body of {media_type} has at most {most} bytes.")
    key = centre.vault.new_content()
    with centre.database.write() as session:
        there = _there(session, sha256)
        if there is None:
            if session.scalars(select(func.count()).select_from(Upload)).one() >= MOST_OPEN:
                raise ProblemError(Kind.UPLOADS_FULL, headers={"Retry-After": "60"})
            _start(session, key, Progress(sha256, media_type, size, 0, False), centre.clock())
            return Progress(sha256, media_type, size, 0, complete=False, created=True)
        if (there.media_type, there.size) != (media_type, size):
            raise ProblemError(Kind.UPLOAD_DIFFERS)
    if there.complete or there.offset < size:
        return there
    try:
        return finish(centre, sha256)
    except ProblemError as fault:
        if fault.kind not in _OF_BYTES:
            raise
        return progress(centre, sha256)  # whoever announces it did not send those


def progress(centre: Centre, sha256: str) -> Progress:
    """How far an upload is. Raises `UPLOAD_UNKNOWN`."""
    with centre.database.read() as session:
        there = _there(session, sha256)
    if there is None:
        raise ProblemError(Kind.UPLOAD_UNKNOWN)
    return there


def append(centre: Centre, sha256: str, offset: int, data: bytes) -> Progress:
    """Keep a piece; the last one makes the image.

    Raises `UPLOAD_UNKNOWN`, `UPLOAD_OFFSET`, `INVALID` (more than announced), and of a whole body
    `IMAGE_DAMAGED` or `IMAGE_NOT_A_PICTURE`: then the upload stands at 0 again.
    """
    with centre.database.read() as session:
        there = _there(session, sha256)
        upload = session.get(Upload, sha256)
        content = upload and session.get_one(Content, upload.content)
    if there is None:
        raise ProblemError(Kind.UPLOAD_UNKNOWN)
    if content is None or there.offset != offset:
        raise _misplaced(there)
    if offset + len(data) > there.size:
        raise ProblemError(Kind.INVALID, f"The announced body ends at {there.size}.")
    if data:
        key = centre.vault.key_of(content.id, content.wrapped_key)
        _keep(centre, key, there, data)
    if offset + len(data) == there.size:
        return finish(centre, sha256)
    return progress(centre, sha256)


def finish(centre: Centre, sha256: str) -> Progress:
    """Make an image of an upload whose bytes are all here; done already is done.

    Raises as `append` does.
    """
    with centre.database.read() as session:
        upload = session.get(Upload, sha256)
        if upload is None:
            return progress(centre, sha256)
        content = session.get_one(Content, upload.content)
        parts = pieces(session, content.id)
    fault = _fault(centre, upload, content, parts)
    fresh = centre.vault.new_content()
    with centre.database.write() as session:
        now = session.get(Upload, sha256)
        if now is not None and now.content == upload.content:
            _settle(session, now, fresh, centre.clock(), whole=fault is None)
    if fault is not None:
        raise fault
    return progress(centre, sha256)


def abandon(session: Session, upload: Upload) -> None:
    """Delete an upload, its key, and doom its pieces."""
    session.delete(upload)
    session.flush()
    erase(session, upload.content)


def _there(session: Session, sha256: str) -> Progress | None:
    image = session.get(Image, sha256)
    if image is not None:
        return Progress(sha256, image.media_type, image.size, image.size, complete=True)
    upload = session.get(Upload, sha256)
    if upload is None:
        return None
    return Progress(sha256, upload.media_type, upload.size, upload.offset, complete=False)


def _start(session: Session, key: ContentKey, announced: Progress, now: datetime) -> None:
    add_content(session, key)
    session.add(
        Upload(
            sha256=announced.sha256,
            media_type=announced.media_type,
            size=announced.size,
            offset=0,
            content=key.content,
            touched_at=now.isoformat(),
        )
    )


def _keep(centre: Centre, key: ContentKey, before: Progress, data: bytes) -> None:
    """A sealed piece whose place another sender took meanwhile is doomed, and ours refused."""
    name = centre.vault.put(key, before.offset, data)
    with centre.database.write() as session:
        upload = session.get(Upload, before.sha256)
        mine = upload is not None and (upload.content, upload.offset) == (
            key.content,
            before.offset,
        )
        if mine and upload is not None:
            session.add(
                Piece(object=name, content=key.content, offset=before.offset, size=len(data))
            )
            upload.offset += len(data)
            upload.touched_at = centre.clock().isoformat()
        else:
            session.add(DoomedObject(object=name))
    if not mine:
        raise _misplaced(progress(centre, before.sha256))


def _fault(
    centre: Centre, upload: Upload, content: Content, parts: list[Piece]
) -> ProblemError | None:
    """What is wrong with the whole body, read once, a piece at a time."""
    digest, head = hashlib.sha256(), b""
    try:
        key = centre.vault.key_of(content.id, content.wrapped_key)
        for part in parts:
            data = centre.vault.get(key, part.offset, part.object)
            digest.update(data)
            head += data[: max(0, MEDIA[upload.media_type].looked_at - len(head))]
    except Unreadable:
        return ProblemError(Kind.IMAGE_DAMAGED, "A piece is gone: begin at 0 again.")
    if digest.hexdigest() != upload.sha256:
        return ProblemError(Kind.IMAGE_DAMAGED, "The SHA-256 of the body is not the address.")
    try:
        check(upload.media_type, head)
    except ProblemError as fault:
        return fault
    return None


def _settle(
    session: Session, upload: Upload, fresh: ContentKey, now: datetime, *, whole: bool
) -> None:
    """A whole body becomes an image; any other is erased, and the upload stands at 0 again."""
    image = session.get(Image, upload.sha256)
    if whole and image is None:
        session.delete(upload)
        session.flush()
        session.add(
            Image(
                sha256=upload.sha256,
                media_type=upload.media_type,
                size=upload.size,
                stored_at=now.isoformat(),
                content=upload.content,
            )
        )
        return
    abandon(session, upload)
    if image is None:
        announced = Progress(upload.sha256, upload.media_type, upload.size, 0, complete=False)
        _start(session, fresh, announced, now)


def _misplaced(there: Progress) -> ProblemError:
    headers = {
        "Upload-Offset": str(there.offset),
        "Upload-Complete": "?1" if there.complete else "?0",
    }
    return ProblemError(Kind.UPLOAD_OFFSET, f"It stands at {there.offset}.", headers=headers)
