"""Each cell of the table that is allowed at the kiosk, in a real window: from touches to the slip.

One kiosk for all of them, each with people of its own; then the centre's row is looked at.
"""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from deploy.acts import Act, Pose, Sign
from deploy.card_lists import number_of, town
from deploy.citizen import SCRIPTS, Agent, Script, perform
from deploy.demo import handed_in, qr_of
from deploy.stage import PEOPLE, SMALL, Stage
from regulation.rules import Applicant, Channel, Service, load_rules

RULES = load_rules(Path("config/rules.toml"))
ALLOWED = tuple(c for c in RULES.cells() if c.channel is Channel.KIOSK and c.allowed)
MINORS = Applicant.AGENT_MINOR
BORN = {False: date(1988, 8, 8), True: date(2014, 4, 4)}
LINE = Sign((((0.1, 0.5), (0.9, 0.4)),))
SLIPLESS = (Service.PIN_CHANGE, Service.PIN_RESET)
"""Whose slip comes only when it is asked for."""

STATES = {
    **dict.fromkeys((Service.LOSS_REPORT, Service.LOSS_CANCEL), "DONE"),
    **dict.fromkeys((Service.NEW_INDIVIDUAL, Service.REPLACE_INDIVIDUAL), "SUBMITTED"),
}
"""How a case stands at once; of PINs the card itself is the result."""

pytestmark = pytest.mark.journey


def key(cell) -> str:
    return f"{cell.service}_{cell.applicant}"


def person(name: str, order: int, *, minor: bool = False, card: str = "") -> str:
    """Somebody for the centre and for the bench, as TOML; `card` is the state of their card."""
    born = BORN[minor]
    held = f"""[[person.card]]
number = "A00001{order:03}"
identifier = "500000D15600000500001{order:03}FFFFFFFF"
state = "{card}"
bank = "重庆银行"
[person.chip]
pin = "482915"
"""
    return f"""
[[person]]
key = "{name}"
id_number = "{number_of(born, order)}"
name = "测试"
insured = true
phone = "13800138000"
address = "重庆市渝北区示例路1号"
{held if card else ""}[person.id_card]
sex = "{2 - order % 2}"
ethnicity = "01"
birth = "{born:%Y%m%d}"
address = "重庆市渝北区示例路1号"
issuer = "重庆市公安局渝北区分局"
valid_from = "20240101"
valid_to = "20440101"
"""


def people() -> str:
    """An applicant for every cell, and an agent where one acts."""
    rows: list[str] = []
    for n, cell in enumerate(ALLOWED):
        lost = cell.service is Service.LOSS_CANCEL
        card = "" if cell.service is Service.NEW_INDIVIDUAL else "LOSS" if lost else "ACTIVE"
        rows.append(person(key(cell), 2 * n + 1, minor=cell.applicant is MINORS, card=card))
        rows.append(person(f"agent_of_{key(cell)}", 2 * n + 2))
    return "".join(rows)


def script(cell) -> Script:
    """The visit of a cell; KeyError for a service that has none."""
    visit = SCRIPTS[cell.service]
    match cell.applicant:
        case Applicant.SELF:
            return visit(key(cell))
        case Applicant.AGENT_ADULT | Applicant.AGENT_MINOR:
            return visit(key(cell), agent=Agent(f"agent_of_{key(cell)}", cell.applicant))
        case Applicant.UNIT_CLERK:
            return visit()


def quick(visit: Script) -> Script:
    """The same by somebody who signs with a line, and does not pose."""

    def quicker(act: Act) -> Act:
        return LINE if isinstance(act, Sign) else Pose(0.0) if isinstance(act, Pose) else act

    return tuple(replace(at, acts=tuple(map(quicker, at.acts))) for at in visit)


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    folder = tmp_path_factory.mktemp("allowed")
    file = town(folder, PEOPLE)
    file.write_text(file.read_text("utf-8") + people(), "utf-8")
    with Stage(folder, people=file, window=SMALL) as stage:
        yield stage


@pytest.fixture(scope="module")
def slips():
    """What the code on each cell's slip says."""
    return {}


@pytest.mark.parametrize("cell", ALLOWED, ids=key)
def test_an_allowed_cell_is_served_from_touches_to_the_slip(stage, slips, cell):
    stage.eyes.wait(lambda now: now.step == "home" and not now.dialog, 20.0)
    printed = stage.dock.slips()
    perform(stage, quick(script(cell)))
    assert stage.dock.slips() == printed + (cell.service not in SLIPLESS)
    if cell.service not in SLIPLESS:
        slips[key(cell)] = qr_of(stage.dock.slip("last"))


def test_the_centre_holds_all_of_it_and_each_slip_leads_to_its_row(stage, slips):
    rows = {f"{row['service']}_{row['applicant_kind']}": row for row in stage.central("list")}
    clerks = [cell for cell in ALLOWED if cell.service is Service.NEW_BATCH]
    assert rows.keys() == {key(cell) for cell in ALLOWED if cell not in clerks}
    for cell in ALLOWED:
        slip = slips.get(key(cell), "")
        assert bool(slip) != (cell.service in SLIPLESS)
        if cell in clerks:
            assert handed_in(stage)["batch_no"] in slip
            continue
        row = rows[key(cell)]
        assert (row["agent"] is not None) == bool(cell.agent_papers)
        assert row["voucher_no"] in slip or cell.service in SLIPLESS
        assert row["state"] == STATES.get(cell.service, row["state"])
        pictures = {image["kind"] for image in row["images"]}
        assert "portrait" not in pictures or cell.service is Service.NEW_INDIVIDUAL


def test_no_row_of_the_table_is_without_a_visit():
    assert len(ALLOWED) == 17
    assert all(script(cell) for cell in ALLOWED)
