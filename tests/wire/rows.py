"""Every device against every fault of the wire language: what a row is, and how it is tested.

A device's file `tests/wire/test_<device>.py` has DEVICE, ROWS and a fixture `rig`, and calls
`suffers` for each row. `page.py` makes docs/devices/faults.md of all rows.
"""

import time
from dataclasses import dataclass
from typing import Protocol

import pytest

from hardware.fault import DeviceFault
from hardware.wire.faults import WireFault, parse


class Rig(Protocol):
    """A driver and its simulator."""

    def work(self) -> None:
        """Do the usual thing with the driver and check what it gives; DeviceFault if it cannot."""
        ...

    def go_wrong(self, fault: WireFault) -> None: ...

    def go_right(self) -> None:
        """End the fault, plugged in again; what a person would put right is put right."""
        ...


@dataclass(frozen=True)
class Row:
    """A fault in its language, and what the driver makes of it.

    `detail` and `cure` are the DeviceFault's; both empty: the driver gets over it and `work` is
    done. Several allowed details are written "time_out|no_device". `within_s` is the deadline.
    `exempt`: why this fault cannot happen to this device; then nothing is tested.
    """

    fault: str
    detail: str = ""
    cure: str = ""
    within_s: float = 5.0
    exempt: str = ""


def suffers(rig: Rig, row: Row) -> None:
    """The fault is told in time with its cure, and served again when it is gone, by itself."""
    if row.exempt:
        assert not row.detail
        return
    rig.work()
    rig.go_wrong(parse(row.fault))
    began = time.monotonic()
    if row.detail:
        with pytest.raises(DeviceFault) as told:
            rig.work()
        assert told.value.detail in row.detail.split("|")
        assert told.value.cure == row.cure
    else:
        rig.work()
    assert time.monotonic() - began <= row.within_s
    rig.go_right()
    rig.work()
