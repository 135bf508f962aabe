"""The page in a phone's browser (Debian's Chromium): files are chosen, sent, refused, sent on."""

import pytest
from playwright.sync_api import expect, sync_playwright

from deploy.pictures import jpeg

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"]
KIOSK = {"X-Device": "kiosk:0017"}
LARGE = jpeg(b"large") + bytes(3 * 1024 * 1024)


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def complaints():
    """What the browser found wrong; a network cut on purpose is none."""
    return []


@pytest.fixture
def opened(client):
    """A kiosk's upload: its path, and the page's address."""
    told = client.post("/v1/phone-uploads", json={"kiosk_id": "0017"}, headers=KIOSK).json()
    return f"/v1/phone-uploads/{told['id']}", told["url"]


@pytest.fixture
def page(browser, opened, complaints):
    page = browser.new_page(viewport={"width": 360, "height": 720}, locale="zh-CN")
    page.set_default_timeout(20_000)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(opened[1])
    yield page
    page.close()


def file(name, data):
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


def choose(page, *files):
    page.get_by_label("选择文件").set_input_files(list(files))


def test_a_list_and_a_large_picture_are_sent(page, opened, client, complaints):
    choose(page, file("制卡明细表.csv", "姓名\n张三\n".encode()), file("a.jpg", LARGE))
    expect(page.get_by_text("已传好")).to_have_count(2)
    told = client.get(opened[0], headers=KIOSK).json()
    assert (told["state"], [each["name"] for each in told["files"]]) == (
        "ready",
        ["制卡明细表.csv", "a.jpg"],
    )
    assert client.get(f"{opened[0]}/files/2", headers=KIOSK).content == LARGE
    assert complaints == []


def test_what_is_not_taken_is_told_and_the_rest_goes_on(page, opened, complaints):
    choose(
        page,
        file("a.exe", b"MZ"),
        file("b.jpg", b"GIF89a"),
        file("c.csv", b""),
        file("d.csv", b"x"),
    )
    expect(page.get_by_text("只能上传")).to_have_count(2)
    expect(page.get_by_text("这个文件是空的")).to_have_count(1)
    expect(page.get_by_text("已传好")).to_have_count(1)
    assert complaints == []


def test_a_network_that_was_away_is_gone_on_with(page, opened, client, complaints):
    cut = iter([True, False, True, True])

    def now_and_then(route):
        if next(cut, False):
            route.abort("internetdisconnected")
        else:
            route.continue_()

    page.route("**/files/*", now_and_then)
    choose(page, file("a.jpg", LARGE))
    expect(page.get_by_text("已传好")).to_have_count(1, timeout=30_000)
    assert client.get(f"{opened[0]}/files/1", headers=KIOSK).content == LARGE
    assert complaints == []


def test_another_phone_is_told_and_so_is_who_comes_too_late(page, browser, opened, client):
    choose(page, file("d.csv", b"x"))
    expect(page.get_by_text("已传好")).to_have_count(1)
    other = browser.new_context().new_page()
    other.goto(opened[1])
    choose(other, file("d.csv", b"x"))
    expect(other.get_by_text("另一部手机")).to_have_count(1)
    client.delete(opened[0], headers=KIOSK)
    other.goto(opened[1])
    expect(other.get_by_role("heading", name="二维码已失效")).to_be_visible()


def test_nothing_is_wider_than_the_phone(page):
    choose(page, file("很长的文件名" * 12 + ".csv", b"x"))
    expect(page.get_by_text("已传好")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
