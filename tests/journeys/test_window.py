"""A case is finished at the window in a real browser: fee, card, activation, hand-over."""

import hashlib
import threading
import uuid
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from deploy.citizen import NEW_CARD_SELF, perform
from deploy.demo import qr_of
from deploy.pictures import jpeg, png
from deploy.stage import BAUDRATE, SMALL, Stage
from hardware.card_transport.driver import CardFound, MotorSlot
from hardware.card_transport.profile import read_profile as read_transport
from hardware.secret import Secret
from hardware.social_card.card import SocialCard
from hardware.social_card.outcomes import Verified
from hardware.social_card.profile import read_profile
from kiosk.card_keys import CentralKeys
from kiosk.link import Centre
from tests.journeys.window import Window, signed_in

PROFILES = Path("config/profiles")
STATION = "W301-1"
PICTURES = {"portrait": jpeg(b"a portrait"), "signature": png(b"a signature")}
LIU = {"paper": "resident_id", "number": "50010319850612019X", "name": "刘强", "valid_to": "长期"}

pytestmark = [pytest.mark.journey, pytest.mark.slow]


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    with Stage(tmp_path_factory.mktemp("stage"), station=STATION, window=SMALL) as stage:
        yield stage


def read_back(stage):
    """What the card at the station's gate holds and whether 123456 is its PIN, by the driver."""
    stage.stop("station")
    model = read_transport(PROFILES / "card_transport.toml", "crt591")
    slot = MotorSlot(stage._station_slot, BAUDRATE, model, CardFound.LEAVE)
    link = Centre(stage.centre_url, timeout_s=5)
    profile = read_profile(PROFILES / "social_card.toml", "reference")
    try:
        assert slot.accept(threading.Event(), 10.0)
        with slot.session() as chip, Secret(bytearray(b"123456")) as pin:
            says = SocialCard(chip, profile)
            held = says.identify(), says.read_holder(CentralKeys(link, "0017"))
            assert says.verify(pin) == Verified()
        slot.give_back(threading.Event(), 0.5)
        stage.station_dock.do("social_card", "take")
        return held
    finally:
        link.close()
        slot.close()
        stage.start_station()


@pytest.fixture(scope="module")
def page(stage):
    with signed_in(stage) as page:
        yield page


@pytest.fixture
def window(stage, page):
    return Window(stage, page)


def replacement(stage):
    """A replacement as a kiosk sends it; the slip's code."""
    headers = {"X-Device": "kiosk:0017"}
    with httpx.Client(base_url=stage.centre_url, headers=headers, trust_env=False) as kiosk:
        images = [
            {"kind": kind, "sha256": hashlib.sha256(data).hexdigest()}
            for kind, data in PICTURES.items()
        ]
        for image, data in zip(images, PICTURES.values(), strict=True):
            media = "image/jpeg" if image["kind"] == "portrait" else "image/png"
            path = f"/v1/images/{image['sha256']}"
            kiosk.put(path, content=data, headers={"Content-Type": media}).raise_for_status()
        order = {
            "service": "replace_individual",
            "applicant_kind": "self",
            "kiosk_id": "0017",
            "taken_at": "2026-11-23T09:59:00+08:00",
            "applicant": LIU,
            "phone": "13800138000",
            "reason": "damaged",
            "portrait": "change",
            "signature": "screen",
            "images": images,
        }
        key = {"Idempotency-Key": str(uuid.uuid4())}
        answer = kiosk.post("/v1/applications", json=order, headers=key)
        assert answer.status_code == 201, answer.text
        return answer.json()


def test_a_case_taken_at_the_kiosk_is_finished_at_the_window(stage, window):
    perform(stage, NEW_CARD_SELF)
    slip = qr_of(stage.dock.slip("last"))
    window.scan(slip)
    window.looks_at_the_papers_and_accepts()
    expect(window.page.get_by_text("首次申领免费")).to_be_visible()
    window.has_the_card_made()
    window.activates_and_hands_over()
    shown = stage.central("show", slip.split("|")[1])
    assert shown["state"] == "ENABLED"
    card, holder = read_back(stage)
    assert (holder.genuine, holder.name, holder.social_number) == (
        True,
        shown["applicant"]["name"],
        shown["applicant"]["number"],
    )
    assert (card.version, len(card.card_number)) == ("3.00", 9)


def test_a_replacement_is_paid_made_and_the_old_card_is_kept(stage, window):
    taken = replacement(stage)
    window.scan(taken["qr"])
    window.looks_at_the_papers_and_accepts()
    window.settles("500026000001")
    window.has_the_card_made()
    window.activates_and_hands_over(旧卡="已收回")
    assert stage.central("show", taken["voucher_no"])["state"] == "ENABLED"
    window.page.goto("/console/custody")
    expect(window.page.get_by_text("收回的旧卡")).to_be_visible()
    with window.page.expect_popup() as popup:
        window.page.goto(f"/console/issue/{taken['voucher_no']}")
        window.page.get_by_role("link", name="打印回执").click()
    expect(popup.value.get_by_text("25.00")).to_be_visible()
