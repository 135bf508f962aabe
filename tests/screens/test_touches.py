"""One way for touches, checked; and a fresh one in its place."""

import pytest
from kivy.base import EventLoop
from kivy.input.providers.mouse import MouseMotionEventProvider

from screens import touches
from screens.widgets.buttons import Press


@pytest.fixture
def providers(stage):
    yield touches.providers
    touches.renew_provider()


def test_there_is_exactly_one(providers):
    touches.check()
    assert [type(row) for row in providers()] == [MouseMotionEventProvider]


def test_none_and_two_are_refused_at_start(providers):
    (only,) = providers()
    EventLoop.add_input_provider(MouseMotionEventProvider("second", ""))
    with pytest.raises(touches.InputError, match="MouseMotionEventProvider, Mouse"):
        touches.check()
    for row in providers():
        EventLoop.remove_input_provider(row)
    with pytest.raises(touches.InputError, match="none"):
        touches.check()
    EventLoop.add_input_provider(only)


@pytest.fixture
def heard(stage):
    downs = []

    def down(_window, touch):
        downs.append(touch.pos)

    stage.window.bind(on_touch_down=down)
    yield downs
    stage.window.unbind(on_touch_down=down)


def press(stage, x, y):
    for event in ("on_mouse_down", "on_mouse_up"):
        stage.window.dispatch(event, x, y, "left", [])
    stage.frames()


def test_a_provider_that_died_is_replaced_and_touches_come_again(providers, stage, heard):
    providers()[0].stop()
    press(stage, 100, 100)
    assert heard == []
    touches.renew_provider()
    touches.check()
    press(stage, 100, 100)
    assert len(heard) == 1


def test_a_finger_that_never_left_is_ended(providers, stage, monkeypatch):
    stage.window.dispatch("on_mouse_down", 50, 50, "left", [])
    stage.frames()
    assert touches.touch_going_on()
    monkeypatch.setattr(touches, "STUCK_S", 0.0)
    assert not touches.touch_going_on(), "so long a touch is tried like none"
    monkeypatch.undo()
    touches.renew_provider()
    assert not touches.touch_going_on()


def test_what_no_finger_let_go_of_is_not_pressed(providers, stage):
    button, released = Press(size_hint=(1, 1)), []
    button.bind(on_release=lambda _button: released.append(1))
    stage.put(button)
    stage.window.dispatch("on_mouse_down", 200, 200, "left", [])
    stage.frames()
    assert button.pressed
    touches.renew_provider()
    stage.frames()
    assert not button.pressed
    assert released == []
    press(stage, 200, 200)
    assert released == [1]
