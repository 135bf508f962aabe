"""Cards that are programs: what is behind the contacts, for any reader that powers them.

Every command checks in the order of the reference profile. Source: docs/devices/social_card.md.
"""

import hmac
import os
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from hardware.social_card import records
from hardware.social_card.arithmetic import DEMO_KEYS, MAC_SIZE, SCHEMES, Sm4Scheme, card_key
from hardware.social_card.card_files import ATR, Person, application_template, files_of
from hardware.social_card.frames import AID, CHALLENGE_SIZE

ALL_TRIES = 6
_PIN_DIGITS = (4, 16)
_HOLDER, _RESET = 0x0A, 0x06  # key references of EXTERNAL AUTHENTICATE
_RECORD_NUMBER, _CURRENT = 0b100, (0x00, 0x04)
_UNKNOWN = 0x6D00
_SEPARATOR = b"\xff"
_FAILED = 0x63C2  # of EXTERNAL AUTHENTICATE: constant, for there is no counter


class Says(Exception):  # noqa: N818 - a status word
    """The first check that failed."""

    def __init__(self, status: int) -> None:
        super().__init__()
        self.status = status


class Apdu(NamedTuple):
    """A command, taken apart; `le` is none where there is none."""

    p1: int
    p2: int
    data: bytes
    le: int | None
    header: bytes


def _parse(command: bytes) -> Apdu:
    """Take a short APDU apart; only exact lengths are valid."""
    head, body = command[:4], command[4:]
    if len(head) < 4 or (len(body) > 1 and (not body[0] or len(body) - 1 - body[0] not in (0, 1))):  # noqa: PLR2004
        raise Says(0x6700)
    if len(body) <= 1:
        data, le = b"", body
    else:
        data, le = body[1 : 1 + body[0]], body[1 + body[0] :]
    return Apdu(head[2], head[3], data, le[0] if le else None, command[:5])


