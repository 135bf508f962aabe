"""Files that go from a clerk's phone to a kiosk, through the centre and not to stay.

The kiosk opens an upload and shows its address as a QR code; the first phone that sends something
has it for itself. After a quarter of an hour, or when the kiosk's visit is over, all of it is gone.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.centre import Centre
from central.images.records import Content, DoomedObject, Piece, pieces
from central.images.service import add_content
from central.images.vault import ContentKey, Unreadable
from central.phone_uploads.kinds import begins_right, kind_of
from central.phone_uploads.records import (
    PhoneFile,
    PhoneUpload,
    drop,
    drop_file,
    files_of,
    totals,
)
from central.problems import Kind, ProblemError
from central.retention.shredder import delete_doomed

LASTS = timedelta(minutes=15)
MOST_BYTES = 200 * 1024 * 1024
MOST_FILES = 500
_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Opened:
    """A new upload; who has the token may send to it."""

    id: str
    token: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as the kiosk sees it."""

    n: int
    name: str = field(repr=False)
    size: int
    received: int


def begin(centre: Centre, kiosk_id: str) -> Opened:
    """Open an upload for a kiosk's visit; one it had open before is gone."""
    opened = Opened(
        secrets.token_hex(16), secrets.token_urlsafe(_TOKEN_BYTES), centre.clock() + LASTS
    )
    with centre.database.write() as session:
        mine = select(PhoneUpload).where(PhoneUpload.kiosk_id == kiosk_id)
        for before in session.scalars(mine).all():
            drop(session, before)
        session.add(
            PhoneUpload(
                id=opened.id,
                token=_hash(opened.token),
                claim=None,
                kiosk_id=kiosk_id,
                expires_at=opened.expires_at.isoformat(),
            )
        )
    return opened


def require(centre: Centre, token: str) -> datetime:
    """Until when a token counts. Raises `PHONE_UPLOAD_OVER`."""
    with centre.database.read() as session:
        return datetime.fromisoformat(_by_token(session, centre, token).expires_at)


def announce(
    centre: Centre, token: str, claim: str | None, name: str, size: int
) -> tuple[int, str]:
    """The number of a file that is to come, and the phone's claim.

    Raises `PHONE_UPLOAD_OVER`, `PHONE_UPLOAD_TAKEN`, `PHONE_FILE_NOT_TAKEN`, `PHONE_UPLOAD_FULL`.
    """
    kind = kind_of(name)
    if kind is None:
        raise ProblemError(Kind.PHONE_FILE_NOT_TAKEN, reason_zh=_KINDS)
    key = centre.vault.new_content()
    claim = claim or secrets.token_urlsafe(_TOKEN_BYTES)
    with centre.database.write() as session:
        upload = _by_token(session, centre, token)
        if upload.claim is None:
            upload.claim = _hash(claim)
        _claimed(upload, claim)
        last, total = totals(session, upload.id)
        if last >= MOST_FILES or total + size > MOST_BYTES:
            reason = f"一共最多{MOST_BYTES >> 20}MB、{MOST_FILES}个文件，请分几次上传或改用U盘"
            raise ProblemError(Kind.PHONE_UPLOAD_FULL, reason_zh=reason)
        add_content(session, key)
        session.add(
            PhoneFile(
                upload=upload.id,
                n=last + 1,
                name=centre.vault.seal(key, name),
                kind=kind,
                size=size,
                offset=0,
                content=key.content,
            )
        )
    return last + 1, claim


def append(  # noqa: PLR0913, PLR0917 - a piece: of what, from whom, where
    centre: Centre, token: str, claim: str | None, n: int, offset: int, data: bytes
) -> int:
    """Keep a piece of a file at the offset where it stands; where it stands now.

    Raises as `announce` does, and `UPLOAD_UNKNOWN`, `UPLOAD_OFFSET`, `INVALID`.
    """
    with centre.database.read() as session:
        file = _theirs(session, centre, token, claim, n)
        key = _key(session, centre, file)
    _fits(file, offset, data)
    if offset == 0 and not begins_right(file.kind, data):
        with centre.database.write() as session:
            drop_file(session, _theirs(session, centre, token, claim, n))
        raise ProblemError(Kind.PHONE_FILE_NOT_TAKEN, reason_zh=_KINDS)
    name = centre.vault.put(key, offset, data)
    with centre.database.write() as session:
        try:
            file = _theirs(session, centre, token, claim, n)
            _fits(file, offset, data)
        except ProblemError as no:  # it ended, or another piece came first: ours is not needed
            session.add(DoomedObject(object=name))
            refused = no
        else:
            session.add(Piece(object=name, content=key.content, offset=offset, size=len(data)))
            file.offset += len(data)
            return file.offset
    raise refused


