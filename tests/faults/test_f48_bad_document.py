"""F48: a configuration from afar that is bad: the last good one serves, and the operator is told.

A citizen stands before the kiosk all the while, and is served to the end.
"""

import json
from datetime import timedelta

import pytest

from kiosk.configuration.document import MOST
from tests.faults.fleet import OTHER_TITLE
from tests.kiosk.configuration.repository import Repository


@pytest.fixture(autouse=True)
def kiosk(fleet):
    """A kiosk that serves, with revision 12 committed."""
    fleet.start()
    fleet.commits(12)
    assert fleet.title == f"{OTHER_TITLE} 12"


def unsigned(fleet):
    def bare(data):
        return json.dumps(json.loads(data) | {"signatures": []}).encode()

    fleet.repository.put(fleet.document(13), 13)
    fleet.repository.altered("metadata/targets.json", bare)


def wrong_key(fleet):
    fleet.repository.put(fleet.document(13), 13, targets=Repository().keys["targets"])


def one_root_key(fleet):
    fleet.repository.rotate(fleet.repository.roots[0])
    fleet.repository.put(fleet.document(13), 13)


def older(fleet):
    version = fleet.repository.version
    fleet.repository.put(fleet.document(13), 13, version=version - 1)


def expired(fleet):
    fleet.repository.put(fleet.document(13), 13, life=-timedelta(minutes=1))


def other_kiosks(fleet):
    fleet.repository.put(fleet.document(13, kiosk="0018"), 13, path="kiosk/0018.json")


def cut(fleet):
    fleet.repository.put(fleet.document(13), 13)
    fleet.repository.altered("targets/kiosk/0017.json", lambda data: data[:-7])


def altered(fleet):
    fleet.repository.put(fleet.document(13), 13)
    fleet.repository.altered("targets/kiosk/0017.json", lambda data: data.replace(b"13", b"99"))


def too_large(fleet):
    fleet.repository.put(b" " * (MOST + 1), 13)


def not_there(fleet):
    fleet.repository.sign()


UNPROVEN = {
    unsigned: "unsigned",
    wrong_key: "wrong_key",
    one_root_key: "wrong_key",
    older: "older",
    expired: "expired",
    other_kiosks: "other_kiosk",
    cut: "cut",
    altered: "altered",
    too_large: "too_large",
    not_there: "missing",
}


def of_another_kiosk(fleet):
    return fleet.document(13, kiosk="0018")


def no_json(fleet):
    return json.dumps(fleet.document(13)).encode()[:-3]


def wrong_schema(fleet):
    return fleet.document(13, schema=2)


def wrong_member(fleet):
    return fleet.document(13, colour="red")


def wrong_setting(fleet):
    return fleet.document(13, settings={"printer.port": "/dev/null"})


def wrong_rules(fleet):
    return fleet.document(13, rules="[meta]\nversion = 3")


def other_revision(fleet):
    return fleet.document(14)


UNUSABLE = {
    of_another_kiosk: "other_kiosk",
    no_json: "no_json",
    wrong_schema: "schema",
    wrong_member: "schema",
    wrong_setting: "setting",
    wrong_rules: "rules",
    other_revision: "schema",
}


def name(value):
    return value.__name__ if callable(value) else None


@pytest.mark.parametrize(("bad", "reason"), UNPROVEN.items(), ids=name)
def test_what_is_not_proven_is_refused_and_asked_for_again(fleet, bad, reason):
    fleet.citizen.begin("zhang_san", to="phone")
    bad(fleet)
    fleet.server.push(13)
    told = fleet.reported("failed", 13, step="verified", reason=reason)
    assert (told["serving"], told["mode"]) == (12, "in_service")
    assert (13, "verified", reason) in fleet.refusals()
    fleet.citizen.to("done")
    fleet.citizen.voucher()
    fleet.citizen.go_home()
    assert fleet.title == f"{OTHER_TITLE} 12"
    asked = len(fleet.server.asked)
    fleet.until(lambda: len(fleet.server.asked) > asked)
    assert fleet.refusals().count((13, "verified", reason)) == 1  # said once, not at every try


@pytest.mark.parametrize(("bad", "reason"), UNUSABLE.items(), ids=name)
def test_what_cannot_be_used_is_refused_and_never_tried_again(fleet, bad, reason):
    fleet.citizen.begin("zhang_san", to="phone")
    fleet.repository.put(bad(fleet), 13)
    fleet.server.push(13)
    told = fleet.reported("failed", 13, step="valid", serving=12)
    assert told["reason"].startswith(f"{reason}: ")
    assert fleet.refusals() == [(13, "valid", reason)]
    fleet.citizen.to("done")
    fleet.citizen.voucher()
    fleet.citizen.go_home()
    assert fleet.title == f"{OTHER_TITLE} 12"
    fetched = fleet.server.asked.count(("targets/kiosk/0017.json", ""))
    fleet.stop()
    fleet.start()
    fleet.reported("failed", 13, step="valid", reason=reason)
    assert fleet.title == f"{OTHER_TITLE} 12"
    fleet.commits(14)  # and the next one is taken
    assert fleet.server.asked.count(("targets/kiosk/0017.json", "")) == fetched + 1


def test_once_it_is_signed_well_it_is_taken(fleet):
    unsigned(fleet)
    fleet.server.push(13)
    fleet.reported("failed", 13, reason="unsigned")
    fleet.commits(13)
    assert fleet.title == f"{OTHER_TITLE} 13"


def test_without_the_root_the_kiosk_serves_and_believes_nobody(fleet):
    fleet.stop()
    fleet.root.write_bytes(b"{}")
    citizen = fleet.start()
    told = fleet.reported("committed", 12, step="root", reason="unreadable")
    assert told["serving"] == 12
    citizen.served("zhang_san")
