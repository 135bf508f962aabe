"""Who keeps the log: signs at its times, waits for a centre, and goes by what the centre answers."""

from datetime import timedelta

import pytest

from kiosk.link import Rejected, Unknown, Unreachable
from kiosk.log import Event
from kiosk.logs import checkpoints
from kiosk.logs import keeper as module
from kiosk.logs.chain import End
from kiosk.logs.checkpoints import FILE, Checkpoint, Checkpoints
from kiosk.logs.keeper import Keeper, Signer
from kiosk.logs.opening import open_log
from kiosk.logs.verify import verify
from tests.kiosk.test_log_verify import Centre
from tests.kiosk.test_signed import NOW, enrolled
from tests.logged import rows


class Away(Centre):
    """A centre that answers with what is in `says`, and countersigns otherwise."""

    def __init__(self):
        super().__init__()
        self.says, self.asked = None, []

    def countersigned(self, seq, signed):
        self.asked.append(seq)
        if self.says is not None:
            raise self.says
        return super().countersigned(seq, signed)


class Kiosk:
    def __init__(self, folder):
        identity, _ = enrolled(folder)
        self.folder, self.time, self.centre = folder, NOW, Away()
        self.log, self.lines = open_log(folder, lambda: self.time)
        signer = Signer("0017", identity, self.centre)
        self.keeper = Keeper(self.lines, self.log, lambda: self.time, signer)

    def says(self, count=1):
        for _ in range(count):
            self.log.write(Event.STOPPED)
        self.keeper.look()

    @property
    def waiting(self):
        return [one.end.seq for one in Checkpoints(self.lines.path).waiting()]


@pytest.fixture
def kiosk(tmp_path):
    one = Kiosk(tmp_path)
    yield one
    one.lines.close()


@pytest.mark.parametrize(
    "no",
    [
        Unreachable("x"),
        Unknown("status 503"),
        Rejected("urn:social-card:problem:device-forbidden", 403),
    ],
    ids=lambda no: type(no).__name__,
)
def test_a_checkpoint_waits_for_a_centre_and_the_outage_is_said_once(kiosk, monkeypatch, no):
    monkeypatch.setattr(module, "EVERY_LINES", 5)
    kiosk.centre.says = no
    for _ in range(3):
        kiosk.says(5)
    assert kiosk.waiting == [5, 11, 16]  # with the line that says that there is no centre
    assert len(rows(kiosk.folder, "centre_failed")) == 1
    kiosk.centre.says, kiosk.centre.asked[:] = None, []
    kiosk.keeper.look()
    assert (kiosk.centre.asked, kiosk.waiting) == ([5, 11, 16], [])
    assert verify(kiosk.folder).countersigned_until == 16


def test_an_hour_is_signed_and_a_quiet_one_is_not(kiosk, monkeypatch):
    passed = [1e6]
    monkeypatch.setattr(module.time, "monotonic", lambda: passed[0])
    kiosk.says()
    kiosk.says()
    passed[0] += module.EVERY_S
    kiosk.says(0)
    passed[0] += module.EVERY_S
    kiosk.says(0)
    assert kiosk.centre.asked == [1, 2]


def test_the_end_is_signed_and_handed_in_by_the_next_start(kiosk):
    kiosk.says()
    kiosk.log.write(Event.STOPPED)
    kiosk.keeper.close()
    assert kiosk.waiting == [2]
    assert verify(kiosk.folder).signed_until == 2


def test_what_is_refused_is_asked_once(kiosk):
    kiosk.centre.says = Rejected("urn:social-card:problem:log-checkpoint-refused", 422)
    kiosk.says()
    kiosk.says()
    assert kiosk.centre.asked == [1]
    assert [row["problem"] for row in rows(kiosk.folder, "log_refused")] == [kiosk.centre.says.type]


def test_a_line_that_power_tore_of_the_checkpoints_is_given_up(kiosk):
    kiosk.says()
    path = kiosk.lines.path / FILE
    path.write_bytes(path.read_bytes() + b'{"seq": 9, "he')
    again = Keeper(kiosk.lines, kiosk.log, lambda: kiosk.time + timedelta(1), kiosk.keeper._signer)
    kiosk.log.write(Event.STOPPED)
    again.close()
    assert Checkpoints(kiosk.lines.path).last.end.seq == 2


def test_a_disk_that_takes_no_checkpoint_stops_nothing(kiosk, monkeypatch):
    def full(*_):
        raise OSError(28, "full")

    monkeypatch.setattr(Checkpoints, "_append", full)
    kiosk.says()
    assert rows(kiosk.folder, "store_failed")
    assert kiosk.waiting == []


def test_a_kiosk_that_starts_all_the_time_keeps_no_more_than_a_bound(kiosk, monkeypatch):
    monkeypatch.setattr(checkpoints, "MOST", 6)
    kept = Checkpoints(kiosk.lines.path)
    for seq in range(1, 8):
        kept.sign(Checkpoint(End(seq, "0" * 64), "", "token"))
        kept.answer(Checkpoint(End(seq, "0" * 64), "", "token"), countersigned="word")
    again = Checkpoints(kiosk.lines.path)
    assert (again.last.end.seq, again.waiting()) == (7, [])
    assert len((kiosk.lines.path / FILE).read_bytes().splitlines()) == 8
