from screens.describe import layout
from screens.widgets import PrimaryButton


def button(stage, **properties):

    return stage.put(PrimaryButton(size_hint_x=None, width=400, **properties))


def test_the_pressed_state_shows_at_once_and_acts_at_release(stage, heard):
    made = button(stage, text="确认")
    presses, releases = heard(made, "on_press"), heard(made, "on_release")
    finger = stage.down(*made.center)
    assert (made.pressed, len(presses), len(releases)) == (True, 1, 0)
    finger.release(*made.center)
    assert (made.pressed, len(releases)) == (False, 1)


def test_the_pressed_state_is_another_colour(stage):
    made = button(stage, text="")
    calm = stage.pixels()(*made.center)
    finger = stage.down(*made.center)
    stage.frames(1)
    assert stage.pixels()(*made.center) != calm
    finger.release(*made.center)


def test_leaving_before_release_does_nothing(stage, heard):
    made = button(stage)
    releases = heard(made, "on_release")
    finger = stage.down(*made.center).move(500, 900)
    assert not made.pressed
    finger.release(500, 900)
    assert releases == []


def test_a_button_taken_away_while_pressed_does_nothing(stage, heard):
    made = button(stage)
    releases = heard(made, "on_release")
    finger = stage.down(*made.center)
    stage.window.remove_widget(made)
    finger.release(*made.center)
    assert releases == []


def test_a_disabled_button_does_nothing(stage, heard):
    made = button(stage, disabled=True, name="confirm")
    releases = heard(made, "on_release")
    stage.tap(made)
    assert releases == []
    assert layout(made, 960) == []


def test_the_layout_counts_from_the_top_left(stage):
    made = button(stage, name="confirm", text="确认", pos=(20, 100))
    assert layout(made, 960) == [
        {"name": "confirm", "text": "确认", "x": 20, "y": 960 - 100 - 76, "w": 400, "h": 76}
    ]
