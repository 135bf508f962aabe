"""From a case of the journal, or a refusal, to a slip on paper: one layout for print and screen."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hardware.printer import document as paper
from hardware.printer.document import Document
from hardware.printer.raster import picture
from kiosk.application import MARK_ADDRESS, MARK_OFFICER, MARK_PHOTO_DOUBT, MARK_SIGN
from kiosk.journal import Case
from kiosk.pace import CHINA
from kiosk.services.new_card import kind
from kiosk.visit import Facts, Refusal
from regulation import vouchers
from regulation.papers import Paper
from regulation.rules import Applicant, Channel, Rules, Service


@dataclass(frozen=True, slots=True)
class Slips:
    """The slips of this kiosk. Slips are Chinese, for the window reads them too.

    `reason` is the sentence of a refusal.
    """

    rules: Rules
    kiosk_id: str
    site: str
    reason: Callable[[Refusal], str]

    def of(self, case: Case, *, reprint: bool = False) -> Document:
        """The voucher of a case, or its query slip while the centre's answer is not known."""
        return document(self._voucher(case, reprint) if case.answer else self._query(case))

    def referral(self, service: str, facts: Facts, why: Refusal, at: datetime) -> Document:
        """The slip that says why not here, where instead and what to bring."""
        name = Service(service) if service in tuple(Service) else Service.NEW_INDIVIDUAL
        cell = self.rules.cell(name, kind(facts), Channel.WINDOW)
        slip = vouchers.ReferralSlip(
            service=self.rules.words[name].zh,
            reason=self.reason(why),
            clause=why.clause or cell.clause,
            ways=self.rules.nearest(name, kind(facts)),
            at=at,
            site=self.site,
            kiosk_id=self.kiosk_id,
        )
        return document(vouchers.referral_slip(slip))

    def _voucher(self, case: Case, reprint: bool) -> vouchers.Slip:  # noqa: FBT001 - inside one class
        body, answer = case.body, case.answer
        return vouchers.new_card_voucher(
            vouchers.NewCardVoucher(
                voucher_no=answer["voucher_no"],
                qr=answer["qr"],
                cell=self.rules.cell(
                    Service(body["service"]), Applicant(body["applicant_kind"]), Channel.KIOSK
                ),
                holder=_person(body["applicant"]),
                agent=_person(body["agent"]) if body["agent"] else None,
                phone=body["phone"],
                accepted_at=_local(answer["submitted_at"]),
                due_at=_local(answer["due_at"]),
                site=self.site,
                kiosk_id=self.kiosk_id,
                window=str(answer["window"]),
                sign_at_window=MARK_SIGN in body["marks"],
                window_review=MARK_OFFICER in body["marks"],
                photo_review=MARK_PHOTO_DOUBT in body["marks"],
                address_at_window=MARK_ADDRESS in body["marks"],
                reprint=reprint,
            )
        )

    def _query(self, case: Case) -> vouchers.Slip:
        body = case.body
        return vouchers.query_slip(
            vouchers.QuerySlip(
                code=vouchers.query_code(case.key),
                service=self.rules.words[Service(body["service"])].zh,
                holder=_person(body["applicant"]),
                agent=_person(body["agent"]) if body["agent"] else None,
                accepted_at=_local(body["taken_at"]),
                site=self.site,
                kiosk_id=self.kiosk_id,
                by_paper=any(
                    who and who["paper"] == Paper.RESIDENT_ID
                    for who in (body["applicant"], body["agent"])
                ),
            )
        )


def document(slip: vouchers.Slip) -> Document:
    """A slip of the regulation as blocks for the printer."""
    title = paper.Text(slip.title, size=2, bold=True, align="center")
    return [title, paper.Rule(), *(_block(block) for block in slip.blocks), paper.Feed(1)]


def png(slip: Document, dots: int) -> bytes:
    """The slip as it is printed, as a PNG."""
    out = io.BytesIO()
    picture(slip, dots).save(out, "PNG")
    return out.getvalue()


def _block(block: object) -> paper.Block:
    match block:
        case vouchers.Heading(text):
            return paper.Text(text, bold=True, align="center")
        case vouchers.Pair(label, value):
            return paper.Pair(label, value)
        case vouchers.Line(text):
            return paper.Text(text)
        case vouchers.Code(data):
            return paper.Qr(data)
        case _:
            return paper.Rule()


def _person(who: dict[str, Any]) -> vouchers.Person:
    return vouchers.Person(who["name"], Paper(who["paper"]), who["number"])


def _local(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(CHINA)
