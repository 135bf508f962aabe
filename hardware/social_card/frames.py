"""The bytes to and from the chip: commands, replies and the answer to reset. Pure.

Source: docs/devices/social_card.md; ISO/IEC 7816-3 and 7816-4.
"""

from dataclasses import dataclass, field

AID = bytes.fromhex("7378312E73682EC9E7BBE1B1A3D5CF")
"""The social security application: "sx1.sh." and 社会保障 in GBK."""
BANK_AID = bytes.fromhex("A000000333010101")
"""The debit application every third-generation card carries beside it."""

CHALLENGE_SIZE = 8
_LONGEST = 255
_LARGEST_REPLY = 256 + 2


class BadFrame(ValueError):  # noqa: N818 - what came is bad
    """These bytes are no reply, no answer to reset, no record. Says where, never what they are."""


@dataclass(frozen=True)
class Command:
    """A command: its name, CLA INS P1 P2, and Le where an answer is awaited (00: any length).

    UNBLOCK and RELOAD have no row: they come whole from the HSM.
    """

    name: str
    header: bytes
    le: int | None = None

    def apdu(
        self,
        data: bytes | bytearray = b"",
        *,
        p1: int | None = None,
        p2: int | None = None,
        le: int | None = None,
    ) -> bytearray:
        """Give the short C-APDU, for the caller to wipe; P1, P2 and Le given here override."""
        if len(data) > _LONGEST:
            raise ValueError("a short command takes 255 bytes")
        command = bytearray(self.header)
        command[2] = command[2] if p1 is None else p1
        command[3] = command[3] if p2 is None else p2
        if data:
            command.append(len(data))
            command += data
        le = self.le if le is None else le
        if le is not None:
            command.append(le & 0xFF)
        return command


SELECT_APPLICATION = Command("select_application", bytes.fromhex("00A40400"))
SELECT_FILE = Command("select_file", bytes.fromhex("00A40200"))
READ_RECORD = Command("read_record", bytes.fromhex("00B20000"), 0)
GET_CHALLENGE = Command("get_challenge", bytes.fromhex("00840000"), CHALLENGE_SIZE)
INTERNAL_AUTHENTICATE = Command("internal_authenticate", bytes.fromhex("00880000"))
EXTERNAL_AUTHENTICATE = Command("external_authenticate", bytes.fromhex("00820000"))
VERIFY = Command("verify", bytes.fromhex("00200000"))
UPDATE_RECORD = Command("update_record", bytes.fromhex("00DC0000"))
CHANGE_PIN = Command("change_pin", bytes.fromhex("805E0100"))

COMMANDS = (
    SELECT_APPLICATION,
    SELECT_FILE,
    READ_RECORD,
    GET_CHALLENGE,
    INTERNAL_AUTHENTICATE,
    EXTERNAL_AUTHENTICATE,
    VERIFY,
    CHANGE_PIN,
    UPDATE_RECORD,
)

UNBLOCK_HEADER = bytes.fromhex("8424000004")


@dataclass(frozen=True)
class Reply:
    """What the chip answered: data and status word. Shows no data."""

    data: bytes = field(repr=False)
    status: int


def split_reply(reply: bytes) -> Reply:
    """Give an R-APDU's two parts; BadFrame if it has no status word (6xxx or 9xxx but not 60xx)."""
    if not 2 <= len(reply) <= _LARGEST_REPLY:  # noqa: PLR2004 - SW1 and SW2
        raise BadFrame("a reply has 2 to 258 bytes")
    status = int.from_bytes(reply[-2:], "big")
    if status >> 8 == 0x60 or status >> 12 not in (6, 9):  # noqa: PLR2004 - ISO 7816-4, 5.1.3
        raise BadFrame("a reply ends with a status word")
    return Reply(bytes(reply[:-2]), status)


@dataclass(frozen=True)
class Atr:
    """An answer to reset: the protocols it offers (T=0: 0) and its historical bytes."""

    protocols: frozenset[int]
    historical: bytes

    @property
    def host_part(self) -> bytes:
        """What the interfaces of LD/T 33 call ATR: the historical bytes, 13 of a card of ours."""
        return self.historical


def read_atr(atr: bytes) -> Atr:
    """Take an answer to reset apart; BadFrame when it is cut or its check byte is wrong.

    TS, T0, then interface bytes: each TDi says which follow (bits 5-8: TA TB TC TD) and which
    protocol (bits 1-4). TCK only if a protocol other than T=0 is offered. ISO/IEC 7816-3, 8.2.
    """
    if len(atr) < 2 or atr[0] not in (0x3B, 0x3F):  # noqa: PLR2004 - TS and T0
        raise BadFrame("an answer to reset begins with 3B or 3F")
    historical, follows, at = atr[1] & 0x0F, atr[1] >> 4, 2
    protocols: set[int] = set()
    while follows:
        at += (follows & 0b0111).bit_count()
        if not follows & 0b1000:
            break
        if at >= len(atr):
            raise BadFrame("an answer to reset is cut")
        protocols.add(atr[at] & 0x0F)
        follows = atr[at] >> 4
        at += 1
    checked = bool(protocols - {0})
    if len(atr) != at + historical + checked:
        raise BadFrame("an answer to reset has another length than it says")
    if checked and _xor(atr[1:]):
        raise BadFrame("the check byte of an answer to reset is wrong")
    return Atr(frozenset(protocols or {0}), bytes(atr[at : at + historical]))


def _xor(data: bytes) -> int:
    total = 0
    for byte in data:
        total ^= byte
    return total


def wipe(buffer: bytearray) -> None:
    """Overwrite a command that carried a secret."""
    buffer[:] = bytes(len(buffer))
