"""What the forms of batches bring: a clerk's paper, a list, a letter."""

import hashlib
from typing import Annotated

from fastapi import File, UploadFile
from pydantic import BaseModel, ConfigDict, StringConstraints

from central.centre import Centre
from central.images.service import PICTURES, store
from central.problems import Kind, ProblemError
from central.schemas import Holder
from regulation.card_list.faults import Fault
from regulation.card_list.rows import FIELDS
from regulation.papers import Paper

Typed = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Upload = Annotated[UploadFile, File()]
"""A file of a form; the guard bounds the whole form at 2 MB."""

PAPERS = (Paper.RESIDENT_ID, Paper.SS_CARD)
"""What a unit's clerk shows (规程 1.2.1)."""

FAULT_WORDS = {
    "sentences": {each.value: each.zh for each in Fault},
    "fields": FIELDS,
}
"""What the table of faults says, to be translated where it is shown."""


class Shown(BaseModel):
    """A clerk's paper as it was looked at, and the picture of a letter, if one came along."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    paper: Paper
    number: Typed
    name: Typed
    letter: UploadFile | None = None

    def holder(self) -> Holder:
        """The paper as the domain takes it."""
        return Holder(paper=self.paper, number=self.number, name=self.name)


def keep_letter(centre: Centre, letter: UploadFile | None) -> str | None:
    """Keep the picture of a letter; its SHA-256, None where none was chosen."""
    if letter is None or not letter.filename:
        return None
    data = letter.file.read()
    media_type = letter.content_type or ""
    if media_type not in PICTURES:
        raise ProblemError(Kind.MEDIA_TYPE_NOT_TAKEN, reason_zh="介绍信请用 JPEG 或 PNG 图片")
    sha256 = hashlib.sha256(data).hexdigest()
    store(centre, sha256, media_type, data)
    return sha256
