"""The lamp board against every fault of the wire language."""

from pathlib import Path

import pytest

from hardware.auxiliaries.driver import Auxiliaries, Flash, Light, read_profile
from hardware.auxiliaries.simulator import AuxiliariesSimulator
from tests.wire.rows import Row, suffers

DEVICE = "auxiliaries"
FAST = 115200  # the line's pace costs nothing here; tests/hardware have it at 9600
PROFILE = read_profile(Path("config/profiles/auxiliaries.toml"))

ROWS = [
    Row("none", within_s=1.0),
    Row("silence", "time_out", "replug", 1.5),
    Row("did_it", "time_out", "replug", 1.5),
    Row("delay 1.0", "time_out", "replug", 1.5),
    Row("delay 0.5 only read_coils times 1", within_s=1.5),
    Row("drop_last 1", "invalid_data", "retry", 1.5),
    Row("drop_last 99", "time_out", "replug", 1.5),
    Row("drop_last 2 only write_coils times 1", within_s=1.5),
    Row("flip_bit 20", "invalid_data", "retry", 1.5),
    Row("flip_bit 9 times 1", within_s=1.5),
    Row("garbage 00ff1337", within_s=1.0),
    Row("garbage 02020100a1cc", within_s=1.0),  # a whole answer of another unit
    Row("noise 00ff1337", within_s=1.0),
    Row("echo", within_s=1.0),
    Row("twice", within_s=1.0),
    Row("halves 0.1", within_s=1.5),
    Row("other", "invalid_data", "retry", 1.5),
    Row("drip 0.002", within_s=1.0),
    Row("half_open", "time_out", "replug", 1.5),
    Row("unplug", "no_device", "replug", 1.0),
    Row("unplug after 1", "no_device", "replug", 1.0),
    Row("power_cycle", "no_device", "replug", 1.0),
    Row("power_cycle after 1 times 1", "no_device", "replug", 1.0),
]


class Rig:
    def __init__(self, simulator: AuxiliariesSimulator, lamps: Auxiliaries) -> None:
        self._simulator, self._lamps = simulator, lamps
        self.go_wrong, self.go_right = simulator.go_wrong, simulator.go_right

    def work(self) -> None:
        """Light a lamp, look at it and at the contacts, and make it dark again."""
        self._lamps.set_light(Light.HELP, Flash.CONTINUOUS)
        self._lamps.status()
        assert self._simulator.lit("help")
        assert self._lamps.inputs() == self._simulator.inputs()
        self._lamps.set_light(Light.HELP, Flash.OFF)
        assert not self._simulator.lit("help")


@pytest.fixture
def rig(tmp_path):
    with AuxiliariesSimulator(tmp_path / DEVICE, PROFILE, baudrate=FAST) as simulator:
        lamps = Auxiliaries(str(simulator.link), 1, PROFILE, FAST)
        yield Rig(simulator, lamps)
        lamps.close()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.fault)
def test_a_fault_is_told_and_the_board_is_served_again(rig, row):
    suffers(rig, row)
