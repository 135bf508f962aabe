"""A key is loaded by two or three officers, none of whom has it; each step is written down."""

import json
import logging
import secrets
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from central.audit.chain import broken_at
from central.audit.records import Actor, AuditEntry, Kind
from central.centre import Settings
from central.hsm import demo, loading
from central.hsm.arithmetic import TDES, authenticate, diversify
from central.hsm.loading_records import KeyComponent, LoadingState
from central.hsm.port import Card, Challenge
from central.problems import Kind as Problem
from central.problems import ProblemError

pytestmark = pytest.mark.parametrize(
    ("store", "way"),
    [("sqlite", "file"), ("postgresql", "file"), ("sqlite", "pkcs11")],
    indirect=True,
)

LI, WANG, ZHAO = (Actor(Kind.USER, name) for name in ("li", "wang", "zhao"))
NAME, KEY = "IRK-3DES", demo.KEYS["IRK-3DES"]
KCV = TDES.encipher(KEY, bytes(8))[:3].hex().upper()
CARD = Card(bytes.fromhex("330300D15600000599110145FFFFFFFF"), "01")
BOTH = Challenge(bytes.fromhex("B1B2B3B4B5B6B7B8"), bytes.fromhex("A1A2A3A4A5A6A7A8"))


@pytest.fixture
def way(request, kek, monkeypatch):
    """The HSM whose keys are loaded."""
    monkeypatch.setenv("HSM_KEK", kek)
    return request.getfixturevalue("token_way")() if request.param == "pkcs11" else request.param


@pytest.fixture
def settings(way):
    return Settings(hsm=way)


def split(parts, key=KEY):
    """The key in components, as on the officers' papers."""
    papers = [secrets.token_bytes(16) for _ in range(parts - 1)]
    rest = key
    for paper in papers:
        rest = bytes(a ^ b for a, b in zip(rest, paper, strict=True))
    return [paper.hex() for paper in (*papers, rest)]


def check_of(paper):
    return TDES.encipher(bytes.fromhex(paper), bytes(8))[:3].hex().upper()


def steps(centre):
    with centre.database.read() as session:
        rows = list(session.scalars(select(AuditEntry).order_by(AuditEntry.seq)))
    assert broken_at(rows) is None
    return [
        (row.actor, row.action.removeprefix("key_loading."), json.loads(row.details))
        for row in rows
        if row.action.startswith("key_loading.")
    ]


def boxes(centre):
    with centre.database.read() as session:
        return [bool(one.box) for one in session.scalars(select(KeyComponent))]


def refused(kind, work, *arguments):
    with pytest.raises(ProblemError) as no:
        work(*arguments)
    assert no.value.kind is kind
    return no.value


@pytest.mark.parametrize("parts", [2, 3])
def test_officers_load_a_key_that_the_hsm_then_uses(centre, parts):
    papers, officers = split(parts), (LI, WANG, ZHAO)[:parts]
    begun = loading.begin(centre, ZHAO, NAME, parts)
    assert (begun.state, begun.check_value, begun.components) == (LoadingState.OPEN, None, ())
    refused(Problem.CARD_ALGORITHM_NOT_TAKEN, centre.hsm.internal, CARD, BOTH)
    for officer, paper in zip(officers, papers, strict=True):
        now = loading.enter(centre, officer, begun.id, paper, check_of(paper).lower())
        assert now.components[-1].check_value == check_of(paper)
        assert now.components[-1].entered_by == officer.id
    assert (now.state, now.check_value) == (LoadingState.LOADED, KCV)
    assert loading.status(centre, begun.id) == now
    assert loading.latest(centre) == [now]
    right = authenticate(TDES, diversify(TDES, KEY, CARD.id), BOTH.factor, BOTH.source)
    assert centre.hsm.internal(CARD, BOTH) == right
    assert boxes(centre) == [False] * parts
    told = steps(centre)
    assert [verb for _, verb, _ in told] == ["begun", *["entered"] * parts, "combining", "loaded"]
    assert told[0][0] == "user:zhao"
    assert told[-1][2]["check_value"] == KCV
    refused(Problem.KEY_LOADING_OVER, loading.enter, centre, ZHAO, begun.id, papers[0])
    refused(Problem.KEY_ALREADY_LOADED, loading.begin, centre, LI, NAME)


def test_one_officer_enters_one_component(centre):
    first, second = split(2)
    begun = loading.begin(centre, LI, NAME)
    loading.enter(centre, LI, begun.id, first)
    refused(Problem.KEY_OFFICER_TWICE, loading.enter, centre, LI, begun.id, second)
    assert loading.status(centre, begun.id).state is LoadingState.OPEN
    assert loading.enter(centre, WANG, begun.id, second).check_value == KCV


@pytest.mark.parametrize("paper", ["", "00" * 15, "00" * 17, "0G" * 16, "０" * 32])
def test_what_is_no_component_is_refused_and_not_repeated(centre, paper):
    begun = loading.begin(centre, LI, NAME)
    no = refused(Problem.KEY_COMPONENT_REFUSED, loading.enter, centre, LI, begun.id, paper)
    assert not paper or paper not in str(no.body())
    assert boxes(centre) == []


def test_a_component_with_another_check_value_than_its_paper_is_refused(centre):
    begun = loading.begin(centre, LI, NAME)
    (paper, _) = split(2)
    refused(Problem.KEY_COMPONENT_REFUSED, loading.enter, centre, LI, begun.id, paper, "000000")
    grouped = " ".join(paper[at : at + 4] for at in range(0, 32, 4))
    assert loading.enter(centre, LI, begun.id, grouped, check_of(paper)).components


