"""A picture of a case, as the console shows it."""

from central.centre import Centre
from central.images import service

_JPEG = b"\xff\xd8\xff"


def picture(centre: Centre, sha256: str) -> tuple[str, bytes]:
    """Media type and bytes of a picture: a JPEG or a PNG, nothing else is taken (`images`)."""
    data = service.read(centre, sha256)
    return ("image/jpeg" if data.startswith(_JPEG) else "image/png"), data
