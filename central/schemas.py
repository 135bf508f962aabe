"""What requests are made of: strict models, nothing taken for something else, nothing unknown."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from regulation.papers import Paper
from regulation.reasons import Reason
from regulation.rules import Applicant, Channel, Service

UUID = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
"""The pattern of a key or an id, in lower case."""


class Strict(BaseModel):
    """A request's table: no other keys, no conversions (0 is not false)."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


# JSON has no enumerations: these alone are made from their text.
ServiceId = Annotated[Service, Field(strict=False)]
ApplicantKind = Annotated[Applicant, Field(strict=False)]
PaperId = Annotated[Paper, Field(strict=False)]
ChannelId = Annotated[Channel, Field(strict=False)]
ReasonId = Annotated[Reason, Field(strict=False)]


def printable(text: str) -> str:
    """No store keeps a NUL everywhere, and no paper has a control character."""
    if any(unicodedata.category(character) == "Cc" for character in text):
        raise ValueError("has a control character")
    return text


Text = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200, strip_whitespace=True),
    AfterValidator(printable),
]


class Holder(Strict):
    """A paper and whose it is."""

    paper: PaperId
    number: Text
    name: Text
