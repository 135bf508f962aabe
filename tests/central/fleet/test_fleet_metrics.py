"""What Prometheus reads of the fleet, and that its alerts ask for nothing else."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from prometheus_client import REGISTRY

from central.fleet import keys
from central.operation import metrics

RULES = yaml.safe_load(Path("deploy/prometheus/fleet.yaml").read_text("utf-8"))
ALERTS = [rule for group in RULES["groups"] for rule in group["rules"]]


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
