"""From a case of the journal, or a refusal, to a slip on paper: one layout for print and screen."""

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from hardware.printer import document as paper
from hardware.printer.document import Document
from hardware.printer.raster import picture
from kiosk.journal import Case
from kiosk.pace import CHINA
from kiosk.services.people import kind
from kiosk.visit import Facts, Refusal
from regulation import slips, vouchers
from regulation.papers import Paper
from regulation.rules import Applicant, Cell, Channel, Rules, Service

Json = Mapping[str, Any]

CENTRE_DOWN = frozenset({"F32", "F33", "F35"})
"""Failures under which a loss is reported by telephone (规程 6.2(1))."""

INSTEAD = {
    "F12": Service.REPLACE_INDIVIDUAL,
    "F13": Service.BATCH_TO_INDIVIDUAL,
    "F16": Service.LOSS_CANCEL,
    "F19": Service.NEW_INDIVIDUAL,
    "F20": Service.ACTIVATE,
    "F22": Service.PIN_RESET,
    "F27": Service.REPLACE_INDIVIDUAL,
    "card_locked": Service.UNLOCK,
    "no_card": Service.NEW_INDIVIDUAL,
}
"""What whoever is refused for this needs instead of what they asked for."""

RATHER = {
    (Service.LOSS_REPORT, "F16"): Service.REPLACE_INDIVIDUAL,
    (Service.PIN_CHANGE, Applicant.AGENT_ADULT): Service.PIN_RESET,
    (Service.PIN_CHANGE, Applicant.AGENT_MINOR): Service.PIN_RESET,
}
"""The same for a service alone: a card that is lost is not in the hand of who reports it; an agent
may not change a PIN, but reset it (规程 5.1(2))."""

NOWHERE = frozenset({"F14", "F17", "F28"})
"""Refusals that no window of ours can mend: the reason says all there is to do."""

PARTS = {
    "phone": "手机号码",
    "address": "联系地址",
    "page": "证件影像",
    "portrait": "照片",
    "signature": "签名",
}
"""The parts of a case that a window may send back to a kiosk."""

PIN_SERVICES = frozenset({Service.PIN_CHANGE, Service.PIN_RESET})


