import struct
import zlib

import pytest

from screens.icons import FOLDER, icon
from screens.widgets import Preview, SignaturePad, SlipPicture

RED, GREEN = (255, 0, 0, 255), (0, 255, 0, 255)


def test_a_frame_is_upright_and_mirrored(stage):

    preview = stage.put(Preview(guide=False, size_hint=(None, None), size=(200, 200)))
    frame = bytearray(bytes((0, 0, 255, 255)) * 16)
    frame[0:4] = RED  # the top left of the frame
    frame[12:16] = GREEN  # the top right
    preview.show_frame(bytes(frame), 4, 4)
    stage.frames(2)
    at = stage.pixels()
    assert at(preview.x + 12, preview.top - 12) == GREEN
    assert at(preview.right - 12, preview.top - 12) == RED
    preview.mirror = False
    stage.frames(2)
    assert stage.pixels()(preview.x + 12, preview.top - 12) == RED


def test_a_second_frame_is_painted(stage):

    preview = stage.put(Preview(guide=False, size_hint=(None, None), size=(200, 200)))
    preview.show_frame(bytes(RED) * 16, 4, 4)
    stage.frames(2)
    preview.show_frame(bytes(GREEN) * 16, 4, 4)
    stage.frames(2)
    assert stage.pixels()(*preview.center) == GREEN


def test_a_forgotten_preview_shows_nobody(stage):

    preview = stage.put(Preview(guide=False, size_hint=(None, None), size=(200, 200)))
    preview.show_frame(bytes(RED) * 16, 4, 4)
    preview.forget()
    stage.frames(2)
    assert stage.pixels()(*preview.center) != RED


def test_strokes_are_normalised_from_the_top_left(stage, heard):

    pad = stage.put(SignaturePad(size_hint=(None, None), size=(400, 200), pos=(50, 100)))
    changed = heard(pad, "on_changed")
    stage.down(50 + 100, 100 + 150).move(50 + 200, 100 + 100).release(50 + 200, 100 + 100)
    assert pad.strokes == ((pytest.approx((0.25, 0.25)), pytest.approx((0.5, 0.5))),)
    assert pad.signed
    pad.clear()
    assert (pad.strokes, pad.signed, len(changed)) == ((), False, 2)


def test_a_stroke_stays_inside_the_pad(stage):

    pad = stage.put(SignaturePad(size_hint=(None, None), size=(400, 200), pos=(50, 100)))
    stage.down(250, 200).move(530, 900).release(530, 900)
    assert all(0 <= value <= 1 for stroke in pad.strokes for point in stroke for value in point)


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    rows = (b"\0" + bytes(RED[:3]) * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def test_a_slip_keeps_its_proportions(stage):

    slip = stage.put(SlipPicture(size_hint=(None, None), size=(300, 300), png=png(40, 80)))
    _x, _y, wide, high = slip.drawn
    assert high == pytest.approx(2 * wide)
    assert stage.pixels()(*slip.center) == RED
    slip.forget()
    stage.frames(2)
    assert stage.pixels()(*slip.center) != RED


def test_every_icon_named_in_the_rules_exists():

    assert (FOLDER / "LICENSE").is_file()
    for name in ("check", "x", "triangle-alert", "chevron-left", "chevron-right", "id-card"):
        assert (FOLDER / f"{name}.png").is_file()


@pytest.mark.usefixtures("stage")
def test_an_unknown_icon_is_an_error():

    assert icon("") is None
    with pytest.raises(FileNotFoundError, match="unicorn"):
        icon("unicorn")
