"""A program that dies leaves no picture of its memory: who stood there is in it.

A limit of 0 writes no core file; a system that hands cores to a program (systemd-coredump) asks
whether the process may be dumped at all: it may not (core(5), prctl(2)). Both hold until the next
exec, so every start says so; nobody but root can look into the process meanwhile.
"""

import ctypes
import resource

PR_SET_DUMPABLE = 4


def leave_no_dump() -> None:
    """Have the kernel write no core of this process, nor its children a file."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    libc = ctypes.CDLL(None)
    if hasattr(libc, "prctl"):  # Linux
        libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
