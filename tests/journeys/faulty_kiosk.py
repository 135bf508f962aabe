"""The kiosk with two faults in its touch handlers: 大字 raises, 语音 never returns."""

import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from kiosk import app
from screens.view import Wish


def wish(_kiosk, wished):
    if wished is Wish.LARGE:
        raise RuntimeError("a fault in a touch handler")
    threading.Event().wait()


if __name__ == "__main__":
    app.Kiosk._wish = wish
    sys.exit(app.main(sys.argv[1:]))
