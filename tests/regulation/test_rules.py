"""The table of 240 cells, its switches, and how a bad one is refused."""

import csv
import io
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from regulation.papers import Paper
from regulation.rules import Applicant, Channel, Rules, RulesError, Service, Verdict, load_rules
from regulation.rules_print import COLUMNS, main, render
from regulation.switches import Switches

SHIPPED = Path(__file__).parents[2] / "config" / "rules.toml"
TEXT = SHIPPED.read_text(encoding="utf-8")
RULES = load_rules(SHIPPED)
CELLS = RULES.cells()

ID4 = (Paper.RESIDENT_ID, Paper.HMT_PERMIT, Paper.PASSPORT, Paper.MILITARY_OFFICER)
OWN = (Paper.RESIDENT_ID, Paper.SS_CARD)
S, A, C = Service, Applicant, Channel


def changed(old: str, new: str) -> str:
    """The shipped table with one place changed; the place must exist."""
    assert old in TEXT
    return TEXT.replace(old, new, 1)


def switched(**values: str) -> Rules:
    text = TEXT
    for key, value in values.items():
        text, times = re.subn(rf"^{key} += .*$", f"{key} = {value}", text, flags=re.MULTILINE)
        assert times == 1
    return load_rules(text)


def kiosk(service: Service, applicant: Applicant, rules: Rules = RULES):
    return rules.cell(service, applicant, Channel.KIOSK)


def test_all_240_questions_are_answered_once_with_a_clause():
    keys = {(cell.service, cell.applicant, cell.channel) for cell in CELLS}
    assert len(CELLS) == len(keys) == 240
    assert len(S) * len(A) * len(C) == 240
    for cell in CELLS:
        assert re.match(r"[1-9]", cell.clause), cell
        assert cell.route
        assert RULES.cell(cell.service, cell.applicant, cell.channel) is cell


def test_the_clause_is_of_the_chapter_of_its_service():
    chapters = dict(zip(S, "111233455667899", strict=True))
    for cell in CELLS:
        assert cell.clause.startswith(chapters[cell.service]), cell


def test_the_cells_are_in_the_order_of_the_file():
    assert [cell.service for cell in CELLS[::16]] == list(S)
    assert [cell.applicant for cell in CELLS[:16:4]] == list(A)
    assert [cell.channel for cell in CELLS[:4]] == list(C)


def test_the_kiosk_refuses_43_of_its_60_questions():
    assert Counter(cell.verdict for cell in CELLS if cell.channel is C.KIOSK) == {
        Verdict.ALLOW: 17,
        Verdict.REFUSE: 43,
    }


def test_a_refusal_asks_for_no_papers_and_every_way_here_for_some():
    for cell in CELLS:
        if not cell.allowed:
            assert cell.papers == cell.agent_papers == ()
        elif cell.channel in (C.WINDOW, C.KIOSK):
            assert cell.papers
            by_agent = cell.applicant in (A.AGENT_ADULT, A.AGENT_MINOR)
            assert cell.agent_papers == (OWN if by_agent else ())


def test_new_card_for_oneself_at_the_kiosk_1_1_1_1():
    cell = kiosk(S.NEW_INDIVIDUAL, A.SELF)
    assert (cell.verdict, cell.papers, cell.agent_papers) == (Verdict.ALLOW, ID4, ())
    assert (cell.photo, cell.sign, cell.voucher) == ("required", "screen", "yes")
    assert cell.clause == "1.1.1(1),1.1.2(2),1.1.3(1)"


def test_new_card_for_an_adult_at_the_kiosk_1_1_1_2():
    cell = kiosk(S.NEW_INDIVIDUAL, A.AGENT_ADULT)
    assert (cell.papers, cell.agent_papers, cell.photo) == (ID4, OWN, "required")


def test_new_card_for_a_minor_at_the_kiosk_a1_1_1_1_2():
    cell = kiosk(S.NEW_INDIVIDUAL, A.AGENT_MINOR)
    assert cell.papers == (Paper.RESIDENT_ID, Paper.HOUSEHOLD_REGISTER)
    assert (cell.agent_papers, cell.photo) == (OWN, "optional")
    off = kiosk(S.NEW_INDIVIDUAL, A.AGENT_MINOR, switched(minor_agent_new_card_at_kiosk="false"))
    assert (off.verdict, off.papers, off.clause) == (Verdict.REFUSE, (), cell.clause)


