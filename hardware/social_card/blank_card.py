"""A blank card that is a program: it takes its records, and with its initial PIN goes into use.

By analogy, for no issuer publishes its own [P]: docs/devices/social_card.md, "A blank card".
"""

import os
from collections.abc import Callable, Mapping
from typing import Any

from hardware.social_card import records
from hardware.social_card.card_files import Person, application_template
from hardware.social_card.keys import Algorithm
from hardware.social_card.virtual_card import Apdu, Says, VirtualCard, check

_GENERATION = 3
_PERSONALISE = 0x04  # key reference of EXTERNAL AUTHENTICATE
_UPDATE_RECORD = (0x00, 0xDC)
_RELOAD = 0x01  # P2


class BlankCard(VirtualCard):
    """An initialised card: its keys and its 卡识别码, every other record empty, no PIN.

    In use it is as any `VirtualCard`: what writes records is gone for good. What was written stays
    over power cycles, record by record.
    """

    def __init__(
        self,
        card_id: bytes,
        algorithm: Algorithm = Algorithm.SM4,
        random: Callable[[int], bytes] = os.urandom,
    ) -> None:
        super().__init__(Person(card_id=card_id, algorithm=algorithm), random=random)
        self.personalised = False
        self._pin = b""
        self._rows = {
            file: [row for _, row in records.fields_of(file, _GENERATION)]
            for file in records.FILE_IDS
        }
        self._files = {file: [b""] * len(rows) for file, rows in self._rows.items()}
        self._files[records.EF05][0] = records.CARD_ID.encode(card_id.hex().upper())
        self._template = application_template(algorithm, initialised=True)
        self._masters[_PERSONALISE] = "UKSSSE"
        self._commands[_UPDATE_RECORD] = self._update_record

    def kept(self) -> dict[str, Any]:
        """What stays on it without power, as JSON takes it; `BlankCard.of` makes the card of it.

        So a card that was made on one bench can be carried to another.
        """
        return {
            "card_id": self.person.card_id.hex(),
            "files": {str(file): [row.hex() for row in rows] for file, rows in self._files.items()},
            "pin": self._pin.hex(),
            "tries": self.tries,
            "personalised": self.personalised,
        }

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "BlankCard":
        """Give the card again; KeyError, ValueError for what `kept` did not give."""
        card = cls(bytes.fromhex(kept["card_id"]))
        card._files = {
            int(file): [bytes.fromhex(row) for row in rows] for file, rows in kept["files"].items()
        }
        card._pin, card.tries = bytes.fromhex(kept["pin"]), int(kept["tries"])
        if kept["personalised"]:
            card._go_into_use()
        return card

    def _update_record(self, apdu: Apdu) -> bytes:
        check(bool(apdu.data) and apdu.le is None, 0x6700)
        check(self._selected, 0x6985)
        file = self._addressed(apdu.p2)
        check(_PERSONALISE in self._granted, 0x6982)
        rows = self._rows[file]
        tags = [row.tag for row in rows]
        number = tags.index(apdu.p1) + 1 if apdu.p2 == 0 and apdu.p1 in tags else apdu.p1
        if not 1 <= number <= len(rows) or (apdu.p2 == 0 and apdu.p1 not in tags):
            raise Says(0x6A83)
        row = rows[number - 1]
        check(row is not records.CARD_ID, 0x6985)
        check(len(apdu.data) == 2 + row.size, 0x6700)
        check(apdu.data[:2] == bytes([row.tag, row.size]), 0x6A80)
        self._files[file][number - 1] = apdu.data
        return b""

    def _verify(self, apdu: Apdu) -> bytes:
        check(self.personalised, 0x6A88)
        return super()._verify(apdu)

    def _change_pin(self, apdu: Apdu) -> bytes:
        check(self.personalised, 0x6A88)
        return super()._change_pin(apdu)

    def _secured(self, apdu: Apdu) -> bytes:
        """Before it is in use it takes RELOAD alone, and only with all its records written."""
        if self.personalised:
            return super()._secured(apdu)
        whole = all(record for rows in self._files.values() for record in rows)
        check(apdu.p2 == _RELOAD and whole, 0x6985)
        super()._secured(apdu)
        self._go_into_use()
        return b""

    def _go_into_use(self) -> None:
        self.personalised = True
        self._template = application_template(self.person.algorithm)
        del self._masters[_PERSONALISE], self._commands[_UPDATE_RECORD]
        self._granted.discard(_PERSONALISE)
