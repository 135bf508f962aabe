"""What a look at a person may find: one overview of each kind of person."""

from dataclasses import replace

from kiosk.crawl.cards import GONE, IN_USE, LOCKED_CARD, LOST_CARD, SEALED_CARD
from kiosk.overview import CLERKS, by_table, refusal_of
from kiosk.services.answers import CardSeen
from kiosk.services.menu import Mendable, OnItsWay, Overview
from kiosk.services.referral import not_here
from kiosk.services.reprint import Claim
from kiosk.visit import Refusal
from regulation.rules import Applicant, Rules, Service

VOUCHER_NO = "CQ-0017-20261123-0042-K"
CARD_SERVICES = (
    *(Service.REPLACE_INDIVIDUAL, Service.PIN_CHANGE, Service.PIN_RESET),
    *(Service.LOSS_REPORT, Service.LOSS_CANCEL),
)
NO_CARD = dict.fromkeys(CARD_SERVICES, "no_card")
STATES: dict[CardSeen | None, dict[Service, str]] = {
    None: NO_CARD,
    IN_USE: {Service.NEW_INDIVIDUAL: "F12", Service.LOSS_CANCEL: "not_lost"},
    LOST_CARD: {
        Service.NEW_INDIVIDUAL: "F12",
        **dict.fromkeys((Service.PIN_CHANGE, Service.PIN_RESET), "F16"),
    },
    GONE: {
        Service.NEW_INDIVIDUAL: "F12",
        **dict.fromkeys((Service.PIN_CHANGE, Service.PIN_RESET, Service.LOSS_REPORT), "F16"),
    },
    SEALED_CARD: {
        Service.NEW_INDIVIDUAL: "F12",
        **dict.fromkeys((Service.PIN_CHANGE, Service.PIN_RESET), "F20"),
        Service.LOSS_CANCEL: "not_lost",
    },
    LOCKED_CARD: {
        Service.NEW_INDIVIDUAL: "F12",
        **dict.fromkeys(
            (Service.PIN_CHANGE, Service.PIN_RESET, Service.LOSS_REPORT, Service.LOSS_CANCEL),
            "card_locked",
        ),
    },
}
"""What stands in the way of whom, by the state of their card (tests/central: overview)."""

PARTS = ("portrait", "page", "signature", "address", "phone")


def overviews(rules: Rules) -> tuple[Overview, ...]:
    """Every kind of person, and the table alone."""
    by_card = tuple(_person(rules, card, STATES[card]) for card in STATES)
    nobody, holder = by_card[0], by_card[1]
    sent_back = Mendable(VOUCHER_NO, Service.NEW_INDIVIDUAL, PARTS, "照片太暗", here=True)
    case = OnItsWay(VOUCHER_NO, "已提交，等待窗口受理", "submitted, waiting for the window")
    in_the_way = ("F13", "F14", "F15", "application_open")
    return (
        *by_card,
        *(_person(rules, None, NO_CARD | {Service.NEW_INDIVIDUAL: code}) for code in in_the_way),
        replace(nobody, mendable=sent_back),
        replace(nobody, mendable=replace(sent_back, parts=("other",), here=False)),
        replace(holder, cases=(case,), claim=Claim("key", VOUCHER_NO)),
        _person(rules, IN_USE, STATES[IN_USE], clerk=True),
        by_table(rules),
        replace(by_table(rules), claim=Claim("key", VOUCHER_NO)),
        by_table(rules, Refusal("F03", "1.1.1", "2026-11-22")),
    )


def _person(
    rules: Rules, card: CardSeen | None, codes: dict[Service, str], *, clerk: bool = False
) -> Overview:
    def stands(name: Service) -> Refusal | None:
        who = Applicant.UNIT_CLERK if name in CLERKS else Applicant.SELF
        if why := not_here(rules, name, who):
            return why
        if name is Service.NEW_BATCH:
            return None if clerk else Refusal("F34", "1.2.1", "：没有查到您的经办资格")
        told = {"ready_on": "2026-11-30", "voucher_no": VOUCHER_NO, "reason_zh": "不需要办"}
        return refusal_of(codes[name], "3.1", told) if name in codes else None

    standings = tuple((name, stands(name)) for name in Service)
    return Overview(standings, cards=(card,) if card else ())
