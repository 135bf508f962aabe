"""When Python collects its garbage: while nobody is served, not under a finger.

A full collection walks every object there is; with all pages built that is 300 000, and takes as
long as ten frames (docs/benchmarks.md).
"""

import gc

YOUNG, MIDDLE, OLD = 700, 10, 200
"""Python's own thresholds but for the last (10): full collections only for a visit without end."""


def settle() -> None:
    """Leave all that stands now out of later collections: pages are built once and stay."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)


def sweep() -> None:
    """Collect what the last visit left behind."""
    gc.collect()
