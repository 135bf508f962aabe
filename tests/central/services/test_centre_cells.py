"""The 240 cells of the table through the API: 15 services, 4 applicants, 4 channels.

A refused cell is refused with the table's clause; an allowed one is done whole, with each paper.
The intake of batches is that of `tests/central/batches`; here its cells are asked, and refused.
"""

from pathlib import Path

import pytest

from central.batches.states import BatchState, MemberState
from central.cards.states import CardState
from regulation.rules import Applicant, Channel, Service, load_rules

pytestmark = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)

AFTER = {
    Service.ACTIVATE: CardState.ACTIVE,
    Service.LOSS_REPORT: CardState.LOSS,
    Service.LOSS_CANCEL: CardState.ACTIVE,
    Service.UNLOCK: CardState.ACTIVE,
    Service.CANCEL: CardState.CANCELLED,
    Service.ROLLBACK: CardState.ACTIVE,
}
MADE = {Service.NEW_INDIVIDUAL, Service.BATCH_TO_INDIVIDUAL, Service.REPLACE_INDIVIDUAL}
BATCHES = {Service.NEW_BATCH, Service.REPLACE_BATCH}
NUMBERED = {
    Channel.WINDOW: "CQ-W301-",
    Channel.KIOSK: "CQ-0017-",
    Channel.ONLINE: "CQ-APP1-",
    Channel.PHONE: "CQ-TEL1-",
}
RULES = Path("config/rules.toml")
ASKED = ("service", "applicant_kind", "channel", "applicant", "agent")


@pytest.fixture
def put(client):
    """Asks whether an order may be given; gives the answer."""

    def put(order):
        return client.post("/v1/eligibility", json={name: order[name] for name in ASKED})

    return put


@pytest.fixture
def refused(town, body, take, put, problem):
    """A cell the table refuses: by question and by order, whoever comes."""

    def refused(cell):
        holder, agent = town.person(), None
        if cell.applicant in {Applicant.AGENT_ADULT, Applicant.AGENT_MINOR}:
            agent = town.person().shows("resident_id")
        order = body(cell, holder.shows("resident_id"), agent)
        for answer in (put(order), take(order)):
            assert (answer.status_code, problem(answer)) == (403, "not-allowed"), cell
            told = answer.json()
            assert (told["clause"], told["route"]) == (cell.clause, cell.route)
            assert told["citizen_message_key"] == "F49"
            assert told["ways"][0]["clause"], cell
            assert told["ways"][0]["zh"] in told["reason_zh"]

    return refused


@pytest.fixture
def done(town, ready, body, take, put):
    """An allowed cell, asked and done with a paper."""

    def done(cell, paper):
        someone = ready(cell, paper)
        agent = town.person(card=CardState.ACTIVE) if cell.agent_papers else None
        shown = agent.shows(cell.agent_papers[-1]) if agent else None
        order = body(cell, someone.shows(paper), shown)
        asked = put(order)
        assert (asked.status_code, asked.json()["outcome"]) == (200, "eligible"), asked.text
        assert asked.json()["clause"] == cell.clause
        taken = take(order)
        assert taken.status_code == 201, (cell, taken.text)
        told = taken.json()
        assert told["voucher_no"].startswith(NUMBERED[cell.channel])
        assert told["state"] == ("SUBMITTED" if cell.service in MADE else "DONE")
        assert told["voucher"] == cell.voucher
        assert bool(told["bring"]) == (cell.service in MADE)
        if after := AFTER.get(cell.service):
            assert town.state_of(someone) is after, cell

    return done


@pytest.fixture
def clerks(town, body, take, put, problem):
    """What a unit's clerk may have done."""

    def clerks(cell, paper):
        clerk = town.person(card=CardState.ACTIVE)
        unit = town.unit(clerk)
        staff = [town.person(card=CardState.SEALED) for _ in range(2)]
        town.batch(unit, BatchState.PICKED_UP, staff, MemberState.HANDED_OVER)
        order = body(cell, clerk.shows(paper), members=[each.number for each in staff])
        assert put(order).json()["outcome"] == "eligible"
        answer = take(order)
        if cell.service in BATCHES:
            assert (answer.status_code, problem(answer)) == (422, "batch-intake")
        else:
            assert answer.status_code == 201, answer.text
            assert {town.state_of(each) for each in staff} == {CardState.ACTIVE}

    return clerks


def check(cell, refused, done, clerks):
    if not cell.allowed:
        refused(cell)
    for paper in (cell.papers or ("resident_id", "ss_card")) if cell.allowed else ():
        (clerks if cell.applicant is Applicant.UNIT_CLERK else done)(cell, paper)


@pytest.mark.parametrize("service", Service)
def test_every_cell_is_answered_as_the_table_says(service, centre, refused, done, clerks):
    cells = [cell for cell in centre.rules.cells() if cell.service is service]
    assert len(cells) == len(Applicant) * len(Channel)
    for cell in cells:
        check(cell, refused, done, clerks)


def key(cell):
    return cell.service, cell.applicant, cell.channel


SWITCHED = {
    "minor_agent_new_card_at_kiosk = true": "minor_agent_new_card_at_kiosk = false",
    "activation_at_kiosk           = false": "activation_at_kiosk = true",
    "activation_by_agent_window    = true": "activation_by_agent_window = false",
    "status_menu_at_kiosk          = false": "status_menu_at_kiosk = true",
    'pin_reset_by_agent_at_kiosk   = "allow"': 'pin_reset_by_agent_at_kiosk = "window"',
    "enrolled_doc_equivalence      = false": "enrolled_doc_equivalence = true",
    "minor_id_for_replacement      = true": "minor_id_for_replacement = false",
}


class TestSwitched:
    @pytest.fixture(params=SWITCHED, ids=lambda text: text.split()[0])
    def rules_text(self, request, rules_text):
        assert request.param in rules_text
        return rules_text.replace(request.param, SWITCHED[request.param])

    def test_a_switch_changes_its_cells(self, rules_text, centre, refused, done, clerks):
        before = {key(cell): cell for cell in load_rules(RULES.read_text("utf-8")).cells()}
        changed = [cell for cell in centre.rules.cells() if cell != before[key(cell)]]
        assert changed
        for cell in changed:
            check(cell, refused, done, clerks)
