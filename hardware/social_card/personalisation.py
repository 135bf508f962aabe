"""What is written to a blank card of generation 3. Pure. Source: docs/devices/social_card.md."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import NamedTuple

from hardware.social_card import records
from hardware.social_card.records import EF05, EF06, Field

_GENERATION = 3
_FIRST = "card_number"
_NEEDED = (_FIRST, "social_number", "name", "version")


class Record(NamedTuple):
    """A record to write: its number, what it is, and T L V."""

    number: int
    row: Field
    data: bytes


@dataclass(frozen=True)
class Personalisation:
    """The texts of EF05 and EF06 as `Card` and `Holder` give them. Shows nothing of them.

    ValueError names the field that a card cannot have (never its value): too long, no digits, not
    in GB18030, a `version` other than 3; or none of one it cannot be without.
    """

    card_number: str = field(repr=False)
    social_number: str = field(repr=False)
    name: str = field(repr=False)
    sex: str = field(repr=False)
    nation: str = field(repr=False)
    birthplace: str = field(repr=False)
    born: str = field(repr=False)
    issuer: str = field(repr=False)
    issued: str = field(repr=False)
    expires: str = field(repr=False)
    version: str
    kind: str = field(repr=False)

    def __post_init__(self) -> None:
        missing = [name for name in _NEEDED if not getattr(self, name)]
        if missing:
            raise ValueError(f"{missing[0]} is missing")
        if not self.version.startswith(str(_GENERATION)):
            raise ValueError("version is not of generation 3")
        self.records()

    def texts(self) -> Mapping[str, str]:
        """Give the texts by name."""
        return asdict(self)

    def records(self) -> list[Record]:
        """Give all records but that of the 卡识别码, that of the 卡号 first.

        Whatever was begun tells by it for which card it was.
        """
        values = records.as_recorded(self.texts())
        rows = [
            Record(number, row, row.encode(values[row.name]))
            for file in (EF05, EF06)
            for number, row in records.fields_of(file, _GENERATION)
            if row is not records.CARD_ID
        ]
        return sorted(rows, key=lambda record: record.row.name != _FIRST)
