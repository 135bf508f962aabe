"""`verify-log`: a whole log is whole, as a folder and as an export; whatever is done to it is found."""

import base64
import gzip
import json
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from kiosk.log import Event
from kiosk.logs import days, folder, reading
from kiosk.logs import verify as verifying
from kiosk.logs.chain import End, chained, hashed, row_of
from kiosk.logs.checkpoints import FILE
from kiosk.logs.keeper import Keeper, Signer
from kiosk.logs.opening import open_log
from kiosk.logs.verify import main
from tests.kiosk.test_signed import NOW, enrolled

CENTRE = Ed25519PrivateKey.generate()


class Centre:
    """Countersigns what is handed in, as the centre does."""

    def __init__(self, key=CENTRE):
        self.key = key

    def countersigned(self, _seq, signed):
        told = json.loads(base64.urlsafe_b64decode(signed.split(".")[1] + "==="))
        text = ".".join(map(packed, ({"alg": "EdDSA"}, told)))
        return (
            f"{text}.{base64.urlsafe_b64encode(self.key.sign(text.encode())).decode().rstrip('=')}"
        )

    def close(self):
        """There is nothing to close."""


def packed(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


class Kiosk:
    """A log of three days, each signed at its end; 4 lines a day, and the keys to check it."""

    def __init__(self, folder):
        self.folder, self.time = folder, NOW
        identity, ca = enrolled(folder)
        (folder / "ca.pem").write_bytes(ca)
        public = CENTRE.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        (folder / "centre.pem").write_bytes(public)
        self.signer = Signer("0017", identity, Centre())
        for _day in range(3):
            log, lines = open_log(folder, lambda: self.time)
            keeper = Keeper(lines, log, lambda: self.time, self.signer)
            for number in range(4):
                log.write(Event.SETTLED, open=number, left=0)
            keeper.look()
            lines.close()
            self.time += timedelta(days=1)

    def lines(self):
        """All lines, in one file that is not packed."""
        found = [line for day in days.every(self.folder / "log") for line in day.lines()]
        for day in days.every(self.folder / "log")[1:]:
            day.path.unlink()
        first = days.every(self.folder / "log")[0].path
        return found, first.with_name("000000000001-20261129.jsonl"), first

    def alter(self, change):
        """Change the list of lines, as somebody who may write files would."""
        lines, path, first = self.lines()
        change(lines)
        first.unlink()
        path.write_bytes(b"".join(line + b"\n" for line in lines))

    def verify(self, capsys, path=None, *more):
        keys = ["--ca", str(self.folder / "ca.pem"), "--centre", str(self.folder / "centre.pem")]
        code = main([*keys, *more, str(path or self.folder)])
        out, err = capsys.readouterr()
        told = json.loads(out)
        assert told["whole"] == (code == 0) == (not err)
        return told, err


@pytest.fixture
def kiosk(tmp_path):
    return Kiosk(tmp_path)


WHOLE = {
    "kiosk": "0017",
    "lines": 12,
    "first": 1,
    "last": 12,
    "whole": True,
    "signed_until": 12,
    "countersigned_until": 12,
    "removed_until": 0,
    "removed_at": "",
    "began": "2026-11-29T00:00:00.000+00:00",
    "ended": "2026-12-01T00:00:00.000+00:00",
}


def test_a_whole_log_is_whole(kiosk, capsys):
    assert kiosk.verify(capsys)[0] == WHOLE
    assert kiosk.verify(capsys, kiosk.folder / "log")[0] == WHOLE


def test_an_export_is_as_good_as_the_folder(kiosk, capsys, tmp_path):
    data, count = reading.packed(kiosk.folder / "log")
    (tmp_path / "opened").write_bytes(gzip.decompress(data))
    assert (kiosk.verify(capsys, tmp_path / "opened")[0], count) == (WHOLE, 12)


def altered(lines):
    lines[5] = lines[5].replace(b'"open": 1', b'"open": 2')


def removed(lines):
    del lines[6]


def slipped_in(lines):
    lines.insert(4, lines[3])


def swapped(lines):
    lines[2], lines[3] = lines[3], lines[2]


def cut_off(lines):
    del lines[10:]


def begun_later(lines):
    del lines[:3]


def last_altered(lines):
    lines[-1] = lines[-1].replace(b'"open": 3', b'"open": 0')


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (altered, "line 7 does not fit the one before"),
        (removed, "line 8 does not fit the one before"),
        (slipped_in, "line 4 does not fit the one before"),
        (swapped, "line 4 does not fit the one before"),
        (cut_off, "the log ends at line 10, and line 12 was signed: its end was cut off"),
        (begun_later, "the lines before 4 are missing"),
        (last_altered, "line 12 is not the one that was signed"),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_whatever_is_done_to_a_log_is_found(kiosk, capsys, change, told):
    kiosk.alter(change)
    assert told in kiosk.verify(capsys)[1].splitlines()


def test_a_chain_made_anew_contradicts_what_was_signed(kiosk, capsys):
    (kiosk.folder / "log").rename(kiosk.folder / "old")
    log, lines = open_log(kiosk.folder, lambda: NOW)
    for _ in range(12):
        log.write(Event.STOPPED)
    lines.close()
    (kiosk.folder / "old" / FILE).rename(kiosk.folder / "log" / FILE)
    assert "line 12 is not the one that was signed" in kiosk.verify(capsys)[1]


def test_a_log_that_was_signed_anew_contradicts_what_the_centre_has_seen(kiosk, capsys, tmp_path):
    """As somebody with the kiosk's own key would, who has the centre countersign what follows."""
    (kiosk.folder / "log").rename(tmp_path / "old")
    log, lines = open_log(kiosk.folder, lambda: NOW)
    for _ in range(20):
        log.write(Event.STOPPED)
    Keeper(lines, log, lambda: NOW, kiosk.signer).look()
    lines.close()
    assert kiosk.verify(capsys)[0]["whole"]
    seen = ["--seen", str(tmp_path / "old" / FILE)]
    assert "line 12 is not the one that was signed" in kiosk.verify(capsys, None, *seen)[1]


def test_another_kiosks_and_another_centres_signatures_are_found(kiosk, capsys, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    _, ca = enrolled(other)
    (kiosk.folder / "ca.pem").write_bytes(ca)
    assert "not of this authority" in kiosk.verify(capsys)[1]
    path = kiosk.folder / "log" / FILE
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    for row in rows:
        if "countersigned" in row:
            row["countersigned"] = Centre(Ed25519PrivateKey.generate()).countersigned(
                0, row["countersigned"]
            )
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert "line 4 was not countersigned by this centre" in kiosk.verify(capsys)[1]


DAYS = 20


@pytest.fixture
def aged(kiosk, monkeypatch, tmp_path):
    """A kiosk that removed days for their age, and each checkpoint that its centre has seen."""
    monkeypatch.setattr(folder, "KEPT_DAYS", DAYS)
    monkeypatch.setattr(verifying, "KEPT_DAYS", DAYS)
    seen = (kiosk.folder / "log" / FILE).read_bytes()
    for _day in range(DAYS):
        log, lines = open_log(kiosk.folder, lambda: kiosk.time)
        log.write(Event.STOPPED)
        Keeper(lines, log, lambda: kiosk.time, kiosk.signer).look()
        lines.close()
        seen += (kiosk.folder / "log" / FILE).read_bytes()
        kiosk.time += timedelta(days=1)
    (tmp_path / "seen").write_bytes(seen)
    return kiosk


def test_days_that_went_by_age_leave_a_whole_log(aged, capsys, tmp_path):
    told, _ = aged.verify(capsys, None, "--seen", str(tmp_path / "seen"))
    assert (told["first"], told["whole"], told["removed_until"]) == (13, True, 12)
    assert told["removed_at"] == aged.verify(capsys)[0]["removed_at"] == told["ended"]
    assert told["countersigned_until"] == told["last"]


def remove(kiosk, count):
    """Take away the oldest days, and write that they went, as somebody without any key can."""
    found = days.every(kiosk.folder / "log")
    last = list(found[-1].lines())
    end = End(row_of(last[-1])["seq"], hashed(last[-1]))
    for day in found[:count]:
        day.path.unlink()
    first = row_of(last[0] if count == len(found) else next(found[count].lines()))
    until = end if count == len(found) else End(first["seq"] - 1, first["prev"])
    row = {"at": kiosk.time.isoformat(), "event": "log_removed"}
    line, _ = chained(end, json.dumps(row | {"until": f"{until.seq:012}", "head": until.head}))
    days.named(kiosk.folder / "log", end.seq + 1, kiosk.time).path.write_bytes(line + b"\n")
    return until.seq


@pytest.mark.parametrize("left", [0, 1, DAYS - 5])
def test_days_that_were_removed_by_somebody_else_are_found(aged, capsys, tmp_path, left):
    until = remove(aged, len(days.every(aged.folder / "log")) - left)
    if not left:
        (aged.folder / "log" / FILE).unlink()
    told, err = aged.verify(capsys, None, "--seen", str(tmp_path / "seen"))
    assert told["removed_until"] == until
    assert f"the lines before {until + 1} were removed too early" in err


def test_tokens_that_were_blotted_out_are_those_that_the_centre_has_seen(aged, capsys, tmp_path):
    until = remove(aged, 8)
    rows = map(json.loads, (tmp_path / "seen").read_text().splitlines())
    blank = [{**row, "signed": "", "countersigned": ""} for row in rows]
    text = "".join(json.dumps(row) + "\n" for row in blank)
    (aged.folder / "log" / FILE).write_text(text)
    seen = ["--seen", str(tmp_path / "seen")]
    assert f"before {until + 1} were removed too early" in aged.verify(capsys, None, *seen)[1]


def test_days_that_went_for_room_leave_a_whole_log(aged, capsys, tmp_path, monkeypatch):
    until = remove(aged, 8)
    monkeypatch.setattr(verifying, "MOST_BYTES", 2000)
    told, _ = aged.verify(capsys, None, "--seen", str(tmp_path / "seen"))
    assert (told["removed_until"], told["whole"]) == (until, True)


def test_a_day_that_rotted_and_a_path_that_is_none_are_told(kiosk, capsys, tmp_path):
    first = days.every(kiosk.folder / "log")[0].path
    first.write_bytes(first.read_bytes()[:-9])
    assert "cannot be read" in kiosk.verify(capsys)[1]
    assert main([str(tmp_path / "nothing")]) == 2
    assert main(["--centre", str(tmp_path / "ca.pem"), str(tmp_path)]) == 2