def test_no_agent_for_adults_online_1_1_2_3():
    cell = RULES.cell(S.NEW_INDIVIDUAL, A.AGENT_ADULT, C.ONLINE)
    assert (cell.verdict, cell.clause) == (Verdict.REFUSE, "1.1.2(3)")


def test_batch_to_individual_only_in_person_at_the_window_1_3():
    allowed = [cell for cell in CELLS if cell.service is S.BATCH_TO_INDIVIDUAL and cell.allowed]
    assert [(cell.applicant, cell.channel) for cell in allowed] == [(A.SELF, C.WINDOW)]
    assert kiosk(S.BATCH_TO_INDIVIDUAL, A.SELF).clause == "1.3"


def test_a_unit_clerk_shows_id_or_card_1_2_1():
    assert kiosk(S.NEW_BATCH, A.UNIT_CLERK).papers == OWN
    assert not kiosk(S.REPLACE_BATCH, A.UNIT_CLERK).allowed


def test_a_pin_is_changed_by_its_holder_only_5_1_2():
    allowed = {cell.applicant for cell in CELLS if cell.service is S.PIN_CHANGE and cell.allowed}
    assert allowed == {A.SELF}
    assert kiosk(S.PIN_CHANGE, A.AGENT_ADULT).clause == "5.1(2)"


def test_loss_by_id_only_its_end_by_id_or_card_6_1_1():
    assert kiosk(S.LOSS_REPORT, A.SELF).papers == (Paper.RESIDENT_ID,)
    assert kiosk(S.LOSS_CANCEL, A.SELF).papers == OWN


def test_the_telephone_reports_losses_for_the_holder_alone_6_2_1():
    allowed = [cell for cell in CELLS if cell.channel is C.PHONE and cell.allowed]
    assert [(cell.service, cell.applicant) for cell in allowed] == [(S.LOSS_REPORT, A.SELF)]
    assert RULES.cell(S.LOSS_REPORT, A.AGENT_ADULT, C.PHONE).clause == "6.2(1)"


@pytest.mark.parametrize(
    ("service", "clause"),
    [
        (S.UNLOCK, "7.2"),
        (S.CANCEL, "9.2"),
        (S.ROLLBACK, "9.2"),
        (S.INFO_CHANGE, "4.2"),
        (S.REPLACE_BATCH, "3.2.2"),
    ],
)
def test_window_only_services_3_2_4_7_9(service, clause):
    channels = {cell.channel for cell in CELLS if cell.service is service and cell.allowed}
    assert channels == {C.WINDOW}
    assert kiosk(service, A.AGENT_MINOR).clause == clause


@pytest.mark.parametrize(
    ("switch", "value", "service", "applicant", "channel", "before"),
    [
        ("activation_at_kiosk", "true", S.ACTIVATE, A.SELF, C.KIOSK, False),
        ("activation_by_agent_window", "false", S.ACTIVATE, A.AGENT_ADULT, C.WINDOW, True),
        ("activation_by_agent_window", "false", S.ACTIVATE, A.AGENT_MINOR, C.WINDOW, True),
        ("status_menu_at_kiosk", "true", S.STATUS_QUERY, A.SELF, C.KIOSK, False),
        ("pin_reset_by_agent_at_kiosk", '"window"', S.PIN_RESET, A.AGENT_ADULT, C.KIOSK, True),
        ("pin_reset_by_agent_at_kiosk", '"window"', S.PIN_RESET, A.AGENT_MINOR, C.KIOSK, True),
        ("minor_agent_new_card_at_kiosk", "false", S.NEW_INDIVIDUAL, A.AGENT_MINOR, C.KIOSK, True),
    ],
)
def test_a_switch_turns_its_cell_and_no_other_2_2_5_2_8_2(
    switch, value, service, applicant, channel, before
):
    rules = switched(**{switch: value})
    assert RULES.cell(service, applicant, channel).allowed is before
    assert rules.cell(service, applicant, channel).allowed is not before
    turned = [
        (a.service, a.channel)
        for a, b in zip(CELLS, rules.cells(), strict=True)
        if a.verdict is not b.verdict
    ]
    assert set(turned) == {(service, channel)}


def test_a_pin_reset_with_a_code_is_still_a_way_5_2_2():
    rules = switched(pin_reset_by_agent_at_kiosk='"otp"')
    assert kiosk(S.PIN_RESET, A.AGENT_ADULT, rules).papers == (Paper.SS_CARD,)


