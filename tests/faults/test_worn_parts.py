"""What a citizen's slip wears: the attendant reads it, and enters a new cutter."""

from kiosk.crawl.attendants import WHO
from kiosk.services.attendant import MODE_SERVICE
from kiosk.visit import Begin
from tests.logged import rows


def supplies(citizen):
    citizen.kiosk.say(Begin(MODE_SERVICE, {"who_attends": WHO}))
    citizen.press("supplies")
    citizen.wait("supplies")
    return {row.label: row.value for row in citizen.view.rows}


def test_cuts_are_those_of_the_printer_and_a_new_cutter_begins_at_nothing(citizen, bench):
    slips = bench.slip_count()
    citizen.served("zhang_san")
    cut = bench.slip_count() - slips
    seen = supplies(citizen)
    assert seen["切刀"].startswith(f"2026年11月23日起用了 {cut} 次，寿命的 0%")
    assert seen["打印头"].startswith("2026年11月23日起用了 0 米，寿命的 0%")
    citizen.press("exchange_cutter")
    citizen.wait("part_new")
    citizen.press("primary")
    citizen.wait("exchanged")
    assert [row.value for row in citizen.view.rows] == [f"{cut} 次", "1500000 次"]
    exchanged = rows(citizen.kiosk.settings.data_dir, "exchanged")
    assert [(row["id"], row["supply"]) for row in exchanged] == [(WHO.id, "cutter")]
    citizen.press("finish", "supplies")
    citizen.wait("supplies")
    assert "用了 0 次" in {row.label: row.value for row in citizen.view.rows}["切刀"]


def test_a_part_of_an_open_printer_is_entered_once_it_is_shut(citizen, bench):
    slips = bench.slip_count()
    citizen.served("zhang_san")
    cut = bench.slip_count() - slips
    supplies(citizen)
    citizen.printer(cover="open")
    citizen.press("exchange_cutter")
    citizen.wait("part_new")
    citizen.press("primary")
    shown = citizen.wait(dialog="attendant_failed").dialog
    assert shown.text.startswith("盖子没关好。请再试一次")
    assert [button.name for button in shown.buttons] == ["way_again", "way_back"]
    assert rows(citizen.kiosk.settings.data_dir, "exchanged") == []
    citizen.printer(cover="closed")
    citizen.press("way_again")
    citizen.wait("exchanged")
    assert citizen.view.rows[0].value == f"{cut} 次"
