"""F41: no list on the stick, one that cannot be read, or the stick is pulled in the middle."""

import pytest

from tests.faults.clerk import LIST


def at_stick(clerk):
    clerk.begins()
    clerk.citizen.press("stick")
    clerk.citizen.wait("stick")
    clerk.plugs()


@pytest.mark.parametrize(
    ("name", "data", "cure"),
    [
        ("list.txt", b"", "没有找到制卡明细表"),
        (LIST, b"", "名单里没有人员"),
        (LIST, b"a,b,c\n1,2,3\n", "没有找到表头"),
        ("list.xlsx", b"PK\x03\x04 broken", "文件打不开"),
        ("list.xls", bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600), "旧格式"),
    ],
)
def test_a_file_that_is_no_list_says_what_to_do(clerk, name, data, cure):
    (clerk.folder / LIST).unlink()
    (clerk.folder / name).write_bytes(data)
    at_stick(clerk)
    dialog = clerk.citizen.wait(dialog="F41").dialog
    assert cure in dialog.text
    assert [button.name for button in dialog.buttons] == ["way_read_again", "way_template"]


def test_a_column_that_is_missing_is_named(clerk):
    text = (clerk.folder / LIST).read_text("utf-8-sig").replace("手机", "电话机", 1)
    (clerk.folder / LIST).write_text(text, "utf-8")
    at_stick(clerk)
    assert "手机" in clerk.citizen.wait(dialog="F41").dialog.text


def test_a_list_that_is_put_right_is_read_again(clerk):
    (clerk.folder / LIST).rename(clerk.folder / "list.txt")
    at_stick(clerk)
    clerk.citizen.wait(dialog="F41")
    clerk.pulls()
    (clerk.folder / "list.txt").rename(clerk.folder / LIST)
    clerk.citizen.press("way_read_again")
    clerk.citizen.wait("stick")
    clerk.plugs()
    clerk.citizen.wait("batch_review")


def test_who_has_no_list_gets_the_empty_one(clerk, served):
    (clerk.folder / LIST).unlink()
    at_stick(clerk)
    clerk.citizen.wait(dialog="F41")
    clerk.citizen.press("way_template")
    view = clerk.citizen.wait("template_shown")
    from tests.faults.citizen import read  # noqa: PLC0415

    assert read(view.picture).endswith("/templates/card-list.xlsx")
    clerk.citizen.press("primary")
    clerk.citizen.wait("list_source")


def test_a_stick_that_is_pulled_before_the_pictures_are_sent_hands_nothing_in(clerk):
    citizen = clerk.citizen
    clerk.to_review()
    clerk.pulls()
    clerk.signs()
    dialog = citizen.wait(dialog="F41").dialog
    assert "U 盘被拔出来了" in dialog.text
    assert clerk.batches() == {}
    clerk.plugs()
    citizen.press("way_read_again")
    citizen.wait("batch_review")
    clerk.signs()
    clerk.ends()
    assert [len(whose) for whose in clerk.batches().values()] == [6]
