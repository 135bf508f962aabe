"""A virtual card as a `Chip`, without a reader: for what has nothing to do with the reader."""

from hardware.chip import ChipGone
from hardware.fault import Cure, DeviceFault
from hardware.t0 import BadAnswer, follow_up


class Renewed:
    """A card that can become as it was made, while it is in the slot."""

    def __init__(self, make):
        self._make = make
        self.renew()

    def renew(self):
        self.card = self._make()

    def power_on(self):
        return self.card.power_on()

    def transmit(self, command):
        return self.card.transmit(command)

    def power_off(self):
        self.card.power_off()


class DirectChip:
    """`pulled_at`: at the n-th command from 1 the card is pulled; `brown_out`: after doing it."""

    def __init__(self, card, pulled_at=0, brown_out=False):
        self.sent = []
        self.buffers = []
        self._card = card
        self._pulled_at = pulled_at
        self._brown_out = brown_out
        self.atr = card.power_on()

    def transmit(self, command):
        self.buffers.append(command)
        try:
            return follow_up(self._exchange, command)
        except BadAnswer:
            raise DeviceFault("social_card", Cure.RETRY, "invalid_data") from None

    def _exchange(self, command):
        self.sent.append(bytes(command))
        pulled = len(self.sent) == self._pulled_at
        if pulled and not self._brown_out:
            raise ChipGone
        reply = self._card.transmit(bytes(command))
        if pulled:
            raise ChipGone
        return reply
