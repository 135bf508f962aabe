"""A slot without a reader: for what has nothing to do with the reader."""

from contextlib import contextmanager

from hardware.chip import ChipGone, ChipMute
from hardware.device import Media
from hardware.fault import DeviceFault
from hardware.t0 import follow_up


class DirectSlot:
    """A `CardSlot`. `card` is in it; a hand puts `offered` in when asked, and takes what is given.

    `lost_at`: at so many commands from now the chip is lost, after carrying it out if `brown_out`;
    `comes_back`: the contacts opened for a moment only. `keeps`: no hand takes the card.
    """

    def __init__(self, card=None):
        self.card = card
        self.offered = None
        self.bin, self.taken = [], []
        self.has_bin = self.keeps = False
        self.fault = None
        self.lost_at, self.brown_out, self.comes_back = 0, False, False
        self.sent = []

    def accept(self, cancel, timeout_s):
        self._raise()
        if self.card is None and not cancel.is_set():
            self.card, self.offered = self.offered, None
        return self.card is not None

    @contextmanager
    def session(self):
        self._raise()
        if self.card is None:
            raise ChipGone
        chip = _Chip(self, self.card)
        yield chip
        chip.gone = True

    def give_back(self, cancel, timeout_s):
        self._raise()
        if self.keeps:
            return Media.PRESENT
        self.taken.append(self.card)
        self.card = None
        return Media.NOT_PRESENT

    def retain(self):
        if not self.has_bin:
            return Media.PRESENT
        self.bin.append(self.card)
        self.card = None
        return Media.RETAINED

    def card_present(self):
        self._raise()
        return self.card is not None

    def heard(self, command):
        self.sent.append(bytes(command))
        self.lost_at -= 1
        lost = self.lost_at == 0
        card = self.card
        if lost and not self.comes_back:
            self.card = None
        if lost and not self.brown_out:
            raise ChipGone
        reply = card.transmit(bytes(command))
        if lost:
            raise ChipGone
        return reply

    def _raise(self):
        if self.fault:
            raise self.fault


class _Chip:
    def __init__(self, slot, card):
        self.gone = False
        self._slot = slot
        self.atr = card.power_on()
        if not self.atr:
            raise ChipMute

    def transmit(self, command):
        assert not self.gone
        return follow_up(self._slot.heard, command)


NO_READER = DeviceFault("social_card", "replug", "no_device")
