"""The kiosk with faults: 大字 raises, 语音 never returns; the tick raises once the mark is there."""

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


def tick(kiosk, real=app.Kiosk.tick):
    mark = kiosk.settings.data_dir / "raise"
    if mark.exists():
        mark.unlink()
        raise RuntimeError("张三 cannot be shown")
    real(kiosk)


if __name__ == "__main__":
    app.Kiosk._wish, app.Kiosk.tick = wish, tick
    sys.exit(app.main(sys.argv[1:]))
