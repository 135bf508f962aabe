"""What requests are made of: strict models, nothing taken for something else, nothing unknown."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from regulation.papers import Paper
from regulation.rules import Applicant, Service


class Strict(BaseModel):
    """A request's table: no other keys, no conversions (0 is not false)."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


# JSON has no enumerations: these alone are made from their text.
ServiceId = Annotated[Service, Field(strict=False)]
ApplicantKind = Annotated[Applicant, Field(strict=False)]
PaperId = Annotated[Paper, Field(strict=False)]

Text = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]


class Holder(Strict):
    """A paper and whose it is."""

    paper: PaperId
    number: Text
    name: Text
