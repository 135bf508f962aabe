"""A certificate of a kiosk, and a kiosk that was enrolled."""

from dataclasses import replace
from datetime import datetime

import pytest

from kiosk.readiness.certificate import Certificate, program, written
from kiosk.readiness.proof import PROOFS, Degree
from tests.kiosk.test_signed import enrolled

AT = datetime.fromisoformat("2026-11-30T06:00:07+08:00")
RESULTS = tuple(
    proof.result(Degree.PROVEN, "", 12)
    if proof.name != "read_back"
    else proof.result(Degree.FAILED, "not_read_back", 6031)
    for proof in PROOFS
)


@pytest.fixture
def certificate():
    return Certificate("0017", "0.1.0", program(), 7, AT, "daily", RESULTS)


@pytest.fixture
def well(certificate):
    """One without a failure."""
    proofs = tuple(replace(row, degree=Degree.PROVEN, reason="") for row in RESULTS)
    return replace(certificate, proofs=proofs)


@pytest.fixture
def identity(tmp_path):
    """The kiosk's identity, and who gave it (PEM)."""
    return enrolled(tmp_path)


@pytest.fixture
def signed(certificate, identity):
    return written(certificate, identity[0])
