"""Answers that lead everywhere: what the crawler lets people type and work find.

Specimen people only; their ages are as of `NOW`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import MappingProxyType

from kiosk.crawl.attendants import ATTENDANTS_TYPED, ATTENDANTS_WORK, entrances
from kiosk.crawl.batches import BATCH_WORK, MENDED
from kiosk.crawl.cards import GONE, IN_USE, LOST_CARD, SEALED_CARD
from kiosk.crawl.overviews import overviews
from kiosk.crawl.pins import pin_work
from kiosk.services import people
from kiosk.services.answers import (
    BadPicture,
    Drawn,
    Eligible,
    NoPicture,
    PaperRead,
    Picture,
    Printed,
    Sealed,
    Submitted,
    Unread,
    WrongPaper,
)
from kiosk.services.catalogue import begin, catalogue
from kiosk.services.menu import MENU, Turn
from kiosk.services.reprint import CLAIM, REPRINT, Claim
from kiosk.visit import PAUSED, TAKE_BACK, Begin, Event, Facts, Failed, Refusal, Said, Shut, Taken
from regulation.papers import Paper
from regulation.rules import Applicant, Rules, Service, load_rules

NOW = datetime(2026, 11, 23, 10, 42, tzinfo=timezone(timedelta(hours=8)))

ADULT = PaperRead(
    Paper.RESIDENT_ID,
    "11010519491231002X",
    "张三",
    sex="女",
    ethnicity="汉",
    birth="19491231",
    address="重庆市渝北区示例路 1 号",
    issuer="示例公安局",
    valid_until="长期",
)
GROWN_UP = replace(ADULT, number="50010319850612019X", name="李四", birth="19850612")
CHILD = replace(ADULT, number="500103201011230033", name="小明", birth="20101123")
EXPIRED = replace(GROWN_UP, valid_until="20261122")
IMPOSSIBLE = replace(ADULT, number="110105194912310021")

RULES = load_rules(Path(__file__).parents[2] / "config" / "rules.toml")
JPEG = b"\xff\xd8\xff\xe0 a picture"
VOUCHER_NO = "CQ-0017-20261123-0042-K"
SUBMITTED = Submitted(
    VOUCHER_NO, "v1|voucher|mac", "3", "2026-11-23T10:44:00+08:00", "2026-11-24T10:44:00+08:00"
)
SS_CARD = PaperRead(Paper.SS_CARD, "A00000011", "李四", social_number=GROWN_UP.number)
CHILDS_CARD = PaperRead(Paper.SS_CARD, "A00000012", "小明", social_number=CHILD.number)

BY_AGENT: Facts = {people.WHO.name: Applicant.AGENT_ADULT}

_READ: tuple[Event, ...] = (
    *(Said(paper) for paper in (ADULT, GROWN_UP, CHILD, EXPIRED, IMPOSSIBLE)),
    *(Said(paper) for paper in (SS_CARD, CHILDS_CARD)),
    Said(Unread()),
    Said(WrongPaper()),
    Failed("F01"),
    Failed("F02", "id_reader", "no_device"),
)
_REFUSED = (
    *("F04", "F05", "F06", "F07", "F12", "F13", "F14", "F15", "F16", "F17", "F18", "F19", "F20"),
    *("F34", "F40", "application_open", "card_locked", "card_unknown", "no_card"),
    *("loss_released", "not_lost", "report_loss_first"),
)

WORK: Mapping[str, tuple[Event, ...]] = {
    "read_applicant": _READ,
    "read_agent": _READ,
    "papers_taken": (Said(Taken()),),
    "card_taken": (Said(Taken()),),
    "papers_swapped": tuple(Said(people.another_paper(facts)) for facts in ({}, BY_AGENT)),
    "stick_taken": (Said(Taken()),),
    "shut": (Said(Shut()),),
    "take_page": (
        Said(Picture(JPEG)),
        Failed("page_camera", "document_camera", "time_out"),
    ),
    "take_portrait": (
        Said(Picture(JPEG)),
        Said(Picture(JPEG, "blurred")),
        *(Said(BadPicture(reason)) for reason in ("too_dark", "too_bright", "blurred")),
        Failed("F10", "camera", "time_out"),
        Failed("page_camera", "document_camera", "time_out"),
    ),
    "take_scene": (Said(Picture(JPEG)), Said(NoPicture())),
    "overview": tuple(Said(seen) for seen in overviews(RULES)),
    "eligibility": (
        Said(Eligible("张三", "重庆市渝北区示例路 1 号")),
        Said(Eligible("张三")),
        Said(Eligible("张三", cards=(IN_USE,), in_hand=True)),
        Said(Eligible("张三", phone="138****8000", code_needed=True)),
        Said(Eligible("张三", cards=(IN_USE, SEALED_CARD, LOST_CARD, GONE))),
        Said(Eligible("张三", phone="138****8000", cards=(GONE,), fee_fen=2500)),
        *(Said(Refusal(code, "1.1.2")) for code in _REFUSED),
        Failed("F35", "central", "unreachable"),
    ),
    "seal": (Said(Sealed("a key")), Failed("F35", "journal", "not_enough_space")),
    "submit": (
        Said(SUBMITTED),
        *(Said(replace(SUBMITTED, card=card)) for card in (IN_USE, LOST_CARD, GONE)),
        *(Said(Refusal(code, "1.1.2")) for code in _REFUSED),
        *(Said(Refusal(code)) for code in ("F32", "F33", "F35")),
        Failed("F32", "central", "unreachable"),
        Failed("F33", "central", "unknown"),
    ),
    "draw_voucher": (Said(Drawn(JPEG)),),
    "draw_again": (Said(Drawn(JPEG)),),
    "print_voucher": (
        Said(Printed()),
        Failed("F31", "printer", "paper_out"),
        Failed("query_not_printed", "printer", "paper_out"),
    ),
    "print_again": (Said(Printed()), Failed("F31", "printer", "paper_out")),
    "print_referral": (Said(Printed()), Failed("slip_not_printed", "printer", "paper_out")),
    **BATCH_WORK,
    **ATTENDANTS_WORK,
    **pin_work(SS_CARD, replace(SS_CARD, social_number=ADULT.number), SUBMITTED),
}
"""What each piece of work may find; beside these, any may end in an exception."""

TYPED: Mapping[str, tuple[str, ...]] = {
    "paper_number": ("E12345678", "H12345678", CHILD.number, ADULT.number, "1"),
    "paper_name": ("ZHANG SAN",),
    "paper_until": ("20300501", "20261122", "20301345"),
    "phone": ("13800138000", "12345678901"),
    "code": ("012345",),
    **MENDED,
    **ATTENDANTS_TYPED,
}

_LINE = ((0.1, 0.5), (0.9, 0.5))
_DOT = ((0.5, 0.5), (0.51, 0.5))
DRAWN = ((_LINE,), (_DOT,))
"""A signature, and a touch that is none."""
MISSED = ((), (0, 7, 39))
"""Zones of the glass."""


def beginnings(rules: Rules) -> Iterator[Begin]:
    """Every way a visit may begin: a tile, or a paper put on the reader at home."""
    services, today = catalogue(rules), NOW.date()
    for service in Service:
        yield begin(services, rules, service, today)
    yield Begin(services[MENU], _facts(today=today, tapped=GROWN_UP))
    yield Begin(services[MENU], _facts(today=today, tapped=SS_CARD, pin_blocked=True))
    yield Begin(services[MENU], _facts(today=today, menu=Turn.ELSEWHERE))
    claim = {CLAIM.name: Claim("key", VOUCHER_NO)}
    yield Begin(REPRINT, _facts(today=today, tapped=ADULT, **claim))
    off = _facts(today=today, clock_off=True)
    yield begin(services, rules, Service.NEW_INDIVIDUAL, today, off)
    yield from entrances(_facts(today=today))
    yield Begin(TAKE_BACK)
    yield Begin(PAUSED)


def _facts(**facts: object) -> Facts:
    return MappingProxyType(facts)
