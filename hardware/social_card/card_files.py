"""What is written in a virtual card: whose it is, its files and its FCI."""

from dataclasses import dataclass, field

from hardware.social_card import records
from hardware.social_card.frames import AID
from hardware.social_card.keys import Algorithm
from hardware.social_card.records import Field

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


def application_template(algorithm: Algorithm, *, initialised: bool = False) -> bytes:
    """Give the FCI: AID, 8A with 03 on a card not personalised, 9F0C unless it is DES."""
    life_cycle = b"\x8a\x01\x03" if initialised else b""
    code = b"" if algorithm is Algorithm.DES else bytes.fromhex("9F0C038601" + algorithm)
    inner = b"\x84" + bytes([len(AID)]) + AID + life_cycle + b"\xa5" + bytes([len(code)]) + code
    return b"\x6f" + bytes([len(inner)]) + inner


def files_of(person: Person) -> dict[int, list[bytes]]:
    """Give the records of EF05 and EF06 in order; ValueError if something does not fit."""
    names = {row.name for row in records.FIELDS} - {"card_id", "name_rest"}
    texts = {name: str(getattr(person, name)) for name in names}
    values = records.as_recorded(texts) | {"card_id": person.card_id.hex().upper()}
    return {
        file: [row.encode(values[row.name]) for row in _rows(file, person)]
        for file in records.FILE_IDS
    }


def _rows(file: int, person: Person) -> list[Field]:
    return [row for _, row in records.fields_of(file, person.generation)]
