"""`python -m station`, but killed as by kill -9 before or after its n-th word in the journal.

First argument: `before:3`, `after:1`; the rest is the station's own.
"""

import os
import signal
import sys

from station.__main__ import main
from station.journal import Journal

moment, _, number = sys.argv.pop(1).partition(":")
left = iter(range(int(number) - 1, -1, -1))
do = Journal._do


def die(self, statement, *values):
    last = next(left) == 0
    if last and moment == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    done = do(self, statement, *values)
    if last:
        os.kill(os.getpid(), signal.SIGKILL)
    return done


Journal._do = die
sys.exit(main())
