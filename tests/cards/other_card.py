"""A second social security card, written from its profile alone, for drivers to be tried against.

It shares no code with `hardware`, so that a mistake made twice there, in the driver and in its
virtual card, is seen here. `python -m tests.cards.other_card --port N` puts a fresh card into the
slot that vpcd listens for on 127.0.0.1:N. The keys are public demo keys.
"""

import argparse
import contextlib
import secrets
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.cards import sm4

ATR = bytes.fromhex("3B 6D 00 00 00 81 54 43 43 50 86 33 01 02 03 04 05")
AID = b"sx1.sh." + "社会保障".encode("gbk")
FCI = bytes.fromhex("6F 19 84 0F") + AID + bytes.fromhex("A5 06 9F 0C 03 86 01 03")
CARD_IDS = {
    "A": bytes.fromhex("330300D15600000599110145FFFFFFFF"),
    "B": bytes.fromhex("500000D15600000500000001FFFFFFFF"),
}
IRK = bytes.fromhex("000102030405060708090A0B0C0D0E0F")
RKSSSE = bytes.fromhex("101112131415161718191A1B1C1D1E1F")
PUK = bytes.fromhex("202122232425262728292A2B2C2D2E2F")
RPK = bytes.fromhex("303132333435363738393A3B3C3D3E3F")

OK = bytes.fromhex("9000")
WRONG_LENGTH = bytes.fromhex("6700")
NOT_ALLOWED = bytes.fromhex("6982")
PIN_BLOCKED = bytes.fromhex("6983")
NO_CHALLENGE = bytes.fromhex("6984")
NO_FILE_SELECTED = bytes.fromhex("6985")
WRONG_MAC = bytes.fromhex("6988")
WRONG_DATA = bytes.fromhex("6A80")
NOT_FOUND = bytes.fromhex("6A82")
NO_RECORD = bytes.fromhex("6A83")
WRONG_P1_P2 = bytes.fromhex("6A86")
NO_SUCH_KEY = bytes.fromhex("6A88")
UNKNOWN_COMMAND = bytes.fromhex("6D00")
NOT_AUTHENTIC = bytes.fromhex("63C2")  # constant: the keys have no counter

_TRIES = 6
_EF05, _EF06 = 5, 6  # their SFIs
_FIDS = {bytes.fromhex("EF05"): _EF05, bytes.fromhex("EF06"): _EF06}
_EXTERNAL_KEYS = {0x0A: RKSSSE, 0x06: RPK}  # by P2


def card_key(master: bytes, card_id: bytes) -> bytes:
    """Give the card's own key of 16 bytes: the master key through region, then card."""
    key = master
    for part in (card_id[:3] + bytes(5), card_id[8:]):
        key = sm4.encrypt(key, part + _inverse(part))
    return key


def process_key(key: bytes, factor: bytes) -> bytes:
    """Give the key of one authentication; the factor has 8 bytes."""
    return sm4.encrypt(key, factor + _inverse(factor))


def authentication(key: bytes, factor: bytes, source: bytes) -> bytes:
    """Give the 8 bytes by which one side shows the other that it knows the card key."""
    return sm4.encrypt(process_key(key, factor), source + bytes(8))[:8]


def mac(key: bytes, challenge: bytes, message: bytes) -> bytes:
    """Give the 4 bytes at the end of a secured command; the challenge has 8 bytes."""
    padded = pad80(message)
    value = challenge + bytes(8)
    for start in range(0, len(padded), sm4.BLOCK):
        block = padded[start : start + sm4.BLOCK]
        value = sm4.encrypt(key, bytes(v ^ m for v, m in zip(value, block, strict=True)))
    return value[:4]


def pad80(message: bytes) -> bytes:
    """Give the message with 80 and as many 00 as make whole blocks."""
    return message + b"\x80" + bytes(-(len(message) + 1) % sm4.BLOCK)


def is_pin(pin: bytes) -> bool:
    """Whether these bytes are 4 to 16 digits in BCD, the low nibble F after an odd number."""
    digits = pin.hex().removesuffix("f")
    return 4 <= len(digits) <= 16 and digits.isdecimal()


def _inverse(data: bytes) -> bytes:
    return bytes(byte ^ 0xFF for byte in data)


def _files(card_id: bytes) -> dict[int, list[bytes]]:
    """Give the records, tag, length and value, by SFI."""
    return {
        _EF05: [
            b"\x01\x10" + card_id,
            bytes.fromhex("02 01 33"),
            bytes.fromhex("03 04 332E3030"),
            bytes.fromhex("04 0C 91560000023303003303FFFF"),
            bytes.fromhex("05 04 20260101"),
            bytes.fromhex("06 04 20360101"),
            bytes.fromhex("07 09 413132333435363738"),
        ],
        _EF06: [
            bytes.fromhex("08 12 313130313035313934393132333130303258"),
            bytes.fromhex("09 1E D5C5C8FD") + bytes(26),
            bytes.fromhex("4E 14") + bytes(20),
            bytes.fromhex("0A 01 32"),
            bytes.fromhex("0B 01 01"),
            bytes.fromhex("0C 03 110105"),
            bytes.fromhex("0D 04 19491231"),
        ],
    }