@dataclass(slots=True, eq=False)
class Slips:
    """The slips of this kiosk. Slips are Chinese, for the window reads them too.

    `reason` is the sentence of a refusal; `hotlines` are the banks' telephones by their names.
    """

    rules: Rules
    kiosk_id: str
    site: str
    reason: Callable[[Refusal], str]
    hotlines: Mapping[str, str] = field(default_factory=dict[str, str])

    def of(self, case: Case, *, reprint: bool = False) -> Document:
        """The slip of a case: its voucher or receipt, its query slip while nothing is known.

        A PIN that nobody knows after its write has the doubt slip whatever the centre says (F26).
        """
        body, answer = case.body, case.answer
        if body["service"] in PIN_SERVICES and body.get("outcome") == "unknown":
            return document(vouchers.doubt(self._query(case)))
        if not answer:
            return document(vouchers.query(self._query(case)))
        if mends := body.get("mends"):
            return self.mended(case, (PARTS[part] for part in mends["parts"]), reprint=reprint)
        if body["service"] == Service.NEW_BATCH:
            return self.batch(body, answer, reprint=reprint)
        return document(vouchers.receipt(self._receipt(body, answer), reprint=reprint))

    def mended(
        self, case: Case, parts: Iterable[str], earlier: str = "", *, reprint: bool = False
    ) -> Document:
        """The receipt of a case that the window sent back, whose `parts` (照片) came again."""
        told = self._receipt(case.body, case.answer, tuple(parts), earlier)
        return document(vouchers.mending(told, reprint=reprint))

    def batch(self, body: Json, *answers: Json, unit: str = "", reprint: bool = False) -> Document:
        """The voucher of a list that was taken (`POST /v1/batches`), all its parts on one slip.

        `body` is any part's, `unit` the unit's name where it is known.
        """
        cell, service = self._cell(body["service"], Applicant.UNIT_CLERK)
        first = answers[0]
        told = vouchers.Batch(
            cell=cell,
            service=service,
            unit=unit or body["unit"],
            clerk=_person(body["clerk"]),
            parts=tuple(map(_part, answers)),
            origin=self._origin(_local(first["submitted_at"])),
            outlet=first["outlet"],
            fee_fen=sum(each["fee_fen"] for each in answers),
            pick_up=tuple(first["pick_up"]),
        )
        return document(vouchers.batch_voucher(told, reprint=reprint))

    def errors(
        self, errors: Sequence[vouchers.RowError], rows: int, at: datetime, qr: str = ""
    ) -> Document:
        """What is wrong with a unit's list of so many rows (F42)."""
        cell, service = self._cell(Service.NEW_BATCH, Applicant.UNIT_CLERK)
        origin = self._origin(at)
        told = vouchers.Errors(service, cell.clause, rows, tuple(errors), origin, qr)
        return document(vouchers.error_list(told))

    def referral(self, service: str, facts: Facts, why: Refusal, at: datetime) -> Document:
        """The slip that says why not here, where instead and what to bring.

        A loss that the centre could not be told is sent to 12333 at once.
        """
        if service == Service.LOSS_REPORT and why.code in CENTRE_DOWN:
            return self.loss_by_phone(facts, at)
        return document(vouchers.referral(self._referral(service, facts, at, why)))

    def materials(self, service: str, facts: Facts, at: datetime) -> Document:
        """What to bring for a service, for whoever stands here (打印材料清单)."""
        return document(vouchers.materials(self._referral(service, facts, at, None)))

    def loss_by_phone(self, facts: Facts, at: datetime, bank: str = "") -> Document:
        """The slip that sends a loss to 12333, for the centre is down."""
        cell = self.rules.cell(Service.LOSS_REPORT, Applicant.SELF, Channel.PHONE)
        told = vouchers.LossByPhone(
            clause=cell.clause,
            origin=self._origin(at),
            by_agent=self._kind(facts) is not Applicant.SELF,
            bank=bank,
            hotline=self.hotlines.get(bank, ""),
        )
        return document(vouchers.loss_by_phone(told))

    def _referral(
        self, service: str, facts: Facts, at: datetime, why: Refusal | None
    ) -> vouchers.Referral:
        asked = Service(service) if service in tuple(Service) else Service.NEW_INDIVIDUAL
        code, who = why.code if why else "", self._kind(facts)
        rather = RATHER.get((asked, code)) or RATHER.get((asked, who))
        other = rather or INSTEAD.get(code, asked)
        cell = self.rules.cell(asked, who, Channel.WINDOW)
        return vouchers.Referral(
            cell=cell,
            service=self.rules.words[asked].zh,
            reason=self.reason(why) if why else "",
            clause=(why and why.clause) or cell.clause,
            ways=() if code in NOWHERE else self._ways(other, who, here=other is not asked),
            origin=self._origin(at),
            instead=self.rules.words[other].zh if other is not asked else "",
        )

    def _ways(self, service: Service, who: Applicant, *, here: bool) -> tuple[Cell, ...]:
        """The nearest ways; with `here` this kiosk is the nearest of all, where it serves."""
        ways = self.rules.nearest(service, who)
        best = (who, Channel.KIOSK) if here else None
        return tuple(sorted(ways, key=lambda cell: (cell.applicant, cell.channel) != best))

    def _receipt(
        self, body: Json, answer: Json, mended: tuple[str, ...] = (), earlier: str = ""
    ) -> vouchers.Receipt:
        cell, service = self._cell(body["service"], body["applicant_kind"])
        card = _card(answer.get("card"))
        bank = card.bank if card else ""
        return vouchers.Receipt(
            cell=cell,
            service=service,
            voucher_no=answer["voucher_no"],
            qr=answer["qr"],
            holder=_person(body["applicant"]),
            agent=_person(body["agent"]) if body.get("agent") else None,
            origin=self._origin(_local(answer["submitted_at"])),
            phone=body.get("phone"),
            window=str(answer["window"]),
            due_at=_local(answer["due_at"]),
            reason=body.get("reason") or "",
            portrait=body.get("portrait") or "",
            fee_fen=answer.get("fee_fen", 0),
            card=card,
            hotline=self.hotlines.get(bank, ""),
            marks=tuple(body.get("marks", ())),
            mended=mended,
            earlier=earlier,
        )

    def _query(self, case: Case) -> vouchers.Query:
        """A unit's list has a clerk, and any other request an applicant and maybe an agent."""
        body = case.body
        clerk = body.get("clerk")
        kind_of = Applicant.UNIT_CLERK if clerk else body["applicant_kind"]
        cell, service = self._cell(body["service"], kind_of)
        people = [_person(who) for who in (clerk or body["applicant"], body.get("agent")) if who]
        return vouchers.Query(
            cell=cell,
            service=service,
            code=vouchers.query_code(case.key),
            holder=people[0],
            agent=people[1] if people[1:] else None,
            origin=self._origin(_local(body["taken_at"]) if "taken_at" in body else case.opened),
            voucher_no=case.answer.get("voucher_no", ""),
            by_paper=any(who.paper is Paper.RESIDENT_ID for who in people),
        )

    def _cell(self, service: str, applicant: str) -> tuple[Cell, str]:
        name = Service(service)
        cell = self.rules.cell(name, Applicant(applicant), Channel.KIOSK)
        return cell, self.rules.words[name].zh

    def _kind(self, facts: Facts) -> Applicant:
        return kind(facts, self.rules.switches.minor_age)

    def _origin(self, at: datetime) -> vouchers.Origin:
        return vouchers.Origin(self.site, self.kiosk_id, at.astimezone(CHINA))


