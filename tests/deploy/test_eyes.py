import json
import struct
import time

import pytest

from deploy.eyes import Eyes, UnseenError, screenshot


def picture(n, step="home", dialog="", widgets=()):
    return {
        "n": n,
        "step": step,
        "screen": step,
        "dialog": dialog,
        "title": "",
        "language": "zh_CN",
        "large": False,
        "widgets": [widget(name) for name in widgets],
    }


def widget(name):
    return {"name": name, "text": "", "x": 10, "y": 20, "w": 30, "h": 40}


@pytest.fixture
def shown(tmp_path):
    return tmp_path / "shown.jsonl"


def add(shown, *pictures, end="\n"):
    with shown.open("a", encoding="utf-8") as file:
        file.write("".join(json.dumps(row) + "\n" for row in pictures)[:-1] + end)


def test_a_picture_is_found_when_it_comes(shown):
    eyes = Eyes(shown)
    add(shown, picture(1), picture(2, "who"))
    assert eyes.wait(lambda seen: seen.step == "who", 1).n == 2


def test_a_picture_that_came_and_went_counts_once(shown):
    eyes = Eyes(shown)
    add(shown, picture(1), picture(2, "eligibility"), picture(3, "phone"))
    assert eyes.wait(lambda seen: seen.step == "eligibility", 1).n == 2
    assert eyes.wait(lambda seen: seen.step == "phone", 1).n == 3
    with pytest.raises(UnseenError, match="step phone"):
        eyes.wait(lambda seen: seen.step == "eligibility", 0.1)


def test_the_picture_on_the_screen_counts(shown):
    eyes = Eyes(shown)
    add(shown, picture(1))
    assert eyes.wait(lambda seen: seen.step == "home", 1) == eyes.wait(
        lambda seen: seen.step == "home", 1
    )


def test_half_a_line_waits_for_its_other_half(shown):
    eyes = Eyes(shown)
    add(shown, picture(1), end="")
    with pytest.raises(UnseenError, match="nothing"):
        eyes.now()
    with shown.open("a") as file:
        file.write("\n")
    assert eyes.now().n == 1


def test_what_was_before_is_forgotten(shown):
    eyes = Eyes(shown)
    add(shown, picture(9, "done"))
    eyes.forget()
    with pytest.raises(UnseenError):
        eyes.now()
    add(shown, picture(1))
    assert eyes.now().n == 1


def test_a_widget_has_a_middle(shown):
    eyes = Eyes(shown)
    add(shown, picture(1, widgets=("primary",)))
    assert eyes.now().widget("primary").at() == (25, 40)
    with pytest.raises(UnseenError, match="has no secondary"):
        eyes.now().widget("secondary")


def test_what_came_and_went_is_not_there_to_be_pressed(shown):
    eyes = Eyes(shown)
    add(shown, picture(1, widgets=("primary",)), picture(2))
    with pytest.raises(UnseenError, match="step home with"):
        eyes.settled(lambda seen: "primary" in seen, 0, 0.1)
    add(shown, picture(3, widgets=("primary",)))
    assert eyes.settled(lambda seen: "primary" in seen, 0, 1).n == 3


def test_a_page_that_has_just_come_is_looked_at_first(shown):
    eyes = Eyes(shown)
    add(shown, picture(1))
    eyes.settled(lambda _seen: True, 0, 1)
    add(shown, picture(2, "who"))
    began = time.monotonic()
    eyes.settled(lambda seen: seen.step == "who", 0.2, 1)
    assert time.monotonic() - began >= 0.2
    add(shown, picture(3, "who") | {"large": True})
    assert eyes.settled(lambda seen: seen.large, 0.2, 0).n == 3, "it offers the same"
    add(shown, picture(4, "who", widgets=("primary",)))
    with pytest.raises(UnseenError):
        eyes.settled(lambda seen: "primary" in seen, 0.5, 0.1)


def test_a_kiosk_that_is_gone_is_told_at_once(shown):
    def gone():
        raise ChildProcessError

    with pytest.raises(ChildProcessError):
        Eyes(shown, gone).wait(lambda _seen: True, 60)


def test_a_framebuffer_is_read_by_its_header(tmp_path):
    """XWDFile.h, version 7: header, colour map, then rows of B, G, R, x, padded to a stride."""
    words = [0] * 25
    words[0], words[1], words[4], words[5], words[12], words[19] = 100, 7, 2, 1, 12, 3
    frame = tmp_path / "Xvfb_screen0"
    frame.write_bytes(
        struct.pack(">25I", *words) + bytes(3 * 12) + b"\x01\x02\x03\x00\xff\x80\x00\x00pad!"
    )
    image = screenshot(frame)
    assert image.size == (2, 1)
    assert [image.getpixel((0, 0)), image.getpixel((1, 0))] == [(3, 2, 1), (0, 128, 255)]