@pytest.mark.parametrize("rest", ["00" * 16, "0123456789ABCDEF" * 2, "00" * 8 + "01" * 8])
def test_components_that_give_no_key_end_the_loading(centre, rest):
    """All zeros, two halves alike, halves that differ in what DES leaves out."""
    first, second = split(2, bytes.fromhex(rest))
    begun = loading.begin(centre, LI, NAME)
    loading.enter(centre, LI, begun.id, first)
    refused(Problem.KEY_COMPONENT_REFUSED, loading.enter, centre, WANG, begun.id, second)
    assert loading.status(centre, begun.id).state is LoadingState.ABORTED
    assert boxes(centre) == [False, False]
    assert steps(centre)[-1][1:] == (
        "aborted",
        {"number": begun.id, "problem": "key-component-refused"},
    )
    assert loading.begin(centre, LI, NAME).state is LoadingState.OPEN


def test_after_half_an_hour_a_component_is_gone(centre, clock):
    first, second = split(2)
    begun = loading.begin(centre, LI, NAME)
    loading.enter(centre, LI, begun.id, first)
    clock.now += timedelta(minutes=29, seconds=59)
    loading.expire(centre)
    assert boxes(centre) == [True]
    clock.now += timedelta(seconds=1)
    refused(Problem.KEY_LOADING_OVER, loading.enter, centre, WANG, begun.id, second)
    assert loading.status(centre, begun.id).state is LoadingState.EXPIRED
    assert boxes(centre) == [False]
    assert steps(centre)[-1][:2] == ("system:central", "expired")


def test_a_loading_may_be_ended_by_any_officer(centre):
    begun = loading.begin(centre, LI, NAME)
    loading.enter(centre, LI, begun.id, split(2)[0])
    assert loading.abort(centre, WANG, begun.id).state is LoadingState.ABORTED
    assert boxes(centre) == [False]
    assert steps(centre)[-1][:2] == ("user:wang", "aborted")
    refused(Problem.KEY_LOADING_OVER, loading.abort, centre, WANG, begun.id)


def test_a_key_is_loaded_once_at_a_time(centre):
    begun = loading.begin(centre, LI, NAME)
    refused(Problem.KEY_LOADING_OPEN, loading.begin, centre, WANG, NAME)
    assert loading.begin(centre, WANG, "PUK-3DES").id != begun.id
    refused(Problem.KEY_NAME_UNKNOWN, loading.begin, centre, LI, "PIN-KEY")
    refused(Problem.INVALID, loading.begin, centre, LI, "RPK-3DES", 1)
    refused(Problem.KEY_LOADING_UNKNOWN, loading.status, centre, 999)


class Lost:
    """The centre's own loader, whose answer is lost after or before it loaded."""

    def __init__(self, loader, *, after):
        self._loader, self._after = loader, after

    def __getattr__(self, name):
        return getattr(self._loader, name)

    def load(self, name, components):
        if self._after:
            self._loader.load(name, components)
        raise KeyboardInterrupt  # as if the process had died here


@pytest.mark.parametrize("after", [True, False])
def test_a_loading_whose_end_was_not_heard_is_settled_by_what_the_hsm_has(centre, clock, after):
    first, second = split(2)
    begun = loading.begin(centre, LI, NAME)
    loading.enter(centre, LI, begun.id, first)
    with pytest.raises(KeyboardInterrupt):
        lost = replace(centre, loader=Lost(centre.loader, after=after))
        loading.enter(lost, WANG, begun.id, second)
    assert loading.status(centre, begun.id).state is LoadingState.COMBINING
    refused(Problem.KEY_LOADING_OVER, loading.abort, centre, LI, begun.id)
    clock.now += timedelta(minutes=30)
    loading.expire(centre)
    now = loading.status(centre, begun.id)
    assert boxes(centre) == [False, False]
    if after:
        assert (now.state, now.check_value) == (LoadingState.LOADED, KCV)
    else:
        assert (now.state, now.check_value) == (LoadingState.EXPIRED, None)


def test_a_box_opens_for_its_own_loading_alone(centre):
    sealed = centre.loader.seal(bytearray(16), "key-loading/1/IRK-3DES/li")
    other = replace(sealed, bound="key-loading/2/IRK-3DES/li")
    refused(Problem.KEY_COMPONENT_REFUSED, centre.loader.load, NAME, [other, sealed])
    assert centre.loader.loaded(NAME) is None


def test_no_component_and_no_key_is_written_anywhere(centre, caplog):
    with caplog.at_level(logging.DEBUG):
        papers = split(2)
        begun = loading.begin(centre, LI, NAME)
        shown = [loading.enter(centre, LI, begun.id, papers[0])]
        refused(Problem.KEY_OFFICER_TWICE, loading.enter, centre, LI, begun.id, papers[1])
        with centre.database.read() as session:
            box = session.scalars(select(KeyComponent.box)).one()
        shown.append(loading.enter(centre, WANG, begun.id, papers[1]))
    files = b"".join(path.read_bytes() for path in centre.folder.rglob("*") if path.is_file())
    told = f"{shown} {steps(centre)} {caplog.text}"
    for secret in (*map(bytes.fromhex, papers), KEY):
        assert secret.hex() not in told.lower()
        assert secret not in box
        assert secret not in files
        assert secret.hex().encode() not in files.lower()
