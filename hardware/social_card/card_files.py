"""What is written in a virtual card: whose it is, its files and its FCI."""

from collections.abc import Callable
from dataclasses import dataclass, field

from hardware.social_card import records
from hardware.social_card.frames import AID
from hardware.social_card.keys import Algorithm
from hardware.social_card.records import Field, Kind

ATR = bytes.fromhex("3B6D0000008154434350863301 02030405")


@dataclass(frozen=True)
class Person:
    """Whose card it is; digits and texts as in `Card` and `Holder`. Shows nothing of it.

    The defaults are the specimen, card A. `version` "1.00" or "2.00": EF06 reads freely, and 1.00
    has no 姓名扩展; such a card has no 9F0C if its algorithm is DES.
    """

    card_id: bytes = field(default=bytes.fromhex("330300D15600000599110145FFFFFFFF"), repr=False)
    kind: str = field(default="3", repr=False)
    version: str = "3.00"
    issuer: str = field(default="91560000023303003303", repr=False)
    issued: str = field(default="20260101", repr=False)
    expires: str = field(default="20360101", repr=False)
    card_number: str = field(default="A12345678", repr=False)
    social_number: str = field(default="11010519491231002X", repr=False)
    name: str = field(default="张三", repr=False)
    sex: str = field(default="2", repr=False)
    nation: str = field(default="01", repr=False)
    birthplace: str = field(default="110105", repr=False)
    born: str = field(default="19491231", repr=False)
    algorithm: Algorithm = Algorithm.SM4

    @property
    def generation(self) -> int:
        """1 to 3, of its version."""
        return records.read_generation(self.version)


CARD_A = Person()
CARD_B = Person(card_id=bytes.fromhex("500000D15600000500000001FFFFFFFF"))
"""Card A as issued in Chongqing."""


def application_template(algorithm: Algorithm) -> bytes:
    """Give the FCI: AID, and 9F0C with the algorithm unless it is DES."""
    code = b"" if algorithm is Algorithm.DES else bytes.fromhex("9F0C038601" + algorithm)
    inner = b"\x84" + bytes([len(AID)]) + AID + b"\xa5" + bytes([len(code)]) + code
    return b"\x6f" + bytes([len(inner)]) + inner


def files_of(person: Person) -> dict[int, list[bytes]]:
    """Give the records of EF05 and EF06 in order; ValueError if something does not fit."""
    return {
        file: [_record(row, person) for _, row in records.fields_of(file, person.generation)]
        for file in records.FILE_IDS
    }


def _record(row: Field, person: Person) -> bytes:
    value = _VALUES.get(row.name, lambda person: _WRITE[row.kind](getattr(person, row.name)))(
        person
    )
    if len(value) > row.size:
        raise ValueError(f"{row.name} is too long for a card")
    filler = b"\xff" if row.kind is Kind.DIGITS else b"\x00"
    return bytes([row.tag, row.size]) + value.ljust(row.size, filler)


def _bcd(digits: str) -> bytes:
    return bytes.fromhex(digits + "F" * (len(digits) % 2))


_WRITE: dict[Kind, Callable[[str], bytes]] = {
    Kind.TEXT: lambda text: text.encode("gb18030"),
    Kind.DIGITS: _bcd,
}
_NAME_SIZE = 30
_VALUES: dict[str, Callable[[Person], bytes]] = {
    "card_id": lambda person: person.card_id,
    "name": lambda person: person.name.encode("gb18030")[:_NAME_SIZE],
    "name_rest": lambda person: person.name.encode("gb18030")[_NAME_SIZE:],
}
"""Of records that are no attribute by themselves."""
