"""A document from afar: read whole or refused, and whatever the bytes are nothing else happens."""

import json
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.configuration.document import DocumentError, parse
from kiosk.configuration.overlay import afar
from kiosk.settings import load
from regulation.rules import Applicant, Channel, Service

OWN = replace(load(None), kiosk_id="0017")
RULES = Path("config/rules.toml").read_text("utf-8")
GOOD = {
    "schema": 1,
    "kiosk": "0017",
    "revision": 13,
    "mode": "in_service",
    "message": None,
    "settings": {"service.banks": ["重庆银行"], "patience.reading": 45},
    "rules": RULES,
    "texts": {"请把身份证放在亮灯处": {"zh": "请把身份证平放在亮灯处", "en": ""}},
}


def data(**changes):
    return json.dumps(GOOD | changes, ensure_ascii=False).encode()


def refused(raw):
    with pytest.raises(DocumentError) as caught:
        parse(raw, OWN)
    return caught.value.reason, str(caught.value)


def test_a_good_one_is_read_whole():
    document = parse(data(), OWN)
    assert (document.revision, document.mode, document.message) == (13, "in_service", {})
    assert document.settings.banks == ("重庆银行",)
    assert document.settings.patience["reading"] == 45
    assert document.settings.patience["typing"] == OWN.patience["typing"]
    cell = document.rules.cell(Service.NEW_INDIVIDUAL, Applicant.SELF, Channel.KIOSK)
    assert cell.allowed
    assert document.texts == {"请把身份证放在亮灯处": {"zh": "请把身份证平放在亮灯处"}}


def test_what_it_does_not_name_is_as_the_kiosks_own_file_has_it():
    least = {"schema": 1, "kiosk": "0017", "revision": 1, "mode": "in_service"}
    document = parse(json.dumps(least).encode(), OWN)
    assert document.settings == OWN
    assert document.rules is None


@pytest.mark.parametrize(
    ("raw", "reason", "says"),
    [
        (b"", "no_json", "JSON"),
        (b"\xff\xfe", "no_json", "JSON"),
        (b"[" * 100_000, "no_json", "JSON"),
        (b"[1]", "schema", "document: is no object"),
        (data()[:-9], "no_json", "JSON"),
        (data().replace(b'"mode":', b'"mode": "in_service", "mode":'), "no_json", "JSON"),
        (data(revision=float("nan")), "no_json", "JSON"),
        (b'{"revision": ' + b"9" * 5000 + b"}", "no_json", "JSON"),
        (data(schema=2), "schema", "update it first"),
        (data(schema=True), "schema", "update it first"),
        (data(speed=1), "schema", "'speed'"),
        (data(kiosk="0018"), "other_kiosk", "another"),
        (data(revision=0), "schema", "revision"),
        (data(revision=True), "schema", "revision"),
        (data(mode="off"), "schema", "mode"),
        (data(mode="out_of_service"), "schema", "message"),
        (data(mode="out_of_service", message={"zh": " "}), "schema", "message"),
        (data(message={"zh": "停\u0007"}), "schema", "message.zh"),
        (data(message={"de": "x"}), "schema", "'de'"),
        (data(settings={"central.url": "http://evil"}), "setting", "'central.url'"),
        (data(settings={"service.fee": 1}), "setting", "'service.fee'"),
        (data(settings={"patience.reading": "long"}), "setting", "patience.reading: 'long'"),
        (data(settings={"patience.reading": 1e999}), "no_json", "JSON"),
        (data(settings={"service.banks": []}), "setting", "at least one"),
        (data(settings={"service.hours": ["17:30-08:30"]}), "setting", "08:30-12:00"),
        (data(settings={"service.hours": ["8-17"]}), "setting", "08:30-12:00"),
        (data(settings={"service.hours": ["fr-xx 08:30-12:00"]}), "setting", "mo-fr"),
        (data(settings={"service.days": {"2026-02-30": "closed"}}), "setting", "service.days"),
        (data(settings={"service.days": {"2026-10-07/2026-10-01": "closed"}}), "setting", "as mo"),
        (data(settings={"service.days": {"2026-10-10": "as xx"}}), "setting", "as mo"),
        (data(settings={"service.days": {"2026-10-10": 7}}), "setting", "as mo"),
        (data(settings={"service.notice": {"en": "no water"}}), "setting", "service.notice"),
        (data(settings={"service.notice": {"zh": "字" * 37}}), "setting", "36 characters"),
        (data(settings={"service.notice": {"zh": "停\n水"}}), "setting", "service.notice"),
        (
            data(settings={"service.notice": {"zh": "停水", "from": "2026-02", "until": "x"}}),
            "setting",
            "2026-12-01T08:00",
        ),
        (
            data(
                settings={
                    "service.notice": {"zh": "停", "from": "2026-02-02", "until": "2026-01-01"}
                }
            ),
            "setting",
            "service.notice",
        ),
        (data(settings={"service.off": ["parking"]}), "setting", "pin_reset"),
        (data(settings={"service.off": "pin_reset"}), "setting", "wrong type"),
        (data(settings={"sound.volume": 0}), "setting", "10 to 100"),
        (data(settings={"sound.volume": 50.5}), "setting", "wrong type"),
        (data(settings={"social_card.profile": "nobody"}), "setting", "profiles/social_card.toml"),
        (data(settings={"patience.take_back": 9}), "setting", "patience.alarm: it comes after"),
        (data(rules=""), "rules", "rules: "),
        (data(rules="a = \n"), "rules", "mend that line"),
        (data(rules=RULES.replace('s = "new_individual"', 's = "new"', 1)), "rules", "new"),
        (data(rules=7), "schema", "rules"),
        (data(texts={"还剩 {n} 次": {"zh": "还剩 {x} 次"}}), "schema", "write ['{n}']"),
        (data(texts={"好": {"zh": "{"}}), "schema", "texts.好.zh"),
        (b" " * (1024 * 1024 + 1), "too_large", "1024 KB"),
    ],
)
def test_refused_with_the_key_and_the_cure(raw, reason, says):
    found, text = refused(raw)
    assert found == reason
    assert says in text


