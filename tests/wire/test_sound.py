"""Speaker and headset against the faults of the wire language: their wire is ALSA's, and one way."""

import numpy as np
import pytest

from hardware.sound.chimes import Chime
from hardware.sound.driver import Sound
from hardware.sound.simulator import SoundSimulator
from tests.wire.rows import Row, suffers

DEVICE = "sound"
NO_ANSWER = "a sound card gives no answers of its own: samples go out, and nothing comes back"

ROWS = [
    Row("none", within_s=3.0),
    Row("unplug", "no_device", "replug", 3.0),
    Row("power_cycle", within_s=3.0),
    Row("half_open", "time_out", "replug", 5.0),
    *(
        Row(fault, exempt=NO_ANSWER)
        for fault in (
            "silence",
            "did_it",
            "delay 1.0",
            "drop_last 1",
            "flip_bit 41",
            "garbage 00ff1337",
            "noise 00ff1337",
            "echo",
            "twice",
            "halves 0.1",
            "other",
            "drip 0.002",
        )
    ),
]


class Rig:
    def __init__(self, simulator: SoundSimulator, sound: Sound) -> None:
        self._simulator, self._sound = simulator, sound
        self.go_wrong, self.go_right = simulator.go_wrong, simulator.go_right

    def work(self) -> None:
        """Try the devices and the voice, play a chime, and hear it."""
        self._sound.status()
        self._simulator.drain()
        self._simulator.clear()
        self._sound.chime(Chime.KEYPRESS)
        assert self._sound.wait(5.0)
        self._simulator.drain()
        assert np.abs(self._simulator.played("speaker").astype(int)).max() > 10_000


@pytest.fixture
def rig(tmp_path):
    with SoundSimulator(tmp_path, pace=20.0) as simulator:
        sound = Sound("speaker", "headset", alsa_config=simulator.config)
        yield Rig(simulator, sound)
        sound.close()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.fault)
def test_a_fault_is_told_and_sound_is_heard_again(rig, row):
    suffers(rig, row)
