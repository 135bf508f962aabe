"""Where certificates are kept: in their order, whatever the clock says, and bounded."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.readiness import archive as module
from kiosk.readiness.archive import Archive


@pytest.fixture
def archive(tmp_path):
    return Archive(tmp_path / "kiosk", None)


def names(archive):
    return sorted(path.name for path in archive.folder.iterdir())


def test_the_newest_is_the_last_that_was_put_also_after_a_clock_that_was_ahead(
    archive, certificate
):
    archive.put(replace(certificate, at=certificate.at + timedelta(days=4000)))
    archive.put(certificate)
    assert names(archive) == ["000001-20371112.json", "000002-20261130.json"]
    assert archive.newest() == certificate


def test_what_rotted_is_passed_over(archive, certificate):
    archive.put(certificate)
    archive.put(certificate).write_bytes(b"{")
    (archive.folder / "readme.json").write_text("{}")
    assert archive.newest() == certificate
    assert archive.put(certificate).name.startswith("000003-")


def test_a_slip_counts_where_it_came_out_and_could_be_read(archive, certificate, well):
    day = well.at.date()
    archive.put(certificate)
    assert not archive.printed_on(day), "what could not be read back is printed again"
    archive.put(well)
    assert archive.printed_on(day)
    assert not archive.printed_on(day + timedelta(days=1))


def test_the_days_that_are_kept_are_those_there_were(archive, certificate, monkeypatch):
    monkeypatch.setattr(module, "DAYS", 3)
    for day in (0, 1, 4000, 2, 3, 3):
        path = archive.put(replace(certificate, at=certificate.at + timedelta(days=day)))
        path.with_suffix(".pdf").write_bytes(b"%PDF")
    assert {name.partition(".")[0] for name in names(archive)} == {
        *("000003-20371112", "000004-20261202", "000005-20261203", "000006-20261203")
    }
    assert len(names(archive)) == 8
    monkeypatch.setattr(module, "MOST", 2)
    archive.put(certificate)
    assert len(names(archive)) == 3


def test_a_disk_that_takes_nothing_is_told(archive, certificate):
    archive.folder.parent.mkdir()
    archive.folder.write_text("a file")
    with pytest.raises(OSError):
        archive.put(certificate)
    assert archive.newest() is None


def test_a_sheet_that_cannot_be_made_is_told(archive, certificate):
    path = archive.put(certificate)
    path.write_bytes(b"{")
    with pytest.raises(OSError):
        archive.sheet(path)
