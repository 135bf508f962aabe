"""A clerk at the window in a real browser: signed in, and what a clerk does by what the page says."""

import re
import time
from contextlib import contextmanager

import httpx
from playwright.sync_api import expect, sync_playwright

from deploy.acts import HAND_S

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


@contextmanager
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
        deadline = time.monotonic() + 30
        while not self._pushes_one_in():  # the lamp is on a moment before the gate opens
            assert time.monotonic() < deadline, "the station takes no card"
            time.sleep(HAND_S)

    def _pushes_one_in(self):
        try:
            self.stage.station_dock.do("social_card", "insert")
        except httpx.HTTPStatusError:
            return False
        return True

    def takes_the_card_out(self):
        """The card that was made, from the station's gate."""
        lamp(self.stage, "take_card")
        deadline = time.monotonic() + 30
        while shown(self.stage) == "take_card":  # it may still be moving
            assert time.monotonic() < deadline, "the station keeps the card"
            self.stage.station_dock.do("social_card", "take")

    def activates_and_hands_over(self, **choices):
        expect(self.page.locator("#progress")).to_contain_text("已制成，读回一致", timeout=60_000)
        self.page.get_by_role("button", name="启用").click()
        expect(self.page.locator("#card-state")).to_have_text("正常")
        for label, choice in choices.items():
            self.page.get_by_label(label).select_option(label=choice)
        self.page.get_by_label("领卡人已在领卡登记表上签字").check()
        self.page.get_by_role("button", name="发卡").click()
        expect(self.page.locator("h1 .state")).to_have_text("已启用")


def shown(stage):
    """What the station's lamp shows."""
    return httpx.get(f"{stage.station_status}/status", trust_env=False).json()["state"]


def lamp(stage, wanted):
    """Wait until the station's lamp shows it."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if shown(stage) == wanted:
            return
        time.sleep(0.05)  # the lamp is asked; it does not call
    raise AssertionError(f"the station never shows {wanted}")
