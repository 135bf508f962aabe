"""耗材: what each part did and how long it lasts, in words; and what is asked before it is entered."""

import pytest

from kiosk.crawl.answers import NOW, RULES
from kiosk.crawl.attendants import WHO
from kiosk.services.answers import Agreed
from kiosk.services.attendant import MODE_SERVICE
from kiosk.services.attendant_answers import Exchange, Exchanged, Metres, SuppliesSeen, Task, Worn
from kiosk.services.catalogue import catalogue
from kiosk.visit import Overlay, Said, Visit
from screens.scene import Scene
from screens.views import view


def shown(*parts, overlay=None, **facts):
    seen = SuppliesSeen(41_300, "ok", None, 2, parts)
    known = {"who_attends": WHO, "attendant": Task.SUPPLIES, "supplies_seen": seen, **facts}
    visit = Visit(MODE_SERVICE, known, overlay)
    return view(Scene(visit, NOW, "", "", ("一家银行",), RULES, catalogue(RULES), str))


def head(done, *life):
    return Worn(Exchange.HEAD, done, "2026-11-02", *life)


def cutter(done, *life):
    return Worn(Exchange.CUTTER, done, "2026-11-02", *life)


@pytest.mark.parametrize(
    ("worn", "value"),
    [
        (head(480), "2026年11月2日起用了 480 米"),
        (head(12_340, 0, None), "2026年11月2日起用了 12.3 千米"),
        (head(12_340, 100_000), "2026年11月2日起用了 12.3 千米，寿命的 12%"),
        (head(12_340, 100_000, 1_400.0), "2026年11月2日起用了 12.3 千米，寿命的 12%，还很久"),
        (
            cutter(1_349_999, 1_500_000, 180.0),
            "2026年11月2日起用了 1349999 次，寿命的 89%，约 180 天",
        ),
        (
            cutter(1_350_000, 1_500_000, 40.2),
            "2026年11月2日起用了 1350000 次，快到寿命（90%），约 40 天，请备好新的",
        ),
        (
            cutter(1_350_000, 1_500_000, 400.0),
            "2026年11月2日起用了 1350000 次，快到寿命（90%），请备好新的",
        ),
        (head(102_000, 100_000, 0.0), "2026年11月2日起用了 102.0 千米，已到寿命（102%），请换新的"),
    ],
)
def test_what_a_part_did_and_how_long_it_lasts(worn, value):
    row = shown(worn).rows[1]
    assert (row.value, row.change.say) == (value, Said(worn.part))


def test_the_rows_stand_in_the_order_of_the_machine():
    rows = shown(head(480), cutter(3)).rows
    assert [row.label for row in rows] == ["打印纸", "打印头", "切刀", "回收箱"]
    assert [row.change.text for row in rows] == ["换纸", "换了新的", "换了新的", "取卡"]


def test_before_it_is_entered_the_old_part_is_shown_alone():
    page = shown(head(480), cutter(3), supplies=Exchange.CUTTER)
    assert [(row.label, row.change) for row in page.rows] == [("切刀", None)]
    assert page.primary.text == "换好了，登记"


@pytest.mark.parametrize(
    ("done", "rows"),
    [
        (Exchanged(812_000, 1_500_000), [("换下的用了", "812000 次"), ("寿命", "1500000 次")]),
        (Exchanged(812_000, 0), [("换下的用了", "812000 次")]),
    ],
)
def test_what_the_old_one_did_is_said_beside_its_life_where_that_is_known(done, rows):
    page = shown(cutter(3), supplies=Exchange.CUTTER, part_new=Agreed(), exchange_ended=done)
    assert [(row.label, row.value) for row in page.rows] == rows


@pytest.mark.parametrize(
    ("detail", "told"),
    [
        ("cover_open", "盖子没关好。请再试一次；还是不行，请报修，并暂停服务。"),
        ("paper_out", "没有纸了。请再试一次；还是不行，请报修，并暂停服务。"),
        ("a_word_of_its_own", "请再试一次；还是不行，请报修，并暂停服务。"),
    ],
)
def test_why_a_roll_was_not_entered_is_told(detail, told):
    """Whoever left the cover open after 换纸 shuts it, and calls nobody."""
    page = shown(
        supplies=Exchange.PAPER,
        paper_load=Agreed(),
        paper_length=Metres(50),
        overlay=Overlay("attendant_failed", "printer", detail),
    )
    assert (page.step, page.dialog.title, page.dialog.text) == ("exchange_ended", "没有做成", told)
