"""The demo people of config/people.toml, as far as the bench needs them: their ID cards."""

import tomllib
from pathlib import Path
from typing import Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

_LONGEST_NAME = 15  # 30 bytes of UTF-16 on the chip

T = TypeVar("T", bound=BaseModel)


class BenchError(Exception):
    """A file of the bench is wrong; the text names file, key and cure."""


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class IdCardTable(_Table):
    """What is on a person's ID card, and what is wrong with it.

    `sex` 1 male, 2 female; `ethnicity` of GB 3304, two digits, blank on a residence permit for
    Hong Kong, Macao and Taiwan residents, which has a `permit` number instead.
    """

    sex: Literal["0", "1", "2", "9"]
    ethnicity: str = Field(pattern=r"^(\d\d)?$")
    birth: str = Field(pattern=r"^\d{8}$")
    address: str = Field(max_length=35)
    issuer: str = Field(max_length=15)
    valid_from: str = Field(pattern=r"^\d{8}$")
    valid_to: str = Field(pattern=r"^(\d{8}|长期)$")
    permit: str = Field(default="", max_length=9)
    fault: Literal["", "unreadable", "unknown_kind"] = ""


class CardTable(BaseModel):
    """A social card of a person; its state and its bank are the centre's."""

    model_config = ConfigDict(strict=True, frozen=True)

    number: str = Field(pattern=r"^[0-9A-Z]{9}$")
    identifier: str = Field(pattern=r"^[0-9A-F]{32}$")


class ChipTable(_Table):
    """What the chip of the person's last card is like, where it is not as it left the window.

    `pin` its PIN; `tries` left, 0 for a blocked one; `version` 规范版本.
    """

    pin: str = Field(default="123456", pattern=r"^\d{4,12}$")
    tries: int | None = Field(default=None, ge=0, le=15)
    version: Literal["1.00", "2.00", "3.00"] = "3.00"


class Person(BaseModel):
    """A demo person; what else the file says of them is the centre's."""

    model_config = ConfigDict(strict=True, frozen=True)

    key: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    id_number: str
    name: str
    in_centre: bool = True
    card: list[CardTable] = []
    chip: ChipTable = ChipTable()
    id_card: IdCardTable | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.id_card and len(self.name) > _LONGEST_NAME:
            raise ValueError(f"a name on an ID card has at most {_LONGEST_NAME} characters")
        return self


class _People(BaseModel):
    person: list[Person]


def read_people(path: Path) -> dict[str, Person]:
    """Give the people of a file by their key, in its order.

    Raises BenchError naming file, key and what is wrong (never the value).
    """
    people = read_table(path, _People).person
    by_key = {person.key: person for person in people}
    if len(by_key) < len(people):
        raise BenchError(f"{path}: two people have the same key: give each their own")
    return by_key


def read_table(path: Path, kind: type[T]) -> T:
    """Give a TOML file as the model asked for; BenchError if it is not one."""
    try:
        return kind.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise BenchError(f"{path}: cannot be read: {error.strerror}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BenchError(f"{path}: is not TOML in UTF-8: {error}") from error
    except ValidationError as error:
        raise BenchError(f"{path}: {sentence(error)}") from None  # the cause would show values


def sentence(error: ValidationError) -> str:
    """Say in a line which key is wrong and what it must be, without its value."""
    rows = (
        f"{'.'.join(str(part) for part in row['loc']) or 'the whole'}: {row['msg']}"
        for row in error.errors(include_input=False, include_url=False, include_context=False)
    )
    return "; ".join(rows)
