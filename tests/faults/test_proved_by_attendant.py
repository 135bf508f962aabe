"""An attendant sees what the kiosk last proved of itself, and has it do so again."""

import pytest

from kiosk.crawl.attendants import WHO
from kiosk.readiness.archive import Archive
from kiosk.services.attendant import MODE_SERVICE
from kiosk.visit import Begin


@pytest.fixture(autouse=True)
def sheet(monkeypatch):
    """The sheet, 2 s of work, is none of an attendant's at the screen."""
    monkeypatch.setattr(Archive, "sheet", lambda _archive, _path: None)


def shown(citizen):
    return {row.label: row.value for row in citizen.view.rows}


def test_what_failed_stands_first_with_its_cure_and_is_tried_again(citizen, bench):
    slips = bench.slip_count()
    citizen.kiosk.say(Begin(MODE_SERVICE, {"who_attends": WHO}))
    citizen.press("devices")
    citizen.wait("devices")
    assert shown(citizen)["整机自检"] == "还没有做过"
    citizen.printer(paper="out")
    citizen.press("prove")
    citizen.wait("proof")
    failed, *others = citizen.view.rows
    assert (failed.label, failed.value) == ("打印", "没有纸了")
    assert {"系统", "磁盘", "时间"} <= {row.label for row in others if "正常" in row.value}
    assert bench.slip_count() == slips
    citizen.press("mend_print")
    citizen.wait("repair")
    citizen.printer(paper="full")
    citizen.press("primary")
    citizen.wait("devices")
    assert shown(citizen)["整机自检"] == "11月23日 10:00 不通过：打印"
    citizen.press("prove")
    citizen.wait("proof")
    assert all("正常" in value for value in shown(citizen).values())
    assert bench.slip_count() == slips + 1
    citizen.press("primary")
    citizen.wait("devices")
    assert shown(citizen)["整机自检"] == "11月23日 10:00 全部通过"
    assert citizen.kiosk.house.readiness.last.why == "asked"
