"""Sticks against the faults of the wire: the kernel speaks with a stick, so it is plugs alone."""

import pytest

from hardware.wire.faults import Kind
from tests.hardware.test_media import PlugRig
from tests.wire.rows import Row, suffers

DEVICE = "media"
KERNEL = "the kernel speaks USB with the stick and hands over whole blocks, or an error"
DEAD = (
    "a stick that does not answer is a blocked read: see tests/hardware/test_media.py, "
    "test_a_stick_that_does_not_answer_is_told_and_the_next_one_read"
)
SLOW = "the kernel waits for a slow stick; nothing for 5 s is told as time_out, see test_media.py"
ROWS = [
    Row("none"),
    Row("unplug", detail="no_media", cure="replug", within_s=1.0),
    Row("power_cycle", within_s=2.0),
    *(Row(kind, exempt=DEAD) for kind in (Kind.SILENCE, Kind.DID_IT, Kind.HALF_OPEN)),
    *(Row(kind, exempt=SLOW) for kind in (Kind.DELAY, Kind.HALVES, Kind.DRIP)),
    *(
        Row(kind, exempt=KERNEL)
        for kind in (
            Kind.DROP_LAST,
            Kind.FLIP_BIT,
            Kind.GARBAGE,
            Kind.NOISE,
            Kind.ECHO,
            Kind.TWICE,
            Kind.OTHER,
        )
    ),
]


class MediaRig(PlugRig):
    """A stick, and its list read as the usual thing."""

    def go_wrong(self, fault):
        if fault.kind is not Kind.NONE:
            self.simulator.go_wrong(fault)

    def go_right(self):
        self.simulator.go_right()


@pytest.fixture
def rig(tmp_path):
    rig = MediaRig(tmp_path)
    yield rig
    rig.slot.close()
    rig.simulator.stop()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.fault)
def test_media_and_wire(rig, row):
    suffers(rig, row)


def test_every_kind_has_a_row():
    assert {row.fault.split()[0] for row in ROWS} == set(Kind)
