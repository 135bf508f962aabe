"""What every simulator on the bench can be told."""

from typing import Protocol

from hardware.wire.faults import WireFault


class Simulated(Protocol):
    """A simulator: anything with a wire."""

    def go_wrong(self, fault: WireFault) -> None:
        """Let it go wrong in this way from now on."""
        ...

    def go_right(self) -> None:
        """End every fault."""
        ...

    def stop(self) -> None:
        """Take it off the bench."""
        ...
