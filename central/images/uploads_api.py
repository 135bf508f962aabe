"""`/v1/uploads`: large bodies in pieces, which go on where they broke off.

In the spirit of draft-ietf-httpbis-resumable-upload-12; where it differs: docs/centre/images.md.
"""

from typing import Annotated

from fastapi import APIRouter, Header, Request, Response
from pydantic import BaseModel, Field, JsonValue, StringConstraints

from central.centre import Here
from central.images import uploads
from central.images.api import Body, Sha256, media_type
from central.images.service import MEDIA
from central.images.uploads import Progress
from central.problems import Kind, ProblemError, documented
from central.schemas import Strict

PIECE = "application/partial-upload"
MAX_PIECE = 2 * 1024 * 1024
MAX_AGE_S = 24 * 3600
MAX_SIZE = max(media.most for media in MEDIA.values())

router = APIRouter(prefix="/v1/uploads", tags=["images"])


class Announced(Strict):
    """A body that is to come."""

    sha256: Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
    size: Annotated[int, Field(ge=1, le=MAX_SIZE)]
    media_type: Annotated[
        str,
        StringConstraints(min_length=1, max_length=100),
        Field(json_schema_extra={"enum": list[JsonValue](sorted(MEDIA))}),  # else 415
    ]


class Standing(BaseModel):
    """Where an upload stands."""

    sha256: str
    media_type: str
    size: int
    offset: int
    complete: bool


Offset = Annotated[int, Header(alias="Upload-Offset", ge=0, le=MAX_SIZE)]
_BYTES = {"schema": {"type": "string", "format": "binary", "maxLength": MAX_PIECE}}


@router.post(
    "",
    status_code=201,
    responses={200: {"model": Standing, "description": "It was announced before"}}
    | documented(400, 408, 409, 413, 415, 422),
)
def post_upload(announced: Announced, response: Response, centre: Here) -> Standing:
    """Announce a body by its hash, or learn where it stands."""
    found = uploads.begin(centre, announced.sha256, announced.media_type, announced.size)
    if not found.created:
        response.status_code = 200
    response.headers["Location"] = f"{router.prefix}/{found.sha256}"
    _tell(response, found)
    return Standing(
        sha256=found.sha256,
        media_type=found.media_type,
        size=found.size,
        offset=found.offset,
        complete=found.complete,
    )


@router.head("/{sha256}", status_code=204, responses=documented(404, 422))
def head_upload(sha256: Sha256, centre: Here) -> Response:
    """Where an upload stands: `Upload-Offset`, `Upload-Length`, `Upload-Complete`."""
    response = Response(status_code=204, headers={"Cache-Control": "no-store"})
    _tell(response, uploads.progress(centre, sha256))
    return response


@router.patch(
    "/{sha256}",
    status_code=204,
    responses=documented(404, 408, 409, 413, 415, 422),
    openapi_extra={"requestBody": {"required": True, "content": {PIECE: _BYTES}}},
)
def patch_upload(
    sha256: Sha256, offset: Offset, data: Body, request: Request, centre: Here
) -> Response:
    """Append at most 2 MB at the offset where the upload stands."""
    if media_type(request) != PIECE:
        raise ProblemError(Kind.MEDIA_TYPE_NOT_TAKEN, f"Send a piece as {PIECE}.")
    response = Response(status_code=204)
    _tell(response, uploads.append(centre, sha256, offset, data))
    return response


def _tell(response: Response, found: Progress) -> None:
    response.headers["Upload-Offset"] = str(found.offset)
    response.headers["Upload-Length"] = str(found.size)
    response.headers["Upload-Complete"] = "?1" if found.complete else "?0"
    response.headers["Upload-Limit"] = (
        f"max-size={MAX_SIZE}, max-append-size={MAX_PIECE}, max-age={MAX_AGE_S}"
    )
