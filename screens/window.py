"""The window: Kivy's settings for a kiosk.

Kivy reads environment and settings when it is first imported: call `configure` before any
module that imports Kivy (everything under `screens.widgets`). The values and their reasons are in
docs/devices/screen.md.
"""

import os
import sys
from pathlib import Path

_OPTIONS: dict[str, dict[str, str]] = {
    "kivy": {
        "exit_on_escape": "0",
        "keyboard_mode": "system",
        "log_enable": "0",
        "log_level": "warning",
    },
    "graphics": {
        "resizable": "0",
        "multisamples": "0",  # two samples double the cost of a frame on software GL
        "vsync": "0",
        "maxfps": "60",
    },
}

_ENVIRONMENT = {
    "KIVY_NO_ARGS": "1",
    "KIVY_NO_CONFIG": "1",
    "KIVY_NO_FILELOG": "1",
    "KIVY_NO_CONSOLELOG": "1",
    "KIVY_LOG_MODE": "PYTHON",  # leaves stderr and the root logger alone
    "KIVY_METRICS_DENSITY": "1",
    "KIVY_CLIPBOARD": "dummy",  # the others start xclip
}


def configure(width: int, height: int, state_dir: Path, *, fullscreen: bool) -> None:
    """Set Kivy up for a window of `width` x `height` pixels; nothing is written but `state_dir`.

    Raises RuntimeError when Kivy was imported before.
    """
    if "kivy" in sys.modules:
        raise RuntimeError("screens.window.configure must run before Kivy is imported")
    home = state_dir / "kivy"
    home.mkdir(parents=True, exist_ok=True)
    os.environ.update(_ENVIRONMENT, KIVY_HOME=str(home))
    from kivy.config import Config  # noqa: PLC0415  only now does Kivy find its environment

    for section, options in _OPTIONS.items():
        for name, value in options.items():
            Config.set(section, name, value)
    for name, value in _window_options(width, height, fullscreen=fullscreen).items():
        Config.set("graphics", name, value)
    # Exactly one source of touches: with probesysfs a panel known to X is heard twice.
    Config.remove_section("input")
    Config.add_section("input")
    Config.set("input", "mouse", "mouse,disable_multitouch")


def _window_options(width: int, height: int, *, fullscreen: bool) -> dict[str, str]:
    return {
        "width": str(width),
        "height": str(height),
        "fullscreen": "auto" if fullscreen else "0",
        "borderless": "1" if fullscreen else "0",
        "show_cursor": "0" if fullscreen else "1",
    }