def test_a_minors_id_serves_for_a_replacement_a5_3_1_1_2():
    expected = (Paper.RESIDENT_ID, Paper.HOUSEHOLD_REGISTER, Paper.SS_CARD)
    assert kiosk(S.REPLACE_INDIVIDUAL, A.AGENT_MINOR).papers == expected
    literal = switched(minor_id_for_replacement="false")
    assert kiosk(S.REPLACE_INDIVIDUAL, A.AGENT_MINOR, literal).papers == expected[1:]


def test_papers_beside_the_text_a18_1_1_1():
    rules = switched(extra_docs='["hmt_residence_permit"]')
    assert kiosk(S.NEW_INDIVIDUAL, A.SELF, rules).papers == (*ID4, Paper.HMT_RESIDENCE_PERMIT)
    assert kiosk(S.LOSS_REPORT, A.SELF, rules).papers == (Paper.RESIDENT_ID,)


def test_holders_without_an_id_card_a6_6_1_1():
    rules = switched(enrolled_doc_equivalence="true")
    assert Paper.PASSPORT in kiosk(S.LOSS_REPORT, A.SELF, rules).papers
    assert Paper.PASSPORT not in kiosk(S.LOSS_REPORT, A.SELF).papers
    assert kiosk(S.LOSS_REPORT, A.AGENT_ADULT, rules).agent_papers == OWN
    assert kiosk(S.NEW_BATCH, A.UNIT_CLERK, rules).papers == OWN


def test_the_signature_moves_to_the_window_a7_1_1_2_1():
    rules = switched(kiosk_signature='"window"')
    assert kiosk(S.NEW_INDIVIDUAL, A.SELF, rules).sign == "window"
    assert rules.cell(S.NEW_INDIVIDUAL, A.SELF, C.WINDOW).sign == "pad_or_paper"


def test_the_shipped_switches_are_the_decided_defaults():
    assert RULES.switches == Switches()
    assert (
        load_rules(re.sub(r"\[switches\].*?\n\n", "", TEXT, flags=re.DOTALL)).switches == Switches()
    )


def test_numbers_and_lists_of_switches_are_read():
    rules = switched(minor_age="16", accept_expired_days="30", photo_sources='["camera"]')
    assert (rules.switches.minor_age, rules.switches.accept_expired_days) == (16, 30)
    assert rules.switches.photo_sources == ("camera",)


@pytest.mark.parametrize(
    ("key", "value", "cure"),
    [
        ("minor_age", '"18"', "whole number from 1 to 30"),
        ("minor_age", "true", "whole number"),
        ("minor_age", "0", "whole number"),
        ("minor_age", "18.0", "whole number"),
        ("accept_expired_days", "-1", "from 0"),
        ("activation_at_kiosk", "1", "true or false"),
        ("kiosk_signature", '"paper"', '"screen", "window"'),
        ("kiosk_signature", "[]", '"screen", "window"'),
        ("photo_sources", '["phone"]', '"camera", "scan"'),
        ("photo_sources", '"camera"', "a list"),
        ("extra_docs", '["library_card"]', "hmt_residence_permit"),
        ("extra_docs", "[1]", "a list"),
    ],
)
def test_a_wrong_switch_is_refused_with_key_and_cure(key, value, cure):
    with pytest.raises(RulesError, match=key) as refused:
        switched(**{key: value})
    assert cure in str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("minor_age  ", "minor_years  ", "unknown key 'minor_years'.*minor_age"),
        ('s = "unlock"', 's = "unlok"', "unknown service 'unlok'"),
        ('a = "self"', 'a = "myself"', "unknown applicant 'myself'"),
        ('c = "kiosk"', 'c = "kisok"', "unknown channel 'kisok'"),
        ('docs = "id4"', 'docs = "id9"', "unknown docset 'id9'"),
        ('agent = "agent"', 'agent = "gent"', "unknown docset 'gent'"),
        ('"passport"', '"pasport"', "unknown paper 'pasport'"),
        ('verdict = "allow"', 'verdict = "yes"', "write allow, deny or flag"),
        ('verdict = "allow"', "verdict = true", "verdict is missing or no text"),
        ('policy = "activation_at_kiosk"', 'policy = "activation"', "'activation' is no switch"),
        ('ref = "7.2"', 'ref = "somewhere"', "is no clause"),
        ('ref = "7.2"', "", "ref is missing"),
        ('ref = "7.2"', 'reff = "7.2"', "unknown key 'reff'"),
        ('a = "agent_adult"\nc = "window"', 'a = "self"\nc = "window"', "listed twice"),
        ('clause = "1.3"', 'clause = "x"', "is no clause"),
        ("[services.unlock]", "[services.unluck]", "unknown service 'unluck'"),
        ('channels = ["window", ', "channels = [", "each of window"),
        ('"self", "agent_adult"', '"self", "self"', "each of self"),
        ("[docsets]", "[docset]", "unknown key 'docset'"),
        ("agent      = ", "angent     = ", "unknown key 'angent'"),
        ('version = "2026-11-23"', "version = 1", "version is missing or no text"),
        ("at = { window", "at = { windows", "unknown channel 'windows'"),
        ("\n[[rule]]", "\n[[rule", "no valid TOML"),
    ],
)
def test_a_bad_table_is_refused(old, new, said):
    with pytest.raises(RulesError, match=f"(?s){said}"):
        load_rules(changed(old, new))


