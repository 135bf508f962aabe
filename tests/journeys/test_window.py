"""A case is finished at the window in a real browser: fee, card, activation, hand-over."""

import hashlib
import re
import threading
import time
import uuid
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect, sync_playwright

from deploy.citizen import NEW_CARD_SELF, perform
from deploy.demo import qr_of
from deploy.pictures import jpeg, png
from deploy.stage import BAUDRATE, Stage
from hardware.card_transport.driver import CardFound, MotorSlot
from hardware.card_transport.profile import read_profile as read_transport
from hardware.secret import Secret
from hardware.social_card.card import SocialCard
from hardware.social_card.outcomes import Verified
from hardware.social_card.profile import read_profile
from kiosk.card_keys import CentralKeys
from kiosk.link import Centre

PROFILES = Path("config/profiles")
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
STATION = "W301-1"
PICTURES = {"portrait": jpeg(b"a portrait"), "signature": png(b"a signature")}
LIU = {"paper": "resident_id", "number": "50010319850612019X", "name": "刘强", "valid_to": "长期"}

pytestmark = [pytest.mark.journey, pytest.mark.slow]


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    with Stage(tmp_path_factory.mktemp("stage"), station=STATION) as stage:
        yield stage


@pytest.fixture(scope="module")
def signed_in(stage):
    """A page of Chromium in which the clerk has signed in; nothing may be blocked or break."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(
            base_url=stage.centre_url, locale="zh-CN", viewport={"width": 1280, "height": 800}
        )
        page.set_default_timeout(20_000)
        complaints = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console", lambda said: complaints.append(said.text) if said.type == "error" else None
        )
        account = stage.accounts["clerk"]
        page.goto("/console")
        page.get_by_label("登录名").fill(account.login)
        page.get_by_label("密码", exact=True).fill(account.password)
        page.get_by_label("验证码").fill(account.code())
        page.get_by_role("button", name="登录", exact=True).click()
        expect(page.get_by_role("link", name="制卡发卡").first).to_be_visible()
        yield page
        assert complaints == []
        browser.close()


class Window:
    """What a clerk does at the window, by what the page says."""

    def __init__(self, stage, page):
        self.stage, self.page = stage, page

    def scan(self, text):
        """A scanner types what it reads, and Enter."""
        self.page.goto("/console/cases")
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")
        self.page.get_by_role("button", name="接手").click()

    def looks_at_the_papers_and_accepts(self):
        self.page.get_by_role("button", name=re.compile("张影像")).click()
        shown = self.page.locator(".pictures img")
        expect(shown.first).to_be_visible()
        for each in shown.all():
            assert each.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
        for box in self.page.locator("input[name=confirmed]").all():
            box.check()
        self.page.get_by_role("button", name="受理").click()
        self.page.get_by_role("link", name="费用、制卡与发卡").click()

    def settles(self, receipt_no):
        expect(self.page.locator("#fee-state")).to_have_text("待缴费")
        self.page.get_by_label("票据号或抵扣流水号").fill(receipt_no)
        self.page.keyboard.press("Enter")
        expect(self.page.locator("#fee-state")).to_have_text("已缴费")

    def has_the_card_made(self):
        self.page.get_by_role("button", name=re.compile("制卡$")).click()
        expect(self.page.locator("#progress")).to_contain_text("放入空白卡")
        lamp(self.stage, "insert")
        self.stage.station_dock.do("social_card", "insert")

    def activates_and_hands_over(self, **choices):
        expect(self.page.locator("#progress")).to_contain_text("已制成，读回一致", timeout=60_000)
        self.page.get_by_role("button", name="启用").click()
        expect(self.page.locator("#card-state")).to_have_text("正常")
        for label, choice in choices.items():
            self.page.get_by_label(label).select_option(label=choice)
        self.page.get_by_label("领卡人已在领卡登记表上签字").check()
        self.page.get_by_role("button", name="发卡").click()
        expect(self.page.locator("h1 .state")).to_have_text("已启用")


def lamp(stage, wanted):
    """Wait until the station's lamp shows it."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if httpx.get(f"{stage.station_status}/status", trust_env=False).json()["state"] == wanted:
            return
        time.sleep(0.05)  # the lamp is asked; it does not call
    raise AssertionError(f"the station never shows {wanted}")


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


@pytest.fixture
def window(stage, signed_in):
    return Window(stage, signed_in)


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
