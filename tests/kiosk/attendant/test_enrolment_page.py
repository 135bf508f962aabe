"""The pages of a kiosk that is not enrolled: closed, with a way in for who installs it."""

from dataclasses import replace

import pytest

from kiosk.crawl.answers import NOW, RULES
from kiosk.services.attendant import ENROLMENT, ENTRY, OF_ATTENDANTS
from kiosk.services.catalogue import catalogue
from kiosk.services.closed import By, Closed
from kiosk.services.enrolling import ENROLMENT_SERVICE, NOT_ENROLLED
from kiosk.visit import Visit
from screens.scene import Scene
from screens.views import view

SCENE = Scene(
    None, NOW, "", "", ("一家银行",), RULES, catalogue(RULES), str, kiosk_id="0017", language="en"
)


@pytest.mark.parametrize(
    ("keepers", "way"),
    [((By.NOT_ENROLLED,), ENROLMENT), ((By.NOT_ENROLLED, By.HOURS), ENROLMENT), ((), ENTRY)],
)
def test_the_corners_lead_to_the_code_while_there_is_no_certificate(keepers, way):
    shown = view(replace(SCENE, closed=Closed("hours"), keepers=keepers))
    assert shown.corners.service.name == way
    assert way in OF_ATTENDANTS
    assert not view(replace(SCENE, closed=NOT_ENROLLED, keepers=keepers, recovering=True)).corners


def test_why_it_is_closed_is_said_in_both_languages():
    for language, told in (("zh_CN", NOT_ENROLLED.reason), ("en", NOT_ENROLLED.english)):
        scene = replace(SCENE, closed=NOT_ENROLLED, keepers=(By.NOT_ENROLLED,), language=language)
        assert view(scene).rows[0].value == told


def test_whoever_has_an_id_goes_on_to_attendant_mode():
    shown = view(replace(SCENE, visit=Visit(ENROLMENT_SERVICE)))
    assert shown.secondary.say.service.name == ENTRY
    assert (shown.entry.length, "0017" in shown.lead) == (12, True)


def test_the_fingerprint_is_shown_beside_the_number_until_it_is_confirmed():
    waits = Visit(ENROLMENT_SERVICE, {"code": "7K4Q92MXTB3W"})
    assert view(replace(SCENE, visit=waits)).screen == "wait"
    shown = view(replace(SCENE, visit=waits, progress="9T0C-4E1A-77QX-M2PB"))
    assert [row.value for row in shown.rows] == ["0017", "9T0C-4E1A-77QX-M2PB"]
