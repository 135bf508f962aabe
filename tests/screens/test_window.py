import sys
from pathlib import Path

import pytest
from kivy import kivy_home_dir
from kivy.config import Config
from kivy.uix.widget import Widget

from screens.kiosk_app import KioskApp
from screens.theme import HIGH_CONTRAST, Theme
from screens.theme_kv import theme
from screens.window import configure


@pytest.mark.usefixtures("stage")
class TestSettings:
    def test_one_source_of_touches_without_red_dots(self):

        assert Config.items("input") == [("mouse", "mouse,disable_multitouch")]

    def test_frames_cost_no_samples(self):

        assert Config.get("graphics", "multisamples") == "0"
        assert Config.get("graphics", "vsync") == "0"

    def test_nothing_of_kivy_that_could_leak_is_loaded(self):
        for name in ("clipboard", "camera", "spelling", "audio", "video"):
            assert f"kivy.core.{name}" not in sys.modules

    def test_no_settings_or_log_file_is_written(self):

        home = Path(kivy_home_dir)
        assert not (home / "config.ini").exists()
        assert list(home.glob("logs/*")) == []

    def test_configure_comes_before_kivy(self, tmp_path):
        with pytest.raises(RuntimeError, match="before Kivy"):
            configure(540, 960, tmp_path, fullscreen=False)


F1, ESCAPE, BACK = 282, 27, 1001


@pytest.mark.parametrize("key", [F1, ESCAPE, BACK])
def test_keys_open_no_door(stage, key):

    app = KioskApp()
    app.root = Widget()
    app.on_start()
    app._install_settings_keys(stage.window)
    shown = list(stage.window.children)
    assert stage.window.dispatch("on_keyboard", key, 0, None, [])
    assert app.open_settings() is False
    assert stage.window.children == shown


def test_the_ground_is_the_clear_colour(stage):

    KioskApp().on_start()
    normal = theme.theme
    assert stage.window.clearcolor == pytest.approx([0xF4 / 255, 0xF6 / 255, 0xF9 / 255, 1])
    theme.apply(Theme(normal.scale, palette=HIGH_CONTRAST))
    assert stage.window.clearcolor == [0, 0, 0, 1]
    theme.apply(normal)