class VirtualCard:
    """A social security card. `tries`: how many its PIN has left, 0 for a blocked one.

    PIN and tries stay over power cycles, as they do in a card; the rest is forgotten. Any thread
    may power it, one at a time. `random` gives its challenges.
    """

    def __init__(
        self,
        person: Person,
        pin: str = "123456",
        tries: int = ALL_TRIES,
        random: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self.person = person
        self.tries = tries
        self._pin = _packed(pin)
        self._random = random
        self._scheme = SCHEMES.get(person.algorithm)
        self._keys = {name: self._card_key(key) for name, key in DEMO_KEYS.items()}
        self._template = application_template(person.algorithm)
        self._masters = {_HOLDER: "RKSSSE", _RESET: "RPK"}
        self._files = files_of(person)
        self._guarded = person.generation >= 3  # noqa: PLR2004 - EF06 is free before
        self._commands: dict[tuple[int, int], Callable[[Apdu], bytes]] = {
            (0x00, 0xA4): self._select,
            (0x00, 0xB2): self._read_record,
            (0x00, 0x84): self._get_challenge,
            (0x00, 0x88): self._internal_authenticate,
            (0x00, 0x82): self._external_authenticate,
            (0x00, 0x20): self._verify,
            (0x80, 0x5E): self._change_pin,
            (0x84, 0x24): self._secured,
        }
        self.power_off()

    def power_on(self) -> bytes:
        """Power it, or reset it, and give the answer to reset."""
        self.power_off()
        return ATR

    def power_off(self) -> None:
        """Take its power: it forgets what was selected, asked for and granted."""
        self._selected = False
        self._file = 0
        self._challenges: deque[bytes] = deque(maxlen=2)
        self._granted: set[int] = set()

    def transmit(self, command: bytes) -> bytes:
        """Give the R-APDU to a C-APDU."""
        try:
            apdu = _parse(command)
            handler = self._commands.get((command[0], command[1]), _not_supported)
            data = handler(apdu)
        except Says as says:
            return says.status.to_bytes(2, "big")
        return data + b"\x90\x00"

    def _select(self, apdu: Apdu) -> bytes:
        if apdu.p1 == 0x04:  # noqa: PLR2004 - by name
            check(apdu.p2 == 0, 0x6A86)
            check(apdu.data == AID, 0x6A82)
            self._selected, self._file = True, 0
            self._granted.clear()
            return self._template
        check(apdu.p1 in (0x00, 0x02) and apdu.p2 == 0, 0x6A86)
        by_id = {identifier: file for file, identifier in records.FILE_IDS.items()}
        check(self._selected and apdu.data in by_id, 0x6A82)
        self._file = by_id[apdu.data]
        return b""

    def _read_record(self, apdu: Apdu) -> bytes:
        check(not apdu.data, 0x6700)
        check(self._selected, 0x6985)
        file = self._addressed(apdu.p2)
        check(file != records.EF06 or not self._guarded or _HOLDER in self._granted, 0x6982)
        rows = self._files[file]
        if apdu.p2 == 0:
            record = next((row for row in rows if row[:1] == bytes([apdu.p1])), None)
        else:
            record = rows[apdu.p1 - 1] if 1 <= apdu.p1 <= len(rows) else None
        if not record:  # none of this number, or nothing was written to it yet
            raise Says(0x6A83)
        check(apdu.le in (None, 0, len(record)), 0x6C00 | len(record))
        return record

    def _addressed(self, p2: int) -> int:
        if p2 in _CURRENT:
            check(self._file != 0, 0x6985)
            return self._file
        sfi = p2 >> 3
        check(sfi in (0, records.EF05, records.EF06), 0x6A82)
        check(sfi != 0 and p2 & 0b111 == _RECORD_NUMBER, 0x6A86)
        return sfi

    def _get_challenge(self, apdu: Apdu) -> bytes:
        check(not apdu.data and apdu.le in (0, CHALLENGE_SIZE), 0x6700)
        challenge = self._random(CHALLENGE_SIZE)
        self._challenges.append(challenge)
        return challenge

    def _internal_authenticate(self, apdu: Apdu) -> bytes:
        check(len(apdu.data) == 2 * CHALLENGE_SIZE, 0x6700)
        check(self._selected, 0x6985)
        scheme = self._ciphers()
        factor, source = apdu.data[:CHALLENGE_SIZE], apdu.data[CHALLENGE_SIZE:]
        return scheme.answer(self._keys["IRK"], factor, source)

    def _external_authenticate(self, apdu: Apdu) -> bytes:
        check(len(apdu.data) == 2 * CHALLENGE_SIZE, 0x6700)
        check(apdu.p2 in self._masters, 0x6A88)
        check(len(self._challenges) == 2, 0x6984)  # noqa: PLR2004 - source, then factor
        source, factor = self._challenges
        self._challenges.clear()
        right = self._ciphers().answer(self._keys[self._masters[apdu.p2]], factor, source) + factor
        check(hmac.compare_digest(right, apdu.data), _FAILED)
        self._granted.add(apdu.p2)
        return b""

    def _verify(self, apdu: Apdu) -> bytes:
        if not apdu.data:
            raise Says(self._tries_word())
        self._compare(apdu.data)
        return b""

    def _change_pin(self, apdu: Apdu) -> bytes:
        check((apdu.p1, apdu.p2) == (0x01, 0x00), 0x6A86)
        check(self.tries > 0, 0x6983)
        old, separator, new = apdu.data.partition(_SEPARATOR)
        check(bool(separator) and is_pin(new), 0x6A80)
        self._compare(old)
        self._pin = new
        return b""

    def _secured(self, apdu: Apdu) -> bytes:
        """UNBLOCK and RELOAD: the MAC is the end of the command, so there is no Le."""
        check((apdu.p1, apdu.p2) in ((0x00, 0x00), (0x00, 0x01)), 0x6A86)
        scheme, reload = self._ciphers(), apdu.p2 == 1
        size = (scheme.block if reload else 0) + MAC_SIZE
        check(len(apdu.data) == size and apdu.le is None, 0x6700)
        check(bool(self._challenges), 0x6984)
        challenge = self._challenges[-1]
        self._challenges.clear()
        key = self._keys["RPK" if reload else "PUK"]
        sealed, mac = apdu.data[:-MAC_SIZE], apdu.data[-MAC_SIZE:]
        right = scheme.mac(key, challenge, apdu.header + sealed)
        check(hmac.compare_digest(right, mac), 0x6988)
        if reload:
            check(_RESET in self._granted, 0x6982)
            new = scheme.unseal(key, sealed)
            if new is None or not is_pin(new):
                raise Says(0x6A80)
            self._pin = new
        self.tries = ALL_TRIES
        return b""

    def _compare(self, given: bytes) -> None:
        check(self.tries > 0, 0x6983)
        if not hmac.compare_digest(given, self._pin):
            self.tries -= 1
            raise Says(self._tries_word())
        self.tries = ALL_TRIES

    def _card_key(self, master: bytes) -> bytes:
        scheme = self._scheme
        return b"" if scheme is None else card_key(scheme, master, self.person.card_id)

    def _tries_word(self) -> int:
        return 0x63C0 | self.tries if self.tries else 0x6983

    def _ciphers(self) -> Sm4Scheme:
        if self._scheme is None:
            raise Says(_UNKNOWN)
        return self._scheme


def is_pin(packed_pin: bytes) -> bool:
    """Whether these are 4 to 16 digits in BCD, at most the last nibble F."""
    digits = packed_pin.hex().removesuffix("f")
    least, most = _PIN_DIGITS
    return digits.isdecimal() and least <= len(digits) <= most


def _packed(digits: str) -> bytes:
    body = bytes.fromhex(digits + "f" * (len(digits) % 2))
    if not is_pin(body):
        raise ValueError("a PIN has 4 to 16 digits")
    return body


def _not_supported(_apdu: Apdu) -> bytes:
    raise Says(_UNKNOWN)


def check(right: bool, status: int) -> None:  # noqa: FBT001 - a check, not a switch
    """Let the card say this unless it is right."""
    if not right:
        raise Says(status)
