"""The PIN's keys on the real keypad's model: places are pressed, and nothing shows which."""

import threading

from hardware.pin_pad.entry import Digits, Entry, Want
from hardware.pin_pad.screen_pad import Layout, ScreenPad
from screens.widgets import PinKeypad

SHUFFLED = [7, 3, 9, 0, 1, 8, 2, 6, 4, 5]


def key(pad, name):
    return next(widget for widget in pad.walk() if getattr(widget, "name", "") == name)


def test_a_place_is_said_and_never_a_digit(stage, heard):
    pad = stage.put(PinKeypad(digits=SHUFFLED))
    said = heard(pad, "on_key")
    assert key(pad, "pin:0").text == "7"
    for name in ("pin:0", "pin:9", "key:delete", "key:clear"):
        stage.tap(key(pad, name))
    assert said == [0, 9, "delete", "clear"]


def test_a_pressed_key_looks_like_any_other(stage):
    pad = stage.put(PinKeypad(digits=SHUFFLED))
    pressed, other = key(pad, "pin:4"), key(pad, "key:delete")
    stage.pixels()
    before = picture(stage, pressed), picture(stage, other)
    finger = stage.down(*pressed.center)
    stage.frames()
    assert picture(stage, pressed) == before[0]
    finger.release(*pressed.center)
    finger = stage.down(*other.center)
    stage.frames()
    assert picture(stage, other) != before[1], "the test would see it"
    finger.release(*other.center)


def picture(stage, widget):
    """Every seventh pixel within a widget's edge."""
    at, edge = stage.pixels(), 6
    across = range(int(widget.x) + edge, int(widget.right) - edge, 7)
    up = range(int(widget.y) + edge, int(widget.top) - edge, 7)
    return [at(x, y) for x in across for y in up]


def test_a_pin_goes_from_the_glass_to_the_pad(stage):
    """The screen presses places of the model; the worker gets the digits, the screen a count."""
    pad, counts, outcome = ScreenPad(Layout.SHUFFLED), [], []
    wanted = threading.Event()

    def enter():
        outcome.append(pad.enter(threading.Event(), 30.0, Entry(Want.DIGITS), heard))

    def heard(count):
        counts.append(count)
        wanted.set()

    worker = threading.Thread(target=enter)
    worker.start()
    assert wanted.wait(10)
    keypad = pad.keypad
    shown = stage.put(PinKeypad(digits=keypad.layout))
    shown.bind(on_key=lambda _shown, place: keypad.press(place))
    for digit in (1, 2, 3, 4, 5, 6):
        stage.tap(key(shown, f"pin:{keypad.layout.index(digit)}"))
    keypad.enter()
    worker.join(10)
    (digits,) = outcome
    assert isinstance(digits, Digits)
    assert bytes(digits.secret.data) == b"123456"
    assert counts == [0, 1, 2, 3, 4, 5, 6]
    digits.secret.wipe()
