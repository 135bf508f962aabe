"""`/v1/phone-uploads`: a kiosk opens one, sees what comes, and fetches it."""

import re
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Path, Request, Response
from pydantic import BaseModel, Field
from starlette.responses import StreamingResponse

from central.batches.schemas import KioskId
from central.centre import Centre, Here
from central.phone_uploads import service
from central.phone_uploads.service import Sent
from central.problems import Kind, ProblemError, documented
from central.schemas import Strict
from central.trust.caller import Caller, act_as

router = APIRouter(prefix="/v1/phone-uploads", tags=["phone uploads"])

PARTIAL, OK = 206, 200
UploadId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
Number = Annotated[int, Path(ge=1, le=service.MOST_FILES)]
_BYTES: dict[str, Any] = {"content": {"application/octet-stream": {}}}
_RANGE = re.compile(r"bytes=([0-9]{1,10})-([0-9]{0,10})")


class Wanted(Strict):
    """For which kiosk's visit."""

    kiosk_id: KioskId


class Opened(BaseModel):
    """What the kiosk shows as a QR code, and by what it asks."""

    id: str
    url: str = Field(description="for one phone; nobody can guess it")
    expires_at: datetime


class File(BaseModel):
    """A file on its way; whole when `received` is its `size`."""

    n: int
    name: str
    size: int
    received: int


class Look(BaseModel):
    """What has come so far."""

    state: Literal["waiting", "receiving", "ready"] = Field(
        description="no file yet; some are on their way; all that were begun are here"
    )
    expires_at: datetime
    files: list[File]


@router.post("", status_code=201, responses=documented(400, 401, 403, 413, 422))
def post_upload(wanted: Wanted, request: Request, centre: Here, caller: Caller) -> Opened:
    """Open an upload for a quarter of an hour; one the kiosk had open before is gone."""
    act_as(caller, wanted.kiosk_id)
    opened = service.begin(centre, wanted.kiosk_id)
    base = (centre.settings.phone_url or str(request.base_url)).rstrip("/")
    url = f"{base}/upload/{opened.token}"
    return Opened(id=opened.id, url=url, expires_at=opened.expires_at)


@router.get("/{upload_id}", responses=documented(403, 404, 422))
def get_upload(upload_id: UploadId, centre: Here, caller: Caller) -> Look:
    """What has come so far; 404 when it is over."""
    upload, files = service.look(centre, upload_id)
    act_as(caller, upload.kiosk_id)
    whole = all(file.received == file.size for file in files)
    return Look(
        state="waiting" if not files else "ready" if whole else "receiving",
        expires_at=datetime.fromisoformat(upload.expires_at),
        files=[
            File(n=file.n, name=file.name, size=file.size, received=file.received) for file in files
        ],
    )


@router.get(
    "/{upload_id}/files/{n}",
    response_class=Response,
    responses={OK: _BYTES, PARTIAL: {"description": "The range asked for"} | _BYTES}
    | documented(403, 404, 409, 416, 422),
)
def get_file(
    upload_id: UploadId,
    n: Number,
    centre: Here,
    caller: Caller,
    wanted: Annotated[str | None, Header(alias="Range", max_length=60)] = None,
) -> Response:
    """A whole file, or a range of it (`bytes=0-1048575`)."""
    file = _file(centre, caller, upload_id, n)
    first, last = _range(wanted, file.size)
    headers = {"Accept-Ranges": "bytes", "Content-Length": str(last + 1 - first)}
    if wanted:
        headers["Content-Range"] = f"bytes {first}-{last}/{file.size}"
    return StreamingResponse(
        service.read(centre, upload_id, n, first, last),
        PARTIAL if wanted else OK,
        headers | {"Cache-Control": "no-store"},
        "application/octet-stream",
    )


@router.delete("/{upload_id}", status_code=204, responses=documented(403, 422))
def delete_upload(upload_id: UploadId, centre: Here, caller: Caller) -> None:
    """The visit is over: everything is gone. Of one that is gone already: nothing."""
    try:
        upload, _ = service.look(centre, upload_id)
    except ProblemError:
        return
    act_as(caller, upload.kiosk_id)
    service.end(centre, upload_id)


def _file(centre: Centre, caller: Caller, upload_id: str, n: int) -> Sent:
    """A file that is whole. Raises `UPLOAD_UNKNOWN`, `UPLOAD_OFFSET`."""
    upload, files = service.look(centre, upload_id)
    act_as(caller, upload.kiosk_id)
    file = next((each for each in files if each.n == n), None)
    if file is None:
        raise ProblemError(Kind.UPLOAD_UNKNOWN)
    if file.received < file.size:
        raise ProblemError(Kind.UPLOAD_OFFSET, "It is still on its way.")
    return file


def _range(told: str | None, size: int) -> tuple[int, int]:
    """The first and the last byte asked for. Raises `RANGE_IMPOSSIBLE`."""
    if told is None:
        return 0, size - 1
    found = _RANGE.fullmatch(told)
    first = int(found[1]) if found else size
    last = min(int(found[2]), size - 1) if found and found[2] else size - 1
    if not first <= last:
        headers = {"Content-Range": f"bytes */{size}"}
        raise ProblemError(Kind.RANGE_IMPOSSIBLE, headers=headers)
    return first, last
