"""What of a page is said aloud: pure, no window."""

from dataclasses import replace

import pytest

from kiosk.crawl.answers import VOUCHER_NO
from screens.views import spoken, view
from screens.words import STEPS
from tests.crawled import SCENE, crawled

SPOKEN = replace(SCENE, voice=True)


@pytest.fixture(scope="module")
def pages():
    return [view(replace(SPOKEN, visit=visit)) for visit in crawled().visits.values()]


def test_what_has_a_name_is_the_same_for_everybody(pages):
    """A recording of that name says just this; nothing else is kept in memory."""
    for page in pages:
        text, key = spoken(page, str)
        if key:
            words = STEPS[key]
            assert text == f"{words.title}。{words.lead}"


def test_no_voucher_number_is_heard_by_the_hall(pages):
    assert any(VOUCHER_NO in page.lead for page in pages), "the page shows it"
    for page in pages:
        if page.dialog is None:
            assert VOUCHER_NO not in spoken(page, str)[0] or VOUCHER_NO in page.title


def test_what_lies_over_a_page_is_said_instead(pages):
    (page, *_) = [page for page in pages if page.dialog and page.dialog.code == "F36"]
    assert spoken(page, str)[0].startswith("您还在吗？")


def test_an_agents_page_is_not_the_holders(pages):
    names = {spoken(page, str)[1] for page in pages if page.step == "applicant"}
    assert {"applicant", "applicant_of_agent"} <= names


def test_the_voice_button_is_there_where_there_is_sound():
    for voice, text in ((None, None), (False, "语音"), (True, "静音")):
        shown = view(replace(SCENE, voice=voice))
        found = [button.text for button in shown.foot if button.name == "voice"]
        assert found == ([text] if text else [])