def document(slip: slips.Slip) -> Document:
    """A slip of the regulation as blocks for the printer."""
    title = paper.Text(slip.title, bold=True, align="center")
    blocks = (each for block in slip.blocks for each in _printed(block))
    return [title, paper.Rule(), *blocks, paper.Feed(1)]


def png(slip: Document, dots: int) -> bytes:
    """The slip as it is printed, as a PNG."""
    out = io.BytesIO()
    picture(slip, dots).save(out, "PNG")
    return out.getvalue()


def _printed(block: slips.Block) -> tuple[paper.Block, ...]:
    match block:
        case slips.Next(text):
            return paper.Text(text, size=2, bold=True, align="center"), paper.Feed(1)
        case slips.Heading(text):
            return (paper.Text(text, bold=True, align="center"),)
        case slips.Pair(label, value):
            return (paper.Pair(label, value),)
        case slips.Line(text):
            return (paper.Text(text),)
        case slips.Code(data):
            return (paper.Qr(data),)
        case slips.Rule():
            return (paper.Rule(),)


def _person(who: Json) -> vouchers.Person:
    return vouchers.Person(who["name"], Paper(who["paper"]), who["number"])


def _card(told: Json | None) -> vouchers.Card | None:
    if not told:
        return None
    until = told.get("loss_expires_at")
    return vouchers.Card(
        number=told["number"],
        state=told["state_zh"],
        sealed=told.get("state") == "SEALED",
        bank=told.get("bank") or "",
        expires_at=_local(until) if until else None,
    )


def _part(answer: Json) -> vouchers.BatchPart:
    return vouchers.BatchPart(
        batch_no=answer["batch_no"],
        qr=answer["qr"],
        taken=answer["taken"],
        left_out=answer["left_out"],
        due_on=date.fromisoformat(answer["due_on"]),
        due_sure=answer["due_sure"],
    )


def _local(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(CHINA)
