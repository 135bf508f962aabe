import pytest

from screens import typeset
from screens.widgets import PrimaryButton, TextBlock


def block(stage, **properties):

    return stage.put(TextBlock(size_hint=(None, None), width=300, height=60, **properties))


def test_the_height_follows_the_lines(stage):

    made = stage.put(TextBlock(size_hint_y=None, size_hint_x=1, text="一行"))
    one = made.height
    made.text = "一行\n两行"
    stage.frames(2)
    assert made.height == pytest.approx(2 * one, abs=2)
    made.text = ""
    stage.frames(2)
    assert made.height == 0


def test_a_long_word_on_a_button_is_set_smaller(stage):

    made = stage.put(
        PrimaryButton(size_hint_x=None, width=220, text="我已取走凭证和证件，结束办理")
    )
    text = made.children[0]
    assert text.texture.height <= made.height
    assert text.texture.width <= made.width


def test_text_is_drawn_in_its_colour(stage):
    made = block(stage, text="国国国国")
    made.color = [1, 0, 0, 1]
    stage.frames(2)
    at = stage.pixels()
    seen = {at(made.x + x, made.center_y) for x in range(150)}
    assert any(r > g + 150 for r, g, _b, _a in seen)


def test_a_character_in_no_font_is_shown_by_its_number(stage):

    style = typeset.Style(30)
    plain, rare = (typeset.paint(typeset.lines(text, style, 500), style) for text in ("王", "王𲎿"))
    assert rare.width > plain.width + 4 * 30
