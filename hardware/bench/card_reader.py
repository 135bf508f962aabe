"""The slot for social cards on the bench: behind a real pcscd, or of a motorised reader."""

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from hardware.bench.pcsc import READER, Pcscd
from hardware.bench.people import CardTable, Person
from hardware.bench.simulated import Simulated
from hardware.card_transport.simulator import Card, CardTransportSimulator
from hardware.social_card import card_files
from hardware.social_card.simulator import SocialCardSimulator
from hardware.social_card.virtual_card import ALL_TRIES, VirtualCard
from hardware.wire.faults import Kind, WireFault

_CHONGQING = bytes.fromhex("500000D156000005")
_FILL = bytes.fromhex("FFFFFFFF")

Make = Callable[[], VirtualCard]


class Slot(Simulated, Protocol):
    """A slot on the bench; a card keeps its PIN and its counter as long as the bench runs."""

    address: str

    def start(self) -> None:
        """Put it on the bench."""
        ...

    def insert(self, key: str, make: Make) -> bool:
        """Put in the card of this key, made when it is first asked for; False if it is shut out."""
        ...

    def issue_anew(self) -> None:
        """Forget every card's life: whoever puts theirs in next has it as it was issued."""
        ...

    def take(self) -> None:
        """Take out what a hand can take."""
        ...

    def state(self) -> Mapping[str, Any]:
        """Give what is seen of it."""
        ...


def social_card(person: Person) -> VirtualCard:
    """Give the social card of a demo person: their last one, else one the centre does not know."""
    table, chip = person.id_card, person.chip
    assert table is not None
    card = person.card[-1] if person.card else _unknown(person)
    return VirtualCard(
        card_files.Person(
            card_id=bytes.fromhex(card.identifier),
            card_number=card.number,
            version=chip.version,
            social_number=person.id_number,
            name=person.name,
            sex=table.sex,
            nation=table.ethnicity or "97",
            birthplace=person.id_number[:6],
            born=table.birth,
        ),
        pin=chip.pin,
        tries=ALL_TRIES if chip.tries is None else chip.tries,
    )


def _unknown(person: Person) -> CardTable:
    """A card issued in Chongqing, of a number of its own."""
    digest = hashlib.sha256(person.id_number.encode()).digest()[:4]
    identifier = (_CHONGQING + digest + _FILL).hex().upper()
    return CardTable(number=f"A{int.from_bytes(digest, 'big') % 10**8:08}", identifier=identifier)


class CardReader:
    """A dip reader: pcscd with vpcd's reader, and cards that come to it. Needs root."""

    def __init__(self, folder: Path) -> None:
        self.address = READER
        self._pcscd = Pcscd(folder)
        self._cards: SocialCardSimulator | None = None

    def start(self) -> None:
        """Start pcscd; PcscdError says what is needed."""
        self._pcscd.start()
        self._cards = SocialCardSimulator(self._pcscd.port, {})

    def stop(self) -> None:
        """Take the card out and end pcscd."""
        self.take()
        self._pcscd.stop()

    def go_wrong(self, fault: WireFault) -> None:
        """Pull the reader's plug, or let the card go wrong."""
        if fault.kind is Kind.UNPLUG and not fault.only and not fault.after:
            self._pcscd.lose_reader()
        elif self._cards is not None:
            self._cards.go_wrong(fault)

    def go_right(self) -> None:
        """End every fault; the reader is there again, on the same ports."""
        if self._cards is not None:
            self._cards.go_right()
        self._pcscd.restart()

    def insert(self, key: str, make: Make) -> bool:
        """Put a card in, in place of any other."""
        if self._cards is None:
            return False
        if key not in self._cards.cards:
            self._cards.cards[key] = make()
        self._cards.insert(key)
        return True

    def issue_anew(self) -> None:
        """Forget every card's life: whoever puts theirs in next has it as it was issued."""
        if self._cards is not None:
            self._cards.cards.clear()

    def take(self) -> None:
        """Pull the card."""
        if self._cards is not None:
            self._cards.remove()

    def state(self) -> Mapping[str, Any]:
        """Give whose card is in."""
        return {"person": (self._cards.inserted if self._cards else "") or None}


class MotorReader(CardTransportSimulator):
    """A motorised reader, and cards a hand puts at its gate."""

    def __init__(self, link: Path, baudrate: int = 9600) -> None:
        super().__init__(link, baudrate)
        self.address = str(link)
        self._cards: dict[str, Card] = {}

    def insert(self, key: str, make: Make) -> bool:
        """Push a card in; only an open gate takes it."""
        if key not in self._cards:
            self._cards[key] = Card(make())
        return self.mechanism.insert(self._cards[key])

    def issue_anew(self) -> None:
        """Forget every card's life: whoever puts theirs in next has it as it was issued."""
        self._cards.clear()

    def take(self) -> None:
        """Take the card that is at the gate."""
        self.mechanism.take()

    def state(self) -> Mapping[str, Any]:
        """Give where the card is."""
        return {"place": self.mechanism.place}
