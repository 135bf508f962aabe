"""Card A for a virtual reader: ours, one that is not ours, and one from outside.

SOCIAL_CARD_COMMAND="python -m my_card --port {port}" adds a card: a fresh card A each time it
connects to vpcd's port, ended by SIGTERM.
"""

import contextlib
import os
import shlex
import subprocess
import sys
from pathlib import Path

from hardware.social_card.card_files import CARD_A
from hardware.social_card.simulator import SocialCardSimulator
from hardware.social_card.virtual_card import VirtualCard

ROOT = Path(__file__).parents[3]
_OUTSIDE = os.environ.get("SOCIAL_CARD_COMMAND", "")
_OTHER = ROOT / "tests/cards/other_card.py"

CARDS = ["ours", *(["other"] if _OTHER.exists() else []), *(["outside"] if _OUTSIDE else [])]


@contextlib.contextmanager
def card_a(which, port):
    """A fresh card A in the slot of this port, for a while."""
    if which == "ours":
        with SocialCardSimulator(port, {"A": VirtualCard(CARD_A)}) as simulator:
            simulator.insert("A")
            yield
        return
    other = f"{shlex.quote(sys.executable)} -m tests.cards.other_card --port {{port}}"
    command = (other if which == "other" else _OUTSIDE).format(port=port)
    process = subprocess.Popen(["/bin/sh", "-c", f"exec {command}"], cwd=ROOT)
    try:
        yield
    finally:
        process.terminate()
        process.wait(10)
