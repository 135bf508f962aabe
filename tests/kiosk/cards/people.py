"""Whose card it is, a visit about it, and a person who types, puts cards in and takes them."""

import threading
from datetime import date
from types import MappingProxyType

from hardware.social_card.card_files import Person as Holder
from hardware.social_card.virtual_card import VirtualCard
from kiosk.desk import Ask
from kiosk.services.answers import Eligible, PaperRead, Strokes
from kiosk.services.card_answers import CardRead, PinEntry, PinRight
from kiosk.visit import Service, Visit
from regulation.papers import Paper
from regulation.rules import Applicant

KIOSK = "0017"
OLD, NEW = "123456", "739105"
ID_NUMBER, CARD_NUMBER, NAME = "50010319850612019X", "A00000001", "刘强"
HOLDER = Holder(
    card_id=bytes.fromhex("500000D15600000500000001FFFFFFFF"),
    card_number=CARD_NUMBER,
    social_number=ID_NUMBER,
    name=NAME,
    sex="1",
    birthplace="500103",
    born="19850612",
)
"""刘强 of tests/central/people.toml, and the card the centre knows."""
PHONE = "138****8000"
PAPER = PaperRead(
    Paper.SS_CARD, CARD_NUMBER, NAME, sex="男", birth="19850612", social_number=ID_NUMBER
)


def virtual(holder=HOLDER, **options):
    """The holder's card, with the PIN `OLD`."""
    return VirtualCard(holder, **options)


def visit(service="pin_change", **facts):
    """A visit whose card was read."""
    known = {
        "today": date(2026, 11, 23),
        "who": Applicant.SELF,
        "applicant": PAPER,
        "card": CardRead(PAPER, 6),
        "eligibility": Eligible(NAME, phone=PHONE),
    }
    if service == "pin_change":
        known["old_pin"] = PinRight()
    else:
        known["signature"] = Strokes((((0.1, 0.5), (0.9, 0.5)),))
    nothing = Service(service, (), (), lambda _code: 0)
    return Visit(nothing, MappingProxyType(known | facts))


class Person:
    """Types when a keypad is shown, by what is asked for; does what a word of progress asks.

    `types`: digits, and "cancel" or "clear", by the phase; `does`: what is done once at a word.
    """

    def __init__(self, pad):
        self.pad, self.words = pad, []
        self.types = {"old_pin": OLD, "new_pin": NEW, "new_pin_again": NEW}
        self.does, self.cancel = {}, threading.Event()

    def ask(self, of=None):
        self.cancel = threading.Event()
        return Ask(of, self.cancel, self.hears)

    def leaves(self):
        self.cancel.set()

    def hears(self, word):
        self.words.append(word)
        entry = PinEntry.of(word)
        if entry and entry.dots == 0:
            self.press(*self.typed(entry.phase))
        if act := self.does.pop(entry.phase if entry else word, None):
            act()

    def typed(self, phase):
        digits = self.types[phase]
        return (digits, "enter") if digits.isdigit() else (digits,)

    def press(self, *keys):
        for key in keys:
            if key.isdigit():
                for digit in key:
                    self.pad.keypad.press(self.pad.keypad.layout.index(int(digit)))
            elif key:
                getattr(self.pad.keypad, key)()