def look(centre: Centre, upload_id: str) -> tuple[PhoneUpload, list[Sent]]:
    """What has come so far. Raises `PHONE_UPLOAD_OVER`."""
    with centre.database.read() as session:
        upload = _by_id(session, centre, upload_id)
        return upload, [_sent(session, centre, file) for file in files_of(session, upload_id)]


def read(centre: Centre, upload_id: str, n: int, first: int, last: int) -> Iterator[bytes]:
    """The bytes of a whole file from `first` to `last`, piece by piece, for the kiosk.

    Raises `IMAGE_UNREADABLE` when they are gone meanwhile.
    """
    with centre.database.read() as session:
        _by_id(session, centre, upload_id)
        file = session.get_one(PhoneFile, (upload_id, n))
        key, parts = _key(session, centre, file), pieces(session, file.content)
    for part in parts:
        if part.offset <= last and first < part.offset + part.size:
            try:
                data = centre.vault.get(key, part.offset, part.object)
            except Unreadable:
                raise ProblemError(Kind.IMAGE_UNREADABLE) from None
            yield data[max(0, first - part.offset) : last + 1 - part.offset]


def end(centre: Centre, upload_id: str) -> None:
    """The visit is over: all of it is gone; of one that is gone already, nothing."""
    with centre.database.write() as session:
        upload = session.get(PhoneUpload, upload_id)
        if upload is not None:
            drop(session, upload)
    delete_doomed(centre)


def run_due(centre: Centre) -> int:
    """Remove what is over; how many uploads."""
    with centre.database.write() as session:
        over = session.scalars(
            select(PhoneUpload).where(PhoneUpload.expires_at <= centre.clock().isoformat())
        ).all()
        for upload in over:
            drop(session, upload)
    if over:
        delete_doomed(centre)
    return len(over)


_KINDS = "只能上传 .xlsx、.csv、.zip、.jpg、.png 文件，请核对"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _alive(upload: PhoneUpload | None, now: datetime) -> PhoneUpload:
    if upload is None or upload.expires_at <= now.isoformat():
        reason = "二维码已失效，请在一体机上重新获取"
        raise ProblemError(Kind.PHONE_UPLOAD_OVER, reason_zh=reason)
    return upload


def _by_token(session: Session, centre: Centre, token: str) -> PhoneUpload:
    found = session.scalar(select(PhoneUpload).where(PhoneUpload.token == _hash(token)))
    return _alive(found, centre.clock())


def _by_id(session: Session, centre: Centre, upload_id: str) -> PhoneUpload:
    return _alive(session.get(PhoneUpload, upload_id), centre.clock())


def _claimed(upload: PhoneUpload, claim: str | None) -> None:
    if not hmac.compare_digest(upload.claim or "", _hash(claim or "")):
        reason = "这个二维码已在另一部手机上使用，请在一体机上重新获取"
        raise ProblemError(Kind.PHONE_UPLOAD_TAKEN, reason_zh=reason)


def _theirs(session: Session, centre: Centre, token: str, claim: str | None, n: int) -> PhoneFile:
    upload = _by_token(session, centre, token)
    _claimed(upload, claim)
    file = session.get(PhoneFile, (upload.id, n))
    if file is None:
        raise ProblemError(Kind.UPLOAD_UNKNOWN)
    return file


def _fits(file: PhoneFile, offset: int, data: bytes) -> None:
    if offset != file.offset:
        headers = {"Upload-Offset": str(file.offset)}
        raise ProblemError(Kind.UPLOAD_OFFSET, f"It stands at {file.offset}.", headers=headers)
    if not data or offset + len(data) > file.size:
        raise ProblemError(Kind.INVALID, f"The announced file ends at {file.size}.")


def _key(session: Session, centre: Centre, file: PhoneFile) -> ContentKey:
    content = session.get_one(Content, file.content)
    return centre.vault.key_of(content.id, content.wrapped_key)


def _sent(session: Session, centre: Centre, file: PhoneFile) -> Sent:
    name = centre.vault.unseal(_key(session, centre, file), file.name)
    return Sent(file.n, name, file.size, file.offset)
