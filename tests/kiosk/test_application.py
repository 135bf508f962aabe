"""From the facts to the body the centre takes, and the signature as a picture."""

import hashlib
import io
from dataclasses import replace

import pytest
from PIL import Image

from central.applications.schemas import Order
from kiosk.application import (
    MARK_ADDRESS,
    MARK_OFFICER,
    MARK_PHOTO_DOUBT,
    MARK_PHOTO_SCAN,
    MARK_SCENE,
    MARK_SIGN,
    SIGNATURE_PX,
    application,
    marks,
    question,
    signature_png,
)
from kiosk.crawl.answers import ADULT, CHILD, GROWN_UP, NOW
from kiosk.services.answers import (
    AddressSays,
    Eligible,
    NoPhone,
    NoPicture,
    Picture,
    Ready,
    SignAtWindow,
    Strokes,
)
from kiosk.services.wishes import known_address
from regulation.papers import Paper
from regulation.rules import Applicant, Service


def body(rules, facts):
    return application(rules, Service.NEW_INDIVIDUAL, "0017", facts, NOW).body


def test_what_is_asked_before_anything_is_typed(rules, own):
    """A25."""
    assert question(rules, Service.NEW_INDIVIDUAL, own) == {
        "service": "new_individual",
        "applicant_kind": "self",
        "applicant": {"paper": "resident_id", "number": ADULT.number, "name": "张三"},
        "agent": None,
    }


def test_an_application_for_oneself(rules, own):
    sent = body(rules, own)
    assert sent["kiosk_id"] == "0017"
    assert sent["taken_at"] == "2026-11-23T10:42:00+08:00"
    assert (sent["phone"], sent["bank"], sent["signature"]) == ("13800138000", "重庆银行", "screen")
    assert sent["applicant"]["valid_to"] == "长期"
    assert (sent["agent"], sent["marks"]) == (None, [])


def test_an_application_for_a_child_by_household_book(rules, for_a_child):
    """1.1.1(2)."""
    asked = application(rules, Service.NEW_INDIVIDUAL, "0017", for_a_child, NOW)
    assert asked.body["applicant_kind"] == "agent_minor"
    assert asked.body["applicant"]["paper"] == "household_register"
    assert asked.body["applicant"]["number"] == CHILD.number
    assert asked.body["agent"]["number"] == GROWN_UP.number
    assert [image["kind"] for image in asked.body["images"]] == [
        "applicant_page",
        "scene",
        "signature",
    ]
    assert asked.holders == (GROWN_UP.number,)  # a household book cannot be put on the reader


def test_the_centre_takes_it_as_it_is(rules, own, for_a_child):
    """The contract between the two programs: the centre's own schema reads the kiosk's body."""
    for facts in (own, for_a_child, own | {"phone": NoPhone(), "signature": SignAtWindow()}):
        sent = application(rules, Service.NEW_INDIVIDUAL, "0017", facts, NOW).body
        assert Order.model_validate(sent).model_dump()["applicant"]["number"] in {
            ADULT.number,
            CHILD.number,
        }


@pytest.mark.parametrize(
    ("who", "paper", "kind"),
    [
        (Applicant.AGENT_ADULT, CHILD, "agent_minor"),
        (Applicant.AGENT_MINOR, ADULT, "agent_adult"),
        (Applicant.SELF, CHILD, "self"),
    ],
)
def test_the_age_in_the_number_decides_who_is_a_minor(rules, own, who, paper, kind):
    """1.1.1(2): what was pressed is corrected; who comes alone stays alone."""
    facts = own | {"who": who, "applicant": paper, "agent": GROWN_UP}
    assert body(rules, facts)["applicant_kind"] == kind


def test_every_picture_is_named_by_its_digest(rules, own):
    asked = application(rules, Service.NEW_INDIVIDUAL, "0017", own, NOW)
    named = {image["sha256"] for image in asked.body["images"]}
    assert named == set(asked.images)
    assert all(hashlib.sha256(data).hexdigest() == name for name, data in asked.images.items())


@pytest.mark.parametrize(
    ("change", "mark"),
    [
        ({"other_paper": Paper.MILITARY_OFFICER}, MARK_OFFICER),
        ({"signature": SignAtWindow()}, MARK_SIGN),
        ({"address": AddressSays.AT_WINDOW}, MARK_ADDRESS),
        ({"scene_photo": NoPicture()}, MARK_SCENE),
        ({"portrait_ready": Ready("document_camera")}, MARK_PHOTO_SCAN),
        ({"portrait": Picture(b"", "blurred")}, MARK_PHOTO_DOUBT),
    ],
)
def test_what_is_left_for_the_window_is_marked(own, change, mark):
    assert marks(own | change) == [mark]


def test_the_address_of_the_chip_comes_before_the_centres(rules, own):
    assert known_address(own) == ADULT.address
    without = own | {"applicant": replace(ADULT, address="")}
    assert known_address(without) == "重庆市渝中区另一条路 2 号"
    assert body(rules, without)["address"] == "重庆市渝中区另一条路 2 号"
    assert known_address(without | {"eligibility": Eligible("张三")}) == ""


def test_an_address_that_is_wrong_is_not_sent(rules, own):
    assert body(rules, own | {"address": AddressSays.AT_WINDOW})["address"] is None


def test_without_a_paper_there_is_no_application(rules, own):
    del own["applicant"]
    with pytest.raises(ValueError, match="applicant"):
        application(rules, Service.NEW_INDIVIDUAL, "0017", own, NOW)


def test_nothing_personal_shows_when_it_is_printed(rules, own):
    shown = repr(application(rules, Service.NEW_INDIVIDUAL, "0017", own, NOW))
    assert not any(word in shown for word in ("张三", ADULT.number, "13800138000"))


def test_a_signature_is_where_the_finger_was():
    """x right and y down: a stroke along the top left is black there, and white elsewhere."""
    png = signature_png(Strokes((((0.1, 0.1), (0.4, 0.1)),)))
    image = Image.open(io.BytesIO(png))
    width, height = SIGNATURE_PX
    assert (image.format, image.size, image.mode) == ("PNG", SIGNATURE_PX, "L")
    assert image.getpixel((width // 4, height // 10)) == 0
    assert image.getpixel((width // 4, height - height // 10)) == 255
    assert image.getpixel((width * 3 // 4, height // 10)) == 255


def test_a_dot_is_a_stroke_and_an_empty_one_is_no_error():
    image = Image.open(io.BytesIO(signature_png(Strokes(((), ((0.5, 0.5),))))))
    assert image.getpixel((SIGNATURE_PX[0] // 2, SIGNATURE_PX[1] // 2)) == 0