@dataclass(frozen=True)
class Command:
    """A short APDU taken apart; `le` is None when it has none."""

    cla_ins: bytes
    p1: int
    p2: int
    data: bytes = field(default=b"", repr=False)
    le: int | None = None

    @property
    def p1_p2(self) -> tuple[int, int]:
        return self.p1, self.p2


def parse(apdu: bytes) -> Command | None:
    """Give the command, or None when its length is not exactly that of a short APDU."""
    if len(apdu) < 4:
        return None
    head = (apdu[:2], apdu[2], apdu[3])
    if len(apdu) == 4:
        return Command(*head)
    if len(apdu) == 5:
        return Command(*head, le=apdu[4])
    data, rest = apdu[5 : 5 + apdu[4]], apdu[5 + apdu[4] :]
    if not data or len(data) < apdu[4] or len(rest) > 1:
        return None
    return Command(*head, data, rest[0] if rest else None)


class OtherCard:
    """A fresh card; PIN and tries outlive power, everything else does not.

    `draw` gives the bytes of a challenge, as many as it is asked for.
    """

    def __init__(
        self, card_id: bytes = CARD_IDS["A"], draw: Callable[[int], bytes] = secrets.token_bytes
    ) -> None:
        self._files = _files(card_id)
        self._keys = {master: card_key(master, card_id) for master in (IRK, RKSSSE, PUK, RPK)}
        self._draw = draw
        self._pin = bytes.fromhex("123456")
        self._tries = _TRIES
        self.reset()

    def reset(self) -> None:
        """Forget what a card forgets without power."""
        self._selected = False
        self._current: int | None = None
        self._challenges: list[bytes] = []  # the last two, the older first
        self._granted: set[bytes] = set()

    def answer(self, apdu: bytes) -> bytes:
        """Give data and status word for any bytes."""
        command = parse(apdu)
        if command is None:
            return WRONG_LENGTH
        serve = _COMMANDS.get(command.cla_ins)
        return serve(self, command) if serve else UNKNOWN_COMMAND

    def select(self, command: Command) -> bytes:
        if command.p1 == 4:
            return self._select_application(command)
        if command.p1 not in {0, 2} or command.p2 != 0:
            return WRONG_P1_P2
        if not self._selected or command.data not in _FIDS:
            return NOT_FOUND
        self._current = _FIDS[command.data]
        return OK

    def _select_application(self, command: Command) -> bytes:
        if command.p2 != 0:
            return WRONG_P1_P2
        if command.data != AID:
            return NOT_FOUND
        self._selected = True
        self._current = None
        self._granted.clear()
        return FCI + OK

    def read_record(self, command: Command) -> bytes:
        if command.data:
            return WRONG_LENGTH
        if not self._selected:
            return NO_FILE_SELECTED
        sfi, how = command.p2 >> 3, command.p2 & 7
        if sfi not in {0, *self._files}:
            return NOT_FOUND
        if how != 4 and command.p2 != 0:
            return WRONG_P1_P2
        file = sfi or self._current
        if file is None:
            return NO_FILE_SELECTED
        if file == _EF06 and RKSSSE not in self._granted:
            return NOT_ALLOWED
        record = self._record(file, command.p1, by_tag=command.p2 == 0)
        if record is None:
            return NO_RECORD
        if command.le not in {None, 0, len(record)}:
            return bytes([0x6C, len(record)])
        return record + OK

    def _record(self, file: int, p1: int, *, by_tag: bool) -> bytes | None:
        records = self._files[file]
        if by_tag:
            return next((record for record in records if record[0] == p1), None)
        return records[p1 - 1] if 1 <= p1 <= len(records) else None

    def get_challenge(self, command: Command) -> bytes:
        if command.p1_p2 != (0, 0):
            return WRONG_P1_P2
        if command.data or command.le not in {0, 8}:
            return WRONG_LENGTH
        challenge = self._draw(8)
        self._challenges = [*self._challenges[-1:], challenge]
        return challenge + OK

    def internal_authenticate(self, command: Command) -> bytes:
        if command.p1_p2 != (0, 0):
            return WRONG_P1_P2
        if len(command.data) != 16:
            return WRONG_LENGTH
        if not self._selected:
            return NO_FILE_SELECTED
        return authentication(self._keys[IRK], command.data[:8], command.data[8:]) + OK

    def external_authenticate(self, command: Command) -> bytes:
        if command.p1 != 0:
            return WRONG_P1_P2
        if len(command.data) != 16:
            return WRONG_LENGTH
        master = _EXTERNAL_KEYS.get(command.p2)
        if master is None:
            return NO_SUCH_KEY
        if len(self._challenges) < 2:
            return NO_CHALLENGE
        source, factor = self._challenges
        self._challenges = []
        if command.data != authentication(self._keys[master], factor, source) + factor:
            return NOT_AUTHENTIC
        self._granted.add(master)
        return OK

    def verify(self, command: Command) -> bytes:
        if command.p1_p2 != (0, 0):
            return WRONG_P1_P2
        if not command.data:
            return self._tries_left()
        return self._try(command.data)

    def change_pin(self, command: Command) -> bytes:
        if command.p1_p2 != (1, 0):
            return WRONG_P1_P2
        if self._tries == 0:
            return PIN_BLOCKED
        old, _, new = command.data.partition(b"\xff")
        if not is_pin(new):
            return WRONG_DATA
        tried = self._try(old)
        if tried == OK:
            self._pin = new
        return tried

    def _try(self, pin: bytes) -> bytes:
        if self._tries == 0:
            return PIN_BLOCKED
        if pin != self._pin:
            self._tries -= 1
            return self._tries_left()
        self._tries = _TRIES
        return OK

    def _tries_left(self) -> bytes:
        return bytes([0x63, 0xC0 | self._tries]) if self._tries else PIN_BLOCKED

    def unblock_or_reload(self, command: Command) -> bytes:
        if command.p1 != 0 or command.p2 not in {0, 1}:
            return WRONG_P1_P2
        reload = command.p2 == 1
        if len(command.data) != (20 if reload else 4) or command.le is not None:
            return WRONG_LENGTH
        if not self._challenges:
            return NO_CHALLENGE
        challenge = self._challenges[-1]
        self._challenges = []
        header = command.cla_ins + bytes([command.p1, command.p2, len(command.data)])
        block, sent = command.data[:-4], command.data[-4:]
        if sent != mac(self._keys[RPK if reload else PUK], challenge, header + block):
            return WRONG_MAC
        return self._reload(block) if reload else self._unblock()

    def _unblock(self) -> bytes:
        self._tries = _TRIES
        return OK

    def _reload(self, block: bytes) -> bytes:
        if RPK not in self._granted:
            return NOT_ALLOWED
        clear = sm4.decrypt(self._keys[RPK], block)
        pin = clear[1 : 1 + clear[0]]
        if clear != pad80(clear[:1] + pin) or not is_pin(pin):
            return WRONG_DATA
        self._pin = pin
        self._tries = _TRIES
        return OK


