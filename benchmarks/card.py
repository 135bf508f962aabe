"""What the driver of the social card adds to the bare reader, over a real pcscd with vpcd.

Run as root: python -m benchmarks.card
"""

import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from hardware.bench.pcsc import Pcscd
from hardware.social_card import frames
from hardware.social_card.card import SocialCard
from hardware.social_card.card_files import CARD_A
from hardware.social_card.driver import PcscChip, PcscSlot
from hardware.social_card.outcomes import Changed, Holder
from hardware.social_card.pcsc_codes import PCI, scard
from hardware.social_card.profile import Profile, read_profile
from hardware.social_card.simulator import SocialCardSimulator
from hardware.social_card.virtual_card import VirtualCard
from tests.hardware.cards.hsm import Hsm  # the centre without its network

PROFILES = Path(__file__).parents[1] / "config/profiles/social_card.toml"
BATCHES, BATCH, ROUNDS, INSERTS = 20, 100, 20, 6
AIM = 1.2
NEVER = threading.Event()


class TimedChip:
    """A chip, and the seconds that passed inside it."""

    def __init__(self, chip: PcscChip) -> None:
        self._chip = chip
        self.seconds = 0.0
        self.atr = chip.atr

    def transmit(self, command: bytes | bytearray) -> bytes:
        began = time.perf_counter()
        reply = self._chip.transmit(command)
        self.seconds += time.perf_counter() - began
        return reply


def measure() -> dict[str, float]:
    """Give milliseconds, and ratios: driver over reader, whole operations over their commands."""
    profile = read_profile(PROFILES, "reference")
    with tempfile.TemporaryDirectory() as folder, Pcscd(folder) as pcscd:
        slot = PcscSlot()
        with SocialCardSimulator(pcscd.port, {"A": VirtualCard(CARD_A)}) as simulator:
            insert_s = _insert_s(slot, simulator)
            with slot.session() as chip:
                raw_s, driver_s, ratio = _round_trip(chip)
                holder_s, holder = _operation(chip, profile, _read_holder)
                reset_s, reset = _operation(chip, profile, _reset)
        slot.close()
    return {
        "apdu_raw_ms": raw_s * 1000,
        "apdu_driver_ms": driver_s * 1000,
        "apdu_ratio": ratio,
        "card_holder_ms": holder_s * 1000,
        "card_holder_ratio": holder,
        "card_reset_ms": reset_s * 1000,
        "card_reset_ratio": reset,
        "card_insert_seen_ms": insert_s * 1000,
    }


def _round_trip(chip: PcscChip) -> tuple[float, float, float]:
    """Give GET CHALLENGE by the reader and by the driver, in turns in the same session."""
    command = frames.GET_CHALLENGE.apdu()
    handle = chip._handle  # noqa: SLF001 - the same card, without the driver
    pci = PCI[handle.protocol]

    def bare() -> None:
        _, reply = scard.SCardTransmit(handle.number, pci, list(command))
        assert bytes(reply)[-2:] == b"\x90\x00"

    def driven() -> None:
        assert chip.transmit(command)[-2:] == b"\x90\x00"

    pairs = [(_batch_s(bare), _batch_s(driven)) for _ in range(BATCHES)]
    ratio = statistics.median(two / one for one, two in pairs)
    one, two = (statistics.median(column) for column in zip(*pairs, strict=True))
    return one, two, ratio


def _batch_s(call: Callable[[], None]) -> float:
    times: list[float] = []
    for _ in range(BATCH):
        began = time.perf_counter()
        call()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def _operation(
    chip: PcscChip, profile: Profile, operation: Callable[[SocialCard], object]
) -> tuple[float, float]:
    """Give the median seconds of an operation with its HSM, and over the sum of its commands."""
    whole: list[float] = []
    ratios: list[float] = []
    for _ in range(ROUNDS):
        timed = TimedChip(chip)
        began = time.perf_counter()
        operation(SocialCard(timed, profile))
        whole.append(time.perf_counter() - began)
        ratios.append(whole[-1] / timed.seconds)
    return statistics.median(whole), statistics.median(ratios)


def _read_holder(card: SocialCard) -> None:
    assert isinstance(card.read_holder(Hsm()), Holder)


def _reset(card: SocialCard) -> None:
    assert card.reload(Hsm(), "112233") == Changed()


def _insert_s(slot: PcscSlot, simulator: SocialCardSimulator) -> float:
    """Give the median from the card going in to the driver saying so; pcscd looks every 0.4 s."""
    times: list[float] = []
    for number in range(INSERTS):
        NEVER.wait(0.5 + number * 0.4 / INSERTS)  # at different moments between two looks
        began = time.perf_counter()
        simulator.insert("A")
        assert slot.accept(NEVER, 5)
        times.append(time.perf_counter() - began)
        if number < INSERTS - 1:
            simulator.remove()
            slot.give_back(NEVER, 5)
    return statistics.median(times)


if __name__ == "__main__":
    for name, value in measure().items():
        print(f"{name:18} {value:.6f}")
    print(f"{'aim':18} {AIM:.6f}")
