"""What Prometheus reads of the fleet, and that its alerts ask for nothing else."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from prometheus_client import REGISTRY

from central.fleet import contents, keys, records, rollouts
from central.operation import counters, metrics
from tests.central.fleet import promql
from tests.central.fleet.conftest import ANNA

RULES = yaml.safe_load(Path("deploy/prometheus/fleet.yaml").read_text("utf-8"))
ALERTS = [rule for group in RULES["groups"] for rule in group["rules"]]
EXPRESSIONS = {rule["alert"]: rule["expr"] for rule in ALERTS}


@pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)
def test_the_fleet_is_counted(desire, report, scrape, clock, centre):
    desire(["0017", "0018"])
    clock.now -= timedelta(minutes=6)
    report("0018", state="committed", revision=1)
    clock.now += timedelta(minutes=6)
    report("0017", state="failed", revision=1, step="staged", reason="x")
    keys.run_due(centre)
    told = scrape()
    for line in (
        'centre_kiosks{state="committed"} 1.0',
        'centre_kiosks{state="failed"} 1.0',
        "centre_kiosks_silent 1.0",
        'centre_kiosk_documents{outcome="FAILED"} 1.0',
        'centre_kiosk_documents{outcome="COMMITTED"} 1.0',
        "centre_kiosks_waiting 0.0",
    ):
        assert line in told
    expires = float(re.search(r"(?m)^centre_fleet_root_expires_seconds (\S+)", told)[1])
    assert abs(expires - (clock.now + keys.ROOT_LIFE).timestamp()) < 2


@pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)
def test_a_kiosk_that_is_no_more_is_not_counted(desire, report, scrape, clock, centre):
    desire(["0017"])
    clock.now -= timedelta(minutes=6)
    report("0017", state="received", revision=1)
    assert "centre_kiosks_silent 1.0" in scrape()
    with centre.database.write() as session:
        records.kiosk(session, "0017").group = records.RETIRED
    told = scrape()
    assert "centre_kiosks_silent 0.0" in told
    assert "centre_kiosks{" not in told
    assert "centre_kiosk_documents{" not in told


@pytest.mark.parametrize("alert", ALERTS, ids=lambda each: each["alert"])
def test_an_alert_asks_for_what_there_is_and_says_its_cure(alert):
    known = {query.name for query in metrics.QUERIES} | {
        sample.name for family in REGISTRY.collect() for sample in family.samples
    }
    known |= {family.name + "_total" for family in REGISTRY.collect() if family.type == "counter"}
    asked = set(re.findall(r"centre_\w+", alert["expr"]))
    assert asked
    assert asked <= known
    assert alert["annotations"]["cure"]


def fires(alert, now, before=""):
    """Whether a rule gives anything, by what was scraped now and at its range's beginning."""
    return bool(promql.value(EXPRESSIONS[alert], now, before))


def test_many_silent_kiosks_are_an_alert_and_few_are_none(signed, report, scrape, clock):
    for number in range(1, 6):
        report(f"000{number}", state="committed" if number % 2 else "none")
    assert not fires("ManyKiosksSilent", scrape())
    clock.now -= timedelta(minutes=6)
    report("0001")
    assert fires("KiosksSilent", scrape())
    assert not fires("ManyKiosksSilent", scrape())  # a fifth, and no more
    report("0002")
    assert fires("ManyKiosksSilent", scrape())


def test_the_first_rollout_that_stops_is_an_alert(signed, scrape, clock):
    before = scrape()
    assert not fires("RolloutStopped", before, before)
    with signed.database.write() as session:
        records.kiosk(session, "0017")
        made = contents.propose(session, "{}", "", ANNA, clock.now)
        found = rollouts.make(session, made.id, rollouts.Wish(("*",)), ANNA, clock.now)
        rollouts.act(session, found.id, "stop", ANNA, clock.now)
    assert fires("RolloutStopped", scrape(), before)


def test_a_root_that_expires_is_an_alert_and_none_at_all_is_not(centre, sticks, scrape, clock):
    counters.ROOT_EXPIRES.set(0)  # as it begins in a process
    keys.run_due(centre)
    assert not fires("FleetRootExpires", scrape())
    keys.make(centre.folder, sticks, clock.now)
    keys.run_due(centre)
    assert not fires("FleetRootExpires", scrape())
    counters.ROOT_EXPIRES.set((clock.now + timedelta(days=29)).timestamp())
    assert fires("FleetRootExpires", scrape())


def test_a_log_that_is_not_signed_is_an_alert_after_more_than_a_night(clock):
    def told(hours):
        at = (clock.now - timedelta(hours=hours)).timestamp()
        return f'centre_kiosk_log_checkpoint_at_seconds{{kiosk="0017"}} {at}\n'

    assert not fires("KioskLogNotSigned", told(16))
    assert fires("KioskLogNotSigned", told(31))


@pytest.mark.parametrize("alert", ALERTS, ids=lambda each: each["alert"])
def test_an_alert_can_be_read_and_is_silent_where_nothing_is_wrong(alert, signed, report, scrape):
    keys.run_due(signed)
    report("0017", state="none")
    told = scrape()
    assert promql.value(alert["expr"], told, told) == {}