def test_a_service_left_out_is_refused():
    text = re.sub(r"\[services\.rollback\].*?\n\n", "\n", TEXT, flags=re.DOTALL)
    with pytest.raises(RulesError, match="rollback missing"):
        load_rules(text)


@pytest.mark.parametrize(
    ("pattern", "new", "said"),
    [
        (r"^clerk  .*\n", "", "clerk missing"),
        (r"^clerk  .*$", 'clerk = "resident_id"', "clerk is missing or no list of texts"),
        (r"^\[\[rule\]\](.|\n)*", "", r"rule"),
        (r"^\[meta\](.|\n)*?\n\n", "\n", r"\[meta\]"),
    ],
)
def test_a_table_with_a_hole_is_refused(pattern, new, said):
    text, times = re.subn(pattern, new, TEXT, count=1, flags=re.MULTILINE)
    assert times == 1
    with pytest.raises(RulesError, match=said):
        load_rules(text)


def test_a_missing_file_is_refused_with_its_name():
    with pytest.raises(RulesError, match=r"nowhere\.toml"):
        load_rules(Path("nowhere.toml"))


def test_the_nearest_ways_are_the_same_applicants_first_1_1_2():
    ways = RULES.nearest(S.NEW_INDIVIDUAL, A.AGENT_ADULT)
    assert [(way.applicant, way.channel) for way in ways[:2]] == [
        (A.AGENT_ADULT, C.WINDOW),
        (A.AGENT_ADULT, C.KIOSK),
    ]
    assert all(way.allowed for way in ways)


def test_every_service_has_a_way_for_everybody_to_be_sent_to():
    for service in S:
        for applicant in A:
            assert RULES.nearest(service, applicant)


def test_json_has_exactly_the_promised_columns(capsys):
    assert main(["--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert len(rows) == 240
    assert all(tuple(row) == COLUMNS for row in rows)
    assert rows[1] == {
        "service": "new_individual",
        "applicant": "self",
        "channel": "kiosk",
        "verdict": "allow",
        "papers": [*ID4],
        "agent_papers": [],
        "clause": "1.1.1(1),1.1.2(2),1.1.3(1)",
    }


def test_the_three_forms_say_the_same():
    rows = list(csv.reader(io.StringIO(render(CELLS, "csv"))))
    assert rows[0] == list(COLUMNS)
    assert len(rows) == 241
    lines = render(CELLS, "table").splitlines()
    assert len(lines) == 241
    for row, line in zip(rows, lines, strict=True):
        assert line.split() == [text for text in row if text]
    as_json = json.loads(render(CELLS, "json"))
    assert [row["clause"] for row in as_json] == [row[-1] for row in rows[1:]]


def test_filters_narrow_the_print(capsys):
    assert main(["--service", "unlock", "--applicant", "self", "--channel", "kiosk"]) == 0
    assert capsys.readouterr().out.splitlines()[1].split() == [
        *("unlock", "self", "kiosk", "refuse", "7.2")
    ]


def test_another_file_is_read_and_a_bad_one_refused(tmp_path, capsys):
    file = tmp_path / "rules.toml"
    file.write_text(changed('ref = "7.2"', 'ref = "7.2(1)"'), encoding="utf-8")
    narrowed = ["--rules", str(file), "--service", "unlock", "--applicant", "self"]
    assert main([*narrowed, "--channel", "kiosk"]) == 0
    assert "7.2(1)" in capsys.readouterr().out
    file.write_text("[meta]", encoding="utf-8")
    assert main(["--rules", str(file)]) == 2
    shown = capsys.readouterr()
    assert (shown.out, shown.err.count("\n")) == ("", 1)
