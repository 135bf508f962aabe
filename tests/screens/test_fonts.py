import pytest
from fontTools.ttLib import TTFont

from screens.fonts import NOTO, Face, FontMissingError, prepare


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fonts")
    prepare(folder)
    return folder


def test_the_face_is_simplified_chinese(cache):
    chain = prepare(cache)
    for path in (chain.faces[0].path, chain.bold):
        with TTFont(path, lazy=True) as font:
            assert font["name"].getDebugName(1) == "Noto Sans CJK SC"


def test_the_second_run_writes_nothing(cache):
    before = {file: file.stat().st_mtime_ns for file in cache.iterdir()}
    prepare(cache)
    assert {file: file.stat().st_mtime_ns for file in cache.iterdir()} == before


def test_rare_name_characters_are_in_the_chain(cache):
    assert prepare(cache).shows("张䶮㐂犇堃𬭎·A。")


def test_a_character_in_no_font_is_told(cache):
    chain = prepare(cache)
    assert chain.face_of("𲎿") is None
    assert not chain.shows("王𲎿")


def test_the_chain_asks_the_rare_fonts_when_they_are_installed(cache, tmp_path):
    regular = prepare(cache).faces[0].path
    (tmp_path / "HanaMinB.ttf").symlink_to(regular)
    chain = prepare(cache, hanazono=tmp_path)
    assert [face.name for face in chain.faces] == ["sc", "hana_b"]


def test_a_missing_font_names_the_package(tmp_path):
    with pytest.raises(FontMissingError, match="fonts-noto-cjk"):
        prepare(tmp_path / "cache", noto=tmp_path / "nowhere")


def test_a_half_written_font_is_not_left_behind(tmp_path, monkeypatch):
    def broken(_font, _path, **_how):
        raise OSError("disk full")

    monkeypatch.setattr(TTFont, "save", broken)
    with pytest.raises(OSError, match="disk full"):
        prepare(tmp_path, noto=NOTO)
    assert list(tmp_path.iterdir()) == []


def test_coverage_is_by_ranges():
    face = Face("x", NOTO, (65, 67, 70, 71))
    assert [char for char in "@ABCDEFG" if face.has(char)] == ["A", "B", "F"]
