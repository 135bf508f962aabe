"""Any sequence of services over a person: never two cards in use, the audit whole (规程 1.1)."""

import shutil
import tempfile
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import func, select

from central.applications import service as applications
from central.applications.records import Application
from central.applications.schemas import Order
from central.applications.states import OPEN, CaseEvent, move
from central.audit.chain import broken_at
from central.audit.records import SYSTEM, AuditEntry
from central.cards.lapses import run_due
from central.cards.ledger import Act, befall
from central.cards.records import Card, cards_of
from central.cards.states import CardEvent, CardState
from central.centre import Settings, open_centre
from central.idempotency import KeptAnswer
from central.images.records import Image
from central.problems import ProblemError
from regulation.rules import load_rules
from regulation.terms import load_calendar

RULES = load_rules(Path("config/rules.toml"))
CALENDAR = load_calendar(Path("config/workdays.toml"))
SINGLE = [cell for cell in RULES.cells() if cell.allowed and cell.applicant == "self"]
NUMBER, NAME = "11010519491231002X", "张三"
PICTURE = "0" * 64
FITS = {
    None: ["new_individual"],
    CardState.SEALED: ["activate", "loss_report", "replace_individual", "cancel"],
    CardState.ACTIVE: ["loss_report", "replace_individual", "pin_reset", "info_change", "cancel"],
    CardState.TEMPORARY_LOSS: ["loss_report", "loss_cancel", "replace_individual"],
    CardState.LOSS: ["loss_cancel", "replace_individual", "cancel"],
    CardState.LOCKED: ["unlock", "replace_individual", "loss_report"],
    CardState.CANCELLED: ["rollback", "new_individual"],
}
"""What most people come with, by the state of their last card."""


REASON = st.sampled_from(["lost", "damaged"])


class Life(RuleBasedStateMachine):
    """A person's life with the centre: services by every channel, cards made, time passing."""

    loss_kind = "formal"

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="life"))
        shutil.copytree(self.seeded, self.folder / "data")
        chosen = Settings(loss_kind=self.loss_kind, agent_daily_limit=99)
        self.now = self.start
        self.centre = open_centre(
            self.folder / "data", RULES, CALENDAR, chosen, lambda: self.now, url=""
        )
        with self.centre.database.write() as session:
            at = self.now.isoformat()
            session.add(Image(sha256=PICTURE, media_type="image/jpeg", size=1, stored_at=at))
        self.made = 0
        self.sent = {}

    def teardown(self):
        self.centre.__exit__()
        shutil.rmtree(self.folder)

    def send(self, key, order):
        """The answer's status; None for a refusal."""
        try:
            return applications.submit(self.centre, key, order, SYSTEM)
        except ProblemError:
            return None

    @rule(data=st.data(), count=st.integers(1, 8))
    def ask_for_what_fits(self, data, count):
        for _ in range(count):
            with self.centre.database.read() as session:
                cards = sorted(cards_of(session, NUMBER), key=lambda card: not card.state.valid)
            state = cards[0].state if cards else None
            if data.draw(st.integers(0, 3)) == 0:
                self.a_card_is_made()
                continue
            wanted = data.draw(st.sampled_from(FITS[state]))
            cells = [cell for cell in SINGLE if cell.service == wanted]
            self.ask(data.draw(st.sampled_from(cells)), data.draw(REASON))

    @rule(cell=st.sampled_from(SINGLE), reason=REASON)
    def ask_for_anything(self, cell, reason):
        self.ask(cell, reason)

    def ask(self, cell, reason):
        order = Order.model_validate(
            {
                "service": cell.service,
                "applicant_kind": "self",
                "channel": cell.channel,
                "kiosk_id": "0017" if cell.channel in {"kiosk", "window"} else None,
                "taken_at": "2026-11-23T09:59:00+08:00",
                "applicant": {"paper": "resident_id", "number": NUMBER, "name": NAME},
                "bank": "重庆银行",
                "phone": "13900139000",
                "reason": reason,
                "signature": "paper",
                "images": [{"kind": "portrait", "sha256": PICTURE}],
                **(
                    {"delivery": {"kind": "outlet", "outlet": "W301"}}
                    if cell.channel == "online"
                    else {}
                ),
            }
        )
        key = str(uuid.uuid4())
        answer = self.send(key, order)
        if answer is not None:
            self.sent[key] = (order, answer.body)

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def send_one_again(self, data):
        key = data.draw(st.sampled_from(sorted(self.sent)))
        order, body = self.sent[key]
        again = self.send(key, order)
        assert again.replayed
        assert again.body == body

    def a_card_is_made(self):
        """What the window and the station do with an open case, in the steps of the ledger."""
        with self.centre.database.write() as session:
            case = session.scalars(
                select(Application).where(Application.state == "SUBMITTED")
            ).first()
            if case is None:
                return
            for event in (
                CaseEvent.TAKE_UP,
                CaseEvent.ACCEPT,
                CaseEvent.GENERATE,
                CaseEvent.PRODUCE,
                CaseEvent.MADE,
                CaseEvent.ISSUE,
            ):
                move(session, case, event, SYSTEM, self.now)
            for card in cards_of(session, NUMBER):
                if card.state.valid:
                    befall(session, card, CardEvent.REPLACE, Act(SYSTEM, self.now))
            self.made += 1
            session.add(
                Card(
                    number=f"M{self.made:08}",
                    identifier=f"{self.made:032X}",
                    id_number=NUMBER,
                    state=CardState.SEALED,
                    bank=case.bank,
                    since=self.now.isoformat(),
                    voucher_no=case.voucher_no,
                )
            )

    @rule()
    def the_card_is_locked(self):
        with self.centre.database.write() as session:
            for card in cards_of(session, NUMBER):
                if card.state is CardState.ACTIVE:
                    befall(session, card, CardEvent.LOCK, Act(SYSTEM, self.now))

    @rule(days=st.integers(0, 9))
    def time_passes(self, days):
        self.now += timedelta(days=days, minutes=1)
        run_due(self.centre)

    @invariant()
    def one_card_in_use_and_one_open_case(self):
        with self.centre.database.read() as session:
            cards = cards_of(session, NUMBER)
            alive = [card for card in cards if card.state.valid]
            assert sum(card.state is CardState.ACTIVE for card in cards) <= 1
            assert len(alive) <= 1
            for card in alive:
                assert (card.state is CardState.TEMPORARY_LOSS) or card.loss_expires_at is None
            making = select(func.count()).where(Application.state.in_(OPEN))
            assert session.scalar(making) <= 1

    @invariant()
    def every_answer_has_its_case_and_the_audit_is_whole(self):
        with self.centre.database.read() as session:
            for table in (Application, KeptAnswer):
                assert session.scalar(select(func.count()).select_from(table)) == len(self.sent)
            entries = session.scalars(select(AuditEntry).order_by(AuditEntry.seq)).all()
            assert broken_at(entries) is None


@pytest.mark.parametrize("loss_kind", ["formal", "temporary"])
def test_no_sequence_gives_two_cards_in_use_1_1(loss_kind, seeded, clock):
    machine = type("Life", (Life,), {"loss_kind": loss_kind, "seeded": seeded, "start": clock.now})
    case = machine.TestCase()
    case.settings = settings(max_examples=15, stateful_step_count=25, deadline=None)
    case.runTest()
