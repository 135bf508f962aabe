"""Today's figures held against the centre: by each case's key, its voucher number here and there."""

import json

import pytest
from sqlalchemy import delete, select

from central.idempotency import KeptAnswer
from kiosk.crawl.attendants import WHO
from kiosk.services.attendant import MODE_SERVICE
from kiosk.visit import Begin
from tests.faults.proxy import Wire
from tests.logged import rows

HELD = ("agree", "missing", "other", "open", "unasked")
OTHER = "CQ-0017-20261123-9999-Z"


@pytest.fixture
def attendant(citizen):
    """An attendant who reads what is on the page, and what was written down."""

    def reads(press="reconcile"):
        if press not in citizen.buttons():
            citizen.kiosk.say(Begin(MODE_SERVICE, {"who_attends": WHO}))
            press = "figures"
        before = len(written(citizen))
        citizen.press(press)
        citizen.until(lambda: len(written(citizen)) > before)
        citizen.wait("figures")
        return {row.label: row.value for row in citizen.view.rows}

    return reads


def written(citizen):
    found = rows(citizen.kiosk.settings.data_dir, "reconciled")
    assert all(row["id"] == WHO.id for row in found)
    return [tuple(row[name] for name in HELD) for row in found]


def test_what_agrees_what_the_centre_lost_and_what_has_another_number_there(
    citizen, centre, attendant
):
    number = citizen.served()
    page = attendant()
    assert page["与系统核对"] == "1 笔相符"
    assert "对不上" not in page
    with centre.database.write() as session:
        kept = session.scalars(select(KeptAnswer)).one()
        kept.body = json.dumps(json.loads(kept.body) | {"voucher_no": OTHER})
    assert attendant()[number] == f"号码不同，系统里是 {OTHER}"
    with centre.database.write() as session:
        session.execute(delete(KeptAnswer))
    page = attendant()
    assert (page["与系统核对"], page[number]) == ("0 笔相符", "系统里没有")
    assert page["对不上"].startswith("1 笔")
    assert written(citizen) == [(1, 0, 0, 0, 0), (0, 0, 1, 0, 0), (0, 1, 0, 0, 0)]


def test_what_is_open_is_named_and_a_centre_that_is_away_is_said_with_the_cure(
    citizen, wire, attendant
):
    citizen.served()
    citizen.begin("zhang_san", to="signature")
    wire.set(Wire.REFUSED)
    citizen.sign()
    citizen.sees("F32", "way_wait", "way_held", step="submit")
    citizen.press("way_held")
    citizen.wait("done")
    citizen.go_home()
    page = attendant()
    assert page["与系统核对"] == "0 笔相符"
    assert page["没有核对"] == "2 笔：系统没有回答。请看“网络”，再核对"
    wire.set(Wire.GOOD)
    page = attendant()
    assert page["与系统核对"] == "1 笔相符"
    assert "没有核对" not in page
    assert page["还没有送到系统"] == "1 笔"
    assert "还没交上，会自动再交" in page.values()
    assert written(citizen) == [(0, 0, 0, 0, 2), (1, 0, 0, 1, 0)]
