"""`python -m central`, but killed as by kill -9 the moment an application is about to be, or is, held.

First argument: `before_commit` or `after_commit`; the rest is the centre's own.
"""

import os
import signal
import sys

from sqlalchemy import event
from sqlalchemy.orm import Session

from central.__main__ import main
from central.applications.records import Application


def watch(session, _flush):
    if any(isinstance(row, Application) for row in session.new):
        session.info["application"] = True
        if moment == "before_commit":
            os.kill(os.getpid(), signal.SIGKILL)


def committed(session):
    if "application" in session.info:
        os.kill(os.getpid(), signal.SIGKILL)


moment, *rest = sys.argv[1:]
event.listen(Session, "after_flush", watch)
event.listen(Session, "after_commit", committed)
sys.exit(main(rest))
