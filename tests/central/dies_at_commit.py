"""`python -m central`, but killed as by kill -9 the moment an application is about to be, or is, held.

First argument: `before_commit` or `after_commit`; the rest is the centre's own.
"""

import os
import signal
import sys

from sqlalchemy import event
from sqlalchemy.orm import Session

from central import group_commit
from central.__main__ import main
from central.applications.records import Application


def watch(session, _flush):
    global held  # noqa: PLW0603 - this process has one purpose
    if any(isinstance(row, Application) for row in session.new):
        held = True
        if moment == "before_commit":
            os.kill(os.getpid(), signal.SIGKILL)


class Deadly(group_commit._Group):
    """A group of turns whose commit is the last thing that is done."""

    def end(self, error):
        if held and error is None:
            os.kill(os.getpid(), signal.SIGKILL)
        super().end(error)


moment, *rest = sys.argv[1:]
held = False
event.listen(Session, "after_flush", watch)
group_commit._Group = Deadly
sys.exit(main(rest))
