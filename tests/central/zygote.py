"""The centre as processes that can be killed: forks of one that has imported everything already.

Reads orders, one a line: the arguments of `python -m central` as JSON. Says the process id of the
fork that carries them out, then what the fork says, then `dead <signal>`, a line each.
"""

import json
import os
import sys

from central.__main__ import main
from central.app import build_app
from central.operation import serving  # noqa: F401 - imported before the first fork


def carry_out(arguments):
    """In the fork: it ends here, whatever happens."""
    code = 1
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        code = main(arguments)
    finally:
        os._exit(code)


def say(*words):
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    build_app(None)  # imports what only a served app needs
    for line in sys.stdin:
        if (pid := os.fork()) == 0:
            carry_out(json.loads(line))
        say(pid)
        say("dead", os.WTERMSIG(os.waitpid(pid, 0)[1]))
