"""A kiosk that was enrolled signs where its log stands, at its start and its end."""

from kiosk.logs.verify import verify
from tests.kiosk.test_signed import enrolled
from tests.logged import rows


def test_the_log_of_an_enrolled_kiosk_is_signed_to_its_end(open_kiosk, tmp_path):
    identity = tmp_path / "identity"
    identity.mkdir()
    _, authority = enrolled(identity)
    for _ in range(2):
        citizen = open_kiosk(central_identity_dir=str(identity))
        citizen.wait("home")
        citizen.close()
    verdict = verify(tmp_path / "kiosk", authority)
    assert verdict.wrong == []
    assert (verdict.kiosk, verdict.signed_until) == ("0017", verdict.last)
    started = [row["seq"] for row in rows(tmp_path / "kiosk", "started")]
    assert len(started) == 2


def test_a_kiosk_without_a_certificate_has_a_whole_log(citizen, tmp_path):
    citizen.close()
    verdict = verify(tmp_path / "kiosk")
    assert (verdict.wrong, verdict.signed_until) == ([], 0)
    assert verdict.lines > 1
