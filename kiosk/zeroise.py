"""What a visit leaves behind in memory is overwritten: freed is not wiped, neither here nor in C.

Memory of more than half a kilobyte is the C library's, which overwrites it as it is freed when it
was told so at the start. Smaller blocks are Python's: one stays as it was until another object
takes it, so when a visit is over and nothing refers to it any more, every free block is taken once,
filled with zeros, and given back. What is measured, and what lingers all the same, is in
docs/guardian.md.
"""

import ctypes
import os

from kiosk.revival import again

TOLD = "GLIBC_TUNABLES"
TUNABLES = "glibc.malloc.perturb=165:glibc.malloc.tcache_count=0:glibc.malloc.arena_max=1"
"""Fill what is freed; put nothing aside for its thread, unfilled; one place for all threads."""

SMALLEST, LARGEST, STEP = 16, 512, 16
"""The sizes of blocks that Python's own allocator gives out (Objects/obmalloc.c)."""
BLOCKS = 12_000
"""More than are free of one size after a visit; at most 6 MB at a time."""


def wipe_what_is_freed() -> None:
    """Begin the program anew with a C library that overwrites what is freed, unless it does.

    It listens at the start of a process only. Any other C library than glibc does not listen.
    """
    if os.environ.get(TOLD) != TUNABLES:
        os.environ[TOLD] = TUNABLES
        again()


def overwrite_freed() -> None:
    """Fill the free blocks of Python's own allocator with zeros; for any thread.

    Call it after a full collection. Takes some 100 ms, in which other threads get their turns.
    """
    for size in range(SMALLEST, LARGEST + 1, STEP):
        blocks = [bytearray(size - 1) for _ in range(BLOCKS)]  # one byte more is its own
        blocks.clear()
    libc = ctypes.CDLL(None)
    if hasattr(libc, "malloc_trim"):
        libc.malloc_trim(0)
