"""Somebody before the slot for social cards: puts cards in, takes them, types PINs."""

from hardware.bench.refusal import Refusal as HandRefused

OLD, NEW = "482915", "739105"
"""The PIN of the demo person `holder`, and another one."""


class AtSlot:
    """A citizen, and what they do with cards and keys."""

    def __init__(self, citizen):
        self.citizen, self.reader = citizen, citizen.bench.device("social_card")

    def begins(self, service, who="self"):
        self.citizen.choose(service)
        self.citizen.wait("who")
        self.citizen.press(who)

    def puts_in(self, person):
        """The gate opens a little after the page asks for the card."""

        def put():
            try:
                self.citizen.bench.do("social_card", "insert", person=person)
            except HandRefused:
                return False
            return True

        self.citizen.until(put)

    def card(self, person):
        return self.reader._cards[person].chip

    def types(self, digits):
        """Types a PIN on the keys that are shown, and confirms."""
        self.citizen.until(lambda: self.citizen.view.pin and self.citizen.view.pin.dots == 0)
        keys = self.citizen.view.pin.keys
        for digit in digits:
            keys.press(keys.layout.index(int(digit)))
        self.citizen.until(lambda: self.citizen.view.pin.dots == len(digits))
        keys.enter()
        self.citizen.until(
            lambda: not self.citizen.view.pin or self.citizen.view.pin.keys is not keys
        )

    def takes(self):
        self.citizen.until(lambda: self.reader.mechanism.take() is not None)

    def to_old_pin(self, person="holder"):
        self.begins("pin_change")
        self.citizen.wait("card")
        self.puts_in(person)
        self.citizen.wait("person_check")
        self.citizen.press("primary")
        self.citizen.wait("old_pin")

    def to_new_pin(self, person="holder"):
        self.to_old_pin(person)
        self.types(OLD)
        self.citizen.wait("new_pin")

    def resets(self, *, known=False):
        """From the question who it is, unless that is known, on to the new PIN of a reset."""
        if not known:
            self.citizen.wait("person_check")
            self.citizen.press("primary")
        self.citizen.wait("signature")
        self.citizen.sign()
        self.citizen.wait("new_pin")