@pytest.mark.parametrize("member", ["kiosk", "revision", "mode"])
def test_a_member_may_not_be_missing(member):
    raw = {name: value for name, value in GOOD.items() if name != member}
    assert refused(json.dumps(raw).encode())[0] == "schema"


def test_out_of_service_with_words_for_citizens():
    document = parse(data(mode="out_of_service", message={"zh": "停电检修", "en": ""}), OWN)
    assert document.message == {"zh": "停电检修"}


def test_every_key_that_is_set_from_afar_is_documented():
    page = Path("docs/configuration.md").read_text("utf-8")
    assert {name for name in afar() if f"| `{name}` |" not in page} == set()


def test_no_key_of_a_device_or_of_the_way_to_the_centre_is_set_from_afar():
    sections = {name.partition(".")[0] for name in afar()}
    assert sections == {"kiosk", "screen", "social_card", "sound", "service", "patience"}
    assert not {"sound.device", "kiosk.id", "kiosk.data_dir", "social_card.port"} & set(afar())


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_else(raw):
    with suppress(DocumentError):
        parse(raw, OWN)


SCALAR = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
LIST = st.lists(SCALAR, max_size=3)
JSON = SCALAR | LIST | st.dictionaries(st.text(max_size=8), SCALAR | LIST, max_size=3)
SETTINGS = st.dictionaries(st.sampled_from([*afar(), "central.url"]), JSON, max_size=3)
TOML = st.text(max_size=30) | st.integers(0, len(RULES)).map(lambda n: RULES[:n])


@given(
    st.fixed_dictionaries(
        {},
        optional={
            **dict.fromkeys(GOOD, JSON),
            "settings": SETTINGS | JSON,
            "rules": TOML | JSON,
            "texts": st.dictionaries(
                st.text("{}:!n还", max_size=8),
                st.dictionaries(st.sampled_from(["zh", "en"]), st.text("{}:!n还", max_size=8)),
                max_size=2,
            ),
        },
    )
)
def test_no_json_raises_anything_else(changes):
    with suppress(DocumentError):
        parse(json.dumps(GOOD | changes).encode(), OWN)
