"""A content is checked whole before anybody may approve it."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.fleet import documents
from central.problems import ProblemError
from kiosk.configuration import document as kiosk_s
from kiosk.settings import load

RULES = Path("config/rules.toml").read_text(encoding="utf-8")
GOOD = {
    "mode": "out_of_service",
    "message": {"zh": "设备检修，请到3号窗口", "en": "Maintenance"},
    "settings": {"service.window": "3", "patience.reading": 90},
    "rules": RULES,
    "texts": {"请稍候": {"zh": "请稍等一下", "en": "One moment"}},
}


def test_a_good_one_is_the_same_whatever_its_order():
    turned = json.dumps(dict(reversed(GOOD.items())), indent=4)
    assert documents.checked(turned) == documents.checked(json.dumps(GOOD, ensure_ascii=False))


def test_one_saved_from_a_kiosk_may_be_used_again():
    whole = documents.whole(documents.checked(json.dumps(GOOD)), "0017", 4)
    assert documents.whole(documents.checked(whole.decode()), "0017", 4) == whole


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("", "no JSON"),
        ("[]", "document"),
        ("null", "document"),
        ("[" * 100_000, "no JSON"),
        ('{"mode": "in_service", "mode": "out_of_service"}', "no JSON"),
        ('{"mode": "broken"}', "mode"),
        ('{"mode": "out_of_service"}', "message"),
        ('{"mode": "out_of_service", "message": {"zh": " "}}', "message"),
        ('{"settings": {"no section": 1}}', "settings"),
        ('{"settings": {"a.b": null}}', "settings"),
        ('{"settings": {"service.hours": ["17:30-08:30"]}}', "service.hours"),
        ('{"settings": {"service.days": {"2026-02-30": "closed"}}}', "service.days"),
        ('{"settings": {"service.off": ["parking"]}}', "service.off"),
        ('{"settings": {"sound.volume": true}}', "write per cent, 10 to 100"),
        ('{"settings": {"a.b": NaN}}', "no JSON"),
        ('{"settings": {"a.b": 1e999}}', "no JSON"),
        ('{"rules": "[meta]"}', "rules"),
        ('{"schema": 2}', "schema"),
        ('{"secret": 1}', "secret"),
        ('{"texts": {"a": {"zh": "\\u0000"}}}', "texts"),
        ('{"message": {"zh": "\\ud800"}}', "no JSON"),
        (json.dumps({"settings": {f"a.k{n}": "x" * 1999 for n in range(150)}}), "larger"),
    ],
)
def test_a_bad_one_is_refused_and_the_place_named(wrong, told):
    with pytest.raises(ProblemError) as error:
        documents.checked(wrong)
    assert error.value.problem.type.endswith("document-refused")
    assert told in error.value.problem.detail


@pytest.mark.parametrize(
    "content", [GOOD, {}, {"message": {"zh": "你好"}, "settings": {"a.b": 1.0}}]
)
def test_every_member_is_there_as_its_form_has_it(content):
    """What was signed once has the same bytes for ever."""
    text = documents.checked(json.dumps(content))
    told = documents.body(text).model_dump(mode="json", by_alias=True)
    whole = json.loads(documents.whole(text, "0017", 4))
    assert whole == told | {"kiosk": "0017", "revision": 4}
    assert json.loads(documents.indented(text)) == told


@given(st.text() | st.recursive(st.none() | st.booleans() | st.floats() | st.text(),
       lambda each: st.lists(each) | st.dictionaries(st.text(), each)).map(json.dumps))  # fmt: skip
def test_whatever_comes_is_taken_whole_or_refused(text):
    try:
        content = documents.checked(text)
    except ProblemError:
        return
    assert json.loads(documents.whole(content, "0017", 1))["revision"] == 1


def test_the_kiosk_reads_what_the_centre_makes():
    """Both sides of the contract: the kiosk's own reader over the centre's bytes."""
    own = load(None)
    content = GOOD | {"settings": {"service.window": "5", "patience.reading": 90}}
    data = documents.whole(documents.checked(json.dumps(content)), own.kiosk_id, 3)
    read = kiosk_s.parse(data, own)
    assert (read.revision, read.mode) == (3, "out_of_service")
    assert dict(read.message) == GOOD["message"]
    assert (read.settings.window, read.settings.patience["reading"]) == ("5", 90)
    bare = kiosk_s.parse(documents.whole(documents.EMPTY, own.kiosk_id, 1), own)
    assert (bare.mode, bare.settings, bare.rules) == ("in_service", own, None)
