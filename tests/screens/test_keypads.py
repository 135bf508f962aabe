from screens import typeset
from screens.widgets import Keypad, LetterPad, PinyinPad


def key(pad, name):
    return next(widget for widget in pad.walk() if getattr(widget, "name", "") == name)


def type_keys(stage, pad, names):
    for name in names:
        stage.tap(key(pad, name))


def test_digits_clear_and_delete_are_said(stage, heard):

    pad = stage.put(Keypad())
    keys = heard(pad, "on_key")
    type_keys(stage, pad, ["key:1", "key:0", "key:9", "key:clear", "key:delete"])
    assert keys == ["1", "0", "9", "clear", "delete"]


def test_an_id_number_may_end_with_x(stage, heard):

    pad = stage.put(Keypad(layout="id"))
    keys = heard(pad, "on_key")
    type_keys(stage, pad, ["key:X"])
    assert keys == ["X"]


def test_function_keys_follow_the_language(stage):

    pad = stage.put(Keypad(clear_text="Clear"))
    pad.delete_text = "Delete"
    assert [key(pad, "key:clear").text, key(pad, "key:delete").text] == ["Clear", "Delete"]


def test_letters_digits_and_space(stage, heard):

    pad = stage.put(LetterPad(digits=True, space=True))
    keys = heard(pad, "on_key")
    type_keys(stage, pad, ["key:E", "key:7", "key:space", "key:delete"])
    assert keys == ["E", "7", " ", "delete"]


def test_a_name_is_typed_by_pinyin(stage, heard):

    pad = stage.put(PinyinPad())
    chars = heard(pad, "on_character")
    type_keys(stage, pad, ["key:Z", "key:E", "key:N", "key:G"])
    assert pad.letters == "zeng"
    stage.tap(key(pad, "candidate:0"))
    assert (chars, pad.letters) == (["曾"], "")


def test_letters_that_begin_no_syllable_are_refused(stage):

    pad = stage.put(PinyinPad())
    type_keys(stage, pad, ["key:Z", "key:B"])
    assert pad.letters == "z"


def test_candidates_turn_by_pages_and_stop_at_the_ends(stage):

    pad = stage.put(PinyinPad(first=False))
    type_keys(stage, pad, ["key:G", "key:U", "key:O"])
    first = key(pad, "candidate:0").text
    assert key(pad, "candidates:before").disabled
    stage.tap(key(pad, "candidates:after"))
    assert key(pad, "candidate:0").text == pad.found[7] != first
    stage.tap(key(pad, "candidates:before"))
    assert key(pad, "candidate:0").text == first


def test_no_candidate_is_without_a_glyph(stage):

    pad = stage.put(PinyinPad(first=False))
    type_keys(stage, pad, ["key:Y", "key:I"])
    assert all(typeset.face_of(char) for char in pad.found)


def test_delete_takes_a_letter_then_a_character(stage, heard):

    pad = stage.put(PinyinPad())
    erased, cleared = heard(pad, "on_erase"), heard(pad, "on_clear")
    type_keys(stage, pad, ["key:L", "key:delete"])
    assert (pad.letters, len(erased)) == ("", 0)
    type_keys(stage, pad, ["key:delete", "key:clear"])
    assert (len(erased), len(cleared)) == (1, 1)
