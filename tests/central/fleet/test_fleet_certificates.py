"""What a kiosk proved of itself: taken as it signed it, refused as anything else, and shown."""

import json
import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from central.audit.records import SYSTEM, Actor, AuditEntry, Kind
from central.fleet import certificates
from central.fleet.certificates import KIND, MOST
from central.fleet.certificates_api import MOST_JWS
from central.trust import devices
from kiosk.identity import Identity
from kiosk.readiness import certificate as kiosk_side
from kiosk.readiness.certificate import Certificate, verified, written
from kiosk.readiness.proof import PROOFS, Degree
from kiosk.signed import sign

KIOSK = Actor(Kind.KIOSK, "0017")
PAGE = "/console/fleet/kiosks/0017"
BOTH = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)
DEGREES = {
    "print": (Degree.PROVEN, ""),
    "id_reader": (Degree.LOOKED, "no_paper"),
    "camera": (Degree.FAILED, "frozen"),
}
CERTIFICATE = Certificate(
    "0017",
    "0.1.0",
    "ab" * 32,
    7,
    datetime.fromisoformat("2026-11-23T06:00:07+08:00"),
    "daily",
    tuple(proof.result(*DEGREES.get(proof.name, (Degree.ABSENT, ""))) for proof in PROOFS),
)


@pytest.fixture
def identity(centre, client, tmp_path):
    """A kiosk that was enrolled with this centre."""

    def identity(kiosk=KIOSK):
        with centre.database.write() as session:
            code = devices.invite(session, kiosk, SYSTEM, centre.clock())
        made = Identity(tmp_path / kiosk.id)
        assert made.enrol(str(client.base_url), code) == ""
        return made

    return identity


@pytest.fixture
def hand_in(kiosk):
    """Hands a file in as it is kept; the answer."""

    def hand_in(file, number=1, who="0017"):
        return kiosk("PUT", f"certificates/{number}", who, json=json.loads(file))

    return hand_in


@pytest.fixture
def kept(centre):
    """The numbers that are kept, the newest first."""

    def kept(kiosk="0017"):
        with centre.database.read() as session:
            return [row.number for row in session.scalars(certificates._newest_first(kiosk))]

    return kept


@pytest.fixture
def forged(centre):
    """What the audit has of signatures that were wrong."""

    def forged():
        found = select(AuditEntry).where(AuditEntry.action == "readiness.forged")
        with centre.database.read() as session:
            return [(row.target, json.loads(row.details)) for row in session.scalars(found)]

    return forged


def refused(answer, problem="readiness-refused"):
    return answer.json()["type"] == f"urn:social-card:problem:{problem}"


def later(seconds):
    return replace(CERTIFICATE, at=CERTIFICATE.at + timedelta(seconds=seconds))


@BOTH
def test_a_signed_one_is_kept_once_and_comes_back_as_the_kiosk_has_it(
    identity, hand_in, centre, clock, kept, sign_in, forged
):
    file = written(replace(CERTIFICATE, at=clock()), identity())
    first = hand_in(file, 12)
    assert (first.status_code, datetime.fromisoformat(first.json()["taken_at"])) == (200, clock())
    clock.now += timedelta(hours=1)
    assert hand_in(file, 12).json() == first.json()
    assert (kept(), forged()) == ([12], [])
    answer = sign_in("supervisor").get(f"{PAGE}/certificates/12")
    assert answer.content == file
    assert "kiosk-0017-000012.json" in answer.headers["content-disposition"]
    assert verified(answer.content, centre.authority.pem.encode()).kiosk == "kiosk:0017"


@BOTH
def test_the_last_thirty_are_kept_by_when_they_came(identity, hand_in, clock, kept):
    own = identity()
    for number in range(1, MOST + 3):
        clock.now += timedelta(minutes=1)
        assert hand_in(written(later(number), own), number).status_code == 200
    assert kept() == list(range(MOST + 2, 2, -1))
    clock.now += timedelta(minutes=1)
    hand_in(written(later(99), own))  # its disk was exchanged: it counts from 1 again
    assert (kept()[0], len(kept())) == (1, MOST)
    clock.now += timedelta(minutes=1)
    hand_in(written(later(100), own), 5)
    assert (kept()[0], len(kept())) == (5, MOST)


@BOTH
def test_a_signature_that_is_wrong_is_refused_and_written_down(
    identity, hand_in, kept, forged, centre
):
    own, other = identity(), identity(Actor(Kind.KIOSK, "0018"))
    good = json.loads(written(CERTIFICATE, own))
    told = good["certificate"]
    nicer = good | {"certificate": told | {"revision": 8}}
    bad = (
        nicer,
        good | {"jws": good["jws"][:-4] + "AAAA"},
        good | {"jws": sign(other, KIND, told)},
        good | {"jws": sign(own, "kiosk-log-checkpoint", told)},
        good | {"jws": "e30.e30.e30"},
        good | {"jws": "张三"},
    )
    for each in bad:
        assert refused(hand_in(json.dumps(each), 3))
    assert forged() == [("kiosk:0017", {"number": 3})] * len(bad)
    with centre.database.write() as session:
        devices.revoke(session, KIOSK, SYSTEM, centre.clock())
    assert refused(hand_in(json.dumps(good), 3))
    assert (kept(), len(forged())) == ([], len(bad) + 1)


