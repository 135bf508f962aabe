"""A store that is killed before its n-th call of the system: `python -m … FOLDER N`.

It commits revision 13, then tries 14 and finds it bad; it says what it has done as it goes.
"""

import os
import signal
import sys
from pathlib import Path

from kiosk.configuration.store import Failure, Store


def dying(call, left):
    def dies(*args, **named):
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*args, **named)

    return dies


def say(word):
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


def main(folder, number):
    store, left = Store(Path(folder)), [int(number)]
    os.fsync, os.open = dying(os.fsync, left), dying(os.open, left)
    Path.replace, Path.unlink = dying(Path.replace, left), dying(Path.unlink, left)
    for revision in (13, 14):
        store.stage(revision, b"%d" % revision * 100)
        say(f"staged {revision}")
        store.begin(revision)
        say(f"trying {revision}")
        if revision == 13:
            store.commit()
            say(f"committed {revision}")
    store.fail(14, Failure("probation", "frames"))
    say("failed 14")


if __name__ == "__main__":
    main(*sys.argv[1:])
