"""Unplugging the reader again and again: what the test does 30 times, anybody may do 1,000 times."""

import contextlib
import tempfile
import threading

import pytest

from hardware.bench.pcsc import Pcscd
from hardware.device import State
from hardware.fault import DeviceFault
from hardware.social_card.card_files import CARD_A
from hardware.social_card.driver import PcscSlot
from hardware.social_card.simulator import SocialCardSimulator
from hardware.social_card.virtual_card import VirtualCard

NEVER = threading.Event()


class PlugRig:
    """A slot on a real pcscd. With `card`, `work` also powers one: half a second more a time."""

    def __init__(self, pcscd, slot, simulator):
        self._pcscd, self._slot, self._simulator = pcscd, slot, simulator

    def unplug(self):
        self._pcscd.lose_reader()
        with pytest.raises(DeviceFault) as told:
            self._slot.status()
        assert (told.value.detail, told.value.cure) == ("no_device", "replug")

    def plug(self):
        self._pcscd.restart()

    def work(self):
        assert self._slot.status().state is State.ONLINE
        if self._simulator is not None:
            assert self._slot.accept(NEVER, 5)
            with self._slot.session() as chip:
                assert chip.transmit(bytes.fromhex("0084000008"))[-2:] == b"\x90\x00"


@contextlib.contextmanager
def plug_rig(card=False):
    with tempfile.TemporaryDirectory() as folder, Pcscd(folder) as pcscd:
        slot = PcscSlot()
        with contextlib.closing(slot), contextlib.ExitStack() as stack:
            simulator = None
            if card:
                cards = {"A": VirtualCard(CARD_A)}
                simulator = stack.enter_context(SocialCardSimulator(pcscd.port, cards))
                simulator.insert("A")
            yield PlugRig(pcscd, slot, simulator)
