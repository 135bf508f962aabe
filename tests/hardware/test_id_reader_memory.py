"""Asked again and again whether a paper lies there, a kiosk keeps nothing that is on it."""

import subprocess
import sys

import pytest

from hardware.id_reader.simulator import IdReaderSimulator
from kiosk.zeroise import TOLD, TUNABLES
from tests.hardware.test_id_reader_vectors import PERSON_A
from tests.journeys.memory import traces

CANARIES = (PERSON_A.number, PERSON_A.address)
ASKS = """
import sys
from hardware.id_reader.driver import IdReader
reader = IdReader(sys.argv[1])
for _ in range(10):
    assert reader.present()
    print("asked", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def asking(tmp_path, monkeypatch):
    """A process that asked ten times, with a C library that overwrites what is freed."""
    monkeypatch.setenv(TOLD, TUNABLES)
    with IdReaderSimulator(tmp_path / "id_reader", baudrate=115200) as simulator:
        simulator.place(PERSON_A)
        command = [sys.executable, "-c", ASKS, str(tmp_path / "id_reader")]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            for _ask in range(10):
                assert process.stdout.readline() == b"asked\n"
            yield process
            process.stdin.close()


def test_nothing_of_the_paper_is_left(asking):
    assert traces(asking.pid, CANARIES) == {}
