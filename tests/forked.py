"""Kiosks that can be killed: forks of one process that has imported everything already."""

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Mind:
    """A process that forks a kiosk an order, and says lines of a word and what belongs to it."""

    def __init__(self, process: subprocess.Popen[str]):
        self._process = process

    def does(self, *order: object) -> None:
        """Have a kiosk do something."""
        self._process.stdin.write(pickle.dumps(order).hex() + "\n")
        self._process.stdin.flush()

    def heard(self, word: str) -> str:
        """Wait for a line that begins with the word; gives the rest of it."""
        for line in self._process.stdout:
            first, _, rest = line.strip().partition(" ")
            if first == word:
                return rest
        raise AssertionError(f"the process ended before it said {word!r}")


@contextmanager
def mind(module: str) -> Iterator[Mind]:
    """Run a module that reads orders, until its input ends."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-m", module], text=True, **pipes) as process:
        yield Mind(process)
        process.stdin.close()
        assert process.wait(timeout=20) == 0


def say(*words: object) -> None:
    """A line for `Mind.heard`."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def serve(does: Callable[..., None]) -> None:
    """In the module that `mind` runs: a fork an order; says `alive <pid>` and `dead <signal>`."""
    for line in sys.stdin:
        order = pickle.loads(bytes.fromhex(line))
        if pid := os.fork():
            say("alive", pid)
            say("dead", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
        else:
            does(*order)
            os._exit(0)