_COMMANDS: dict[bytes, Callable[[OtherCard, Command], bytes]] = {
    bytes.fromhex("00A4"): OtherCard.select,
    bytes.fromhex("00B2"): OtherCard.read_record,
    bytes.fromhex("0084"): OtherCard.get_challenge,
    bytes.fromhex("0088"): OtherCard.internal_authenticate,
    bytes.fromhex("0082"): OtherCard.external_authenticate,
    bytes.fromhex("0020"): OtherCard.verify,
    bytes.fromhex("805E"): OtherCard.change_pin,
    bytes.fromhex("8424"): OtherCard.unblock_or_reload,
}

_POWER_OFF, _POWER_ON, _RESET, _GET_ATR = b"\x00", b"\x01", b"\x02", b"\x04"
_RETRY_S = 0.05


def serve(card: OtherCard, slot: socket.socket) -> None:
    """Be the card in vpcd's slot until vpcd hangs up."""
    for message in _messages(slot):
        if message in {_POWER_OFF, _POWER_ON, _RESET}:
            card.reset()
            continue
        reply = ATR if message == _GET_ATR else card.answer(message)
        slot.sendall(len(reply).to_bytes(2, "big") + reply)


def _messages(slot: socket.socket) -> Iterator[bytes]:
    while head := _receive(slot, 2):
        length = int.from_bytes(head, "big")
        message = _receive(slot, length)
        if len(message) < length:
            return
        yield message


def _receive(slot: socket.socket, length: int) -> bytes:
    """Give so many bytes, or none when vpcd hung up before the last of them."""
    data = b""
    while len(data) < length:
        # vpcd writes length and body apart: without this each APDU waits 40 ms for a delayed ACK.
        slot.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        piece = slot.recv(length - len(data))
        if not piece:
            return b""
        data += piece
    return data


def connect(port: int) -> socket.socket:
    """Give the slot as soon as vpcd listens for it."""
    while True:
        with contextlib.suppress(ConnectionError):
            slot = socket.create_connection(("127.0.0.1", port))
            # Where nobody listens, TCP can connect a port to itself when its turn comes.
            if slot.getsockname() != slot.getpeername():
                return slot
            slot.close()
        time.sleep(_RETRY_S)


def run(card: OtherCard, port: int) -> None:
    """Put the card into the slot whenever there is one, for ever."""
    slot = connect(port)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        with slot, contextlib.suppress(ConnectionError):
            serve(card, slot)
        slot = connect(port)


def main() -> None:
    arguments = argparse.ArgumentParser(description="A second social security card for vpcd.")
    arguments.add_argument("--port", type=int, required=True, help="where vpcd listens")
    arguments.add_argument("--card", choices=sorted(CARD_IDS), default="A")
    chosen = arguments.parse_args()
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(0))
    run(OtherCard(CARD_IDS[chosen.card]), chosen.port)


if __name__ == "__main__":
    main()
