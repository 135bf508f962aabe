import pytest

from screens.pinyin import build, candidates, is_syllable_start


@pytest.mark.parametrize(
    ("letters", "surname"),
    [
        ("zeng", "曾"), ("shan", "单"), ("xie", "解"), ("qiu", "仇"), ("zha", "查"), ("ou", "区"),
        ("piao", "朴"), ("yu", "尉"), ("zhai", "翟"), ("wang", "王"), ("lv", "吕"), ("lyu", "吕"),
        ("mo", "万"), ("tan", "澹"), ("miao", "缪"), ("zhang", "张"),
    ],
)  # fmt: skip
def test_surnames_come_first_by_their_own_reading(letters, surname):
    assert surname in candidates(letters, first=True)[:10]


def test_a_surname_reading_counts_at_the_beginning_of_a_name_only():
    assert candidates("piao", first=True)[0] == "朴"
    assert candidates("piao", first=False)[0] != "朴"


@pytest.mark.parametrize(
    ("letters", "char"),
    [("yan", "䶮"), ("ben", "犇"), ("kun", "堃"), ("hong", "𬭎"), ("ji", "𠮷"), ("chong", "翀")],
)
def test_rare_name_characters_are_near(letters, char):
    assert char in candidates(letters, first=False)[:14]


def test_common_characters_come_before_rare_ones():
    found = candidates("guo", first=False)
    assert found.index("国") < found.index("郭") < found.index("椁") < found.index("國")


def test_unfinished_letters_offer_the_common_characters_of_every_syllable():
    found = candidates("zh", first=True)
    assert found[:4] == ("张", "赵", "周", "朱")
    assert "國" not in candidates("gu", first=False)


def test_v_is_u_umlaut():
    assert "女" in candidates("nv", first=False)
    assert "女" not in candidates("nu", first=False)


def test_letters_that_begin_no_syllable_find_nothing():
    assert candidates("", first=True) == candidates("xyz", first=True) == ()
    assert is_syllable_start("zh")
    assert is_syllable_start("lyu")
    assert not is_syllable_start("zhb")


def test_capitals_are_letters_too():
    assert candidates("ZENG", first=True) == candidates("zeng", first=True)


def test_no_character_is_offered_twice():
    found = candidates("shan", first=True)
    assert len(found) == len(set(found))


def test_the_tables_are_what_the_builder_writes():
    folder = build.Path(build.__file__).parent
    assert (folder / "table.txt").read_text(encoding="utf-8") == build.table_text()
    assert (folder / "surnames.txt").read_text(encoding="utf-8") == build.surnames_text()