def test_what_only_looks_deep_is_no_certificate(identity, hand_in):
    identity()
    deep = "W1tb" * (MOST_JWS // 12)  # [[[[…
    file = json.loads(written(CERTIFICATE, None))
    assert refused(hand_in(json.dumps(file | {"jws": f"{deep}.{deep}.AAAA"})))


def test_another_kiosk_s_is_refused(identity, hand_in, kept, forged):
    file = written(CERTIFICATE, identity())
    assert refused(hand_in(file, who="0018"), "kiosk-is-another")
    assert (kept(), kept("0018"), forged()) == ([], [], [])


def test_without_a_signature_only_who_never_could_sign_is_believed(
    identity, hand_in, kept, forged, sign_in
):
    file = written(CERTIFICATE, None)
    assert hand_in(file).status_code == 200
    assert "没有签名，本机没有证书" in sign_in("operator").get(PAGE).text
    identity()
    assert refused(hand_in(written(later(1), None), 2))
    assert (kept(), forged()) == ([1], [])


@pytest.mark.parametrize(
    "other",
    [
        {"schema": 2},
        {"note": "张三"},
        {"version": "张三"},
        {"why": "11010519491231002X"},
        {"at": "yesterday"},
        {"at": "2026-13-23T06:00:07+08:00"},
        {"program": "ab"},
        {"revision": True},
        {"proofs": [CERTIFICATE.told()["proofs"][0] | {"degree": "perfect"}]},
        {"proofs": [CERTIFICATE.told()["proofs"][0] | {"reason": "13800138000"}]},
        {"proofs": CERTIFICATE.told()["proofs"] * 4},
    ],
    ids=str,
)
def test_another_form_is_refused_and_no_field_can_hold_a_person(hand_in, kept, other):
    file = json.loads(written(CERTIFICATE, None))
    answer = hand_in(json.dumps(file | {"certificate": file["certificate"] | other}))
    assert refused(answer, "invalid")
    assert "张三" not in answer.text
    assert kept() == []


def test_too_large_a_one_is_refused(kiosk, hand_in, kept):
    file = json.loads(written(CERTIFICATE, None))
    assert refused(hand_in(json.dumps(file | {"jws": "A" * (MOST_JWS + 1)})), "invalid")
    answer = kiosk("PUT", "certificates/1", content=b" " * 3_000_000)
    assert (answer.status_code, refused(answer, "too-large")) == (413, True)
    assert refused(kiosk("PUT", "certificates/0", json=file), "invalid")
    assert kept() == []


def test_a_signed_certificate_of_every_proof_is_far_below_the_bound(identity):
    longest = tuple(proof.result(Degree.LOOKED, "x" * 64, 15000) for proof in PROOFS)
    file = json.loads(written(replace(CERTIFICATE, proofs=longest), identity()))
    assert len(file["jws"]) < MOST_JWS / 3
    assert kiosk_side.KIND == KIND


def test_the_kiosk_s_page_shows_the_last_one_and_gives_it_away(identity, hand_in, sign_in, clock):
    own = identity()
    operator = sign_in("operator", login="op.one")
    hand_in(written(CERTIFICATE, own), 12)
    page = operator.get(PAGE).text
    section = re.sub(r"\s+", " ", re.search(r"<dl>\s*<dt>自检证书.*?</dl>", page, re.DOTALL)[0])
    assert "2026-11-23 06:00 · <a" in section
    assert f'href="{PAGE}/certificates/12">下载第 12 号</a>' in section
    assert '<span class="code">0.1.0</span> · 配置版次 7' in section
    assert "由本机证书签名，已核对" in section
    assert '<dt>未通过 1</dt><dd>摄像头 <span class="code">frozen</span></dd>' in section
    assert "<dt>已证实 1</dt><dd>打印</dd>" in section
    assert '<dt>自报正常 1</dt><dd>阅读器 <span class="code">no_paper</span></dd>' in section
    assert f"<dt>没有或没做 {len(PROOFS) - 3}</dt>" in section
    clock.now += timedelta(minutes=1)
    hand_in(written(later(60), own), 13)
    assert "下载第 13 号" in operator.get(PAGE).text
    english = sign_in("operator", login="op.en", language="en").get(PAGE).text
    assert "Signed with the kiosk's certificate, verified" in english
    assert "Camera" in english


def test_whoever_may_not_see_the_page_gets_no_certificate(identity, hand_in, sign_in, report):
    report()
    assert "还没有交来自检证书" in sign_in("operator", login="op.one").get(PAGE).text
    hand_in(written(CERTIFICATE, identity()), 12)
    clerk = sign_in("clerk", login="clerk")
    assert [clerk.get(path).status_code for path in (PAGE, f"{PAGE}/certificates/12")] == [403] * 2
    supervisor = sign_in("supervisor", login="chief")
    assert supervisor.get(f"{PAGE}/certificates/12").status_code == 200
    assert supervisor.get(f"{PAGE}/certificates/13").status_code == 404
    assert supervisor.get("/console/fleet/kiosks/0018/certificates/12").status_code == 404


def test_a_proof_the_centre_does_not_know_yet_is_shown_by_its_name(hand_in, sign_in):
    file = json.loads(written(CERTIFICATE, None))
    new = file["certificate"]["proofs"][0] | {"proof": "palm_reader"}
    file["certificate"]["proofs"] = [new]
    assert hand_in(json.dumps(file)).status_code == 200
    assert "<dt>已证实 1</dt><dd>palm_reader</dd>" in sign_in("operator").get(PAGE).text
