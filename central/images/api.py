"""`PUT /v1/images/{sha256}`: a picture, before the application that names it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BaseModel

from central.centre import Here
from central.images import service
from central.problems import documented

router = APIRouter(prefix="/v1/images", tags=["images"])

Sha256 = Annotated[str, Path(pattern="^[0-9a-f]{64}$", description="of the body, in lower case")]


class StoredImage(BaseModel):
    """What the centre holds."""

    sha256: str
    size: int


async def _body(request: Request) -> bytes:
    return await request.body()


Body = Annotated[bytes, Depends(_body)]
"""The request's bytes, as a route's parameter."""

_PICTURE = {"schema": {"type": "string", "format": "binary", "maxLength": 2 * 1024 * 1024}}


def media_type(request: Request) -> str:
    """The request's media type, without parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


@router.put(
    "/{sha256}",
    status_code=201,
    responses={200: {"model": StoredImage, "description": "It was there"}}
    | documented(408, 413, 415, 422),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"image/jpeg": _PICTURE, "image/png": _PICTURE},
        }
    },
)
def put_image(
    sha256: Sha256, data: Body, request: Request, response: Response, centre: Here
) -> StoredImage:
    """Keep a JPEG or PNG of at most 2 MB; 201 the first time, 200 after."""
    if not service.store(centre, sha256, media_type(request), data):
        response.status_code = 200
    return StoredImage(sha256=sha256, size=len(data))
