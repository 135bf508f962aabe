"""From the facts of a visit to what the centre is asked and given."""

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from PIL import Image, ImageDraw

from kiosk.services import cards, handing, people, wishes
from kiosk.services.answers import (
    AddressSays,
    NoPicture,
    PaperRead,
    PhotoWish,
    SignAtWindow,
    Strokes,
)
from kiosk.visit import Facts
from regulation.papers import Paper
from regulation.rules import Rules, Service

MARK_OFFICER = "officer_card_review"
MARK_SIGN = "sign_at_window"
MARK_ADDRESS = "address_at_window"
MARK_SCENE = "scene_photo_missing"
MARK_PHOTO_SCAN = "portrait_scanned"
MARK_PHOTO_DOUBT = "portrait_review"
MARK_IN_HAND = "card_in_hand_confirmed"
"""What the window looks after, or was asked (reading A13): told to the centre, on the slip."""

SIGNATURE_PX = (600, 240)


@dataclass(frozen=True, slots=True)
class Application:
    """A request ready to be sealed: its body, its pictures by SHA-256, who may claim the slip."""

    body: dict[str, Any] = field(repr=False)
    images: Mapping[str, bytes] = field(repr=False)
    holders: tuple[str, ...] = field(repr=False)


def question(rules: Rules, service: Service, facts: Facts) -> dict[str, Any]:
    """What the centre is asked before anything is typed: may this person have the service."""
    paper = people.applicant_paper(facts)
    if paper is None:
        raise ValueError("no applicant's paper: the step `applicant` comes before")
    agent = people.AGENT.of(facts)
    return {
        "service": service,
        "applicant_kind": people.kind(facts, rules.switches.minor_age),
        "applicant": _who(paper),
        "agent": _who(agent) if agent else None,
    } | _about(service, facts)


def application(
    rules: Rules, service: Service, kiosk_id: str, facts: Facts, now: datetime
) -> Application:
    """The application as the centre takes it (`POST /v1/applications`)."""
    paper, agent = people.applicant_paper(facts), people.AGENT.of(facts)
    if paper is None:
        raise ValueError("no applicant's paper: the step `applicant` comes before")
    taken = named(pictures(facts))
    body = question(rules, service, facts) | {
        "kiosk_id": kiosk_id,
        "taken_at": now.isoformat(timespec="seconds"),
        "applicant": paper_told(paper),
        "agent": paper_told(agent) if agent else None,
        "phone": wishes.PHONE.of(facts),
        "address": _address(facts),
        "bank": wishes.BANK.of(facts),
        "portrait": _portrait(facts) if service is Service.REPLACE_INDIVIDUAL else None,
        "signature": _signature(facts),
        "marks": marks(facts),
        "images": [{"kind": kind, "sha256": sha256} for kind, (sha256, _) in taken.items()],
    }
    holders = tuple(read.whose for read in (people.APPLICANT.of(facts), agent) if read)
    return Application(body, dict(taken.values()), holders)


def _about(service: Service, facts: Facts) -> dict[str, Any]:
    """Which of the person's cards it is about, and why, where that is known."""
    replaces = service is Service.REPLACE_INDIVIDUAL
    reason = cards.WHY.of(facts) if replaces else None
    card = cards.chosen(service, facts)
    return ({"reason": reason} if reason else {}) | ({"card": card.card} if card else {})


def _signature(facts: Facts) -> str:
    if "signature" not in facts:
        return "none"
    return "screen" if handing.SIGNATURE.of(facts) else "window"


def _portrait(facts: Facts) -> str:
    return "change" if wishes.WISH.of(facts) is PhotoWish.TAKE else "keep"


def marks(facts: Facts) -> list[str]:
    """What is left for the window."""
    source, portrait = wishes.SOURCE.of(facts), wishes.PORTRAIT.of(facts)
    return [
        mark
        for mark, holds in (
            (MARK_OFFICER, people.PAPER.of(facts) is Paper.MILITARY_OFFICER),
            (MARK_SIGN, isinstance(facts.get("signature"), SignAtWindow)),
            (MARK_ADDRESS, wishes.ADDRESS.of(facts) is AddressSays.AT_WINDOW),
            (MARK_SCENE, isinstance(facts.get("scene_photo"), NoPicture)),
            (MARK_PHOTO_SCAN, source is not None and source.source == "document_camera"),
            (MARK_PHOTO_DOUBT, portrait is not None and bool(portrait.doubt)),
            (MARK_IN_HAND, cards.IN_HAND.of(facts) is not None),
        )
        if holds
    ]


def signature_png(signature: Strokes) -> bytes:
    """The signature as a black on white PNG, 600 x 240 px."""
    width, height = SIGNATURE_PX
    image = Image.new("L", SIGNATURE_PX, 255)
    draw = ImageDraw.Draw(image)
    for stroke in filter(None, signature.strokes):
        points = [(x * width, y * height) for x, y in stroke]
        draw.circle(points[0], 2.5, fill=0)  # a dot is a stroke too
        draw.line(points, fill=0, width=5, joint="curve")
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _address(facts: Facts) -> str | None:
    wrong = wishes.ADDRESS.of(facts) is not AddressSays.RIGHT
    return None if wrong else (wishes.known_address(facts) or None)


def pictures(facts: Facts) -> dict[str, bytes]:
    """The pictures that were taken, by their kind."""
    signature = handing.SIGNATURE.of(facts)
    taken = {
        "portrait": wishes.PORTRAIT.of(facts),
        "applicant_page": people.PAGE.of(facts),
        "scene": handing.SCENE.of(facts),
    }
    shown = {kind: picture.jpeg for kind, picture in taken.items() if picture}
    return shown | ({"signature": signature_png(signature)} if signature else {})


def _who(paper: PaperRead) -> dict[str, Any]:
    return {"paper": paper.paper, "number": paper.number, "name": paper.name}


def paper_told(paper: PaperRead) -> dict[str, Any]:
    """A paper as the centre takes it."""
    return _who(paper) | {
        "sex": paper.sex or None,
        "ethnicity": paper.ethnicity or None,
        "birth": paper.birth or None,
        "address": paper.address or None,
        "issuer": paper.issuer or None,
        "valid_to": paper.valid_until or None,
    }


def named(taken: Mapping[str, bytes]) -> dict[str, tuple[str, bytes]]:
    """Pictures with their SHA-256, by their kind."""
    return {kind: (hashlib.sha256(data).hexdigest(), data) for kind, data in taken.items()}
