"""Looking people up at the console, on both stores."""

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import event

from central.audit.records import AuditEntry
from central.console import search
from central.people.records import Person

pytestmark = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def many(centre):
    """45 people whose names begin alike, two of them with the same name."""
    with centre.database.write() as session:
        for n in range(45):
            name = f"欧阳{chr(0x4E00 + n // 2)}" if n < 44 else "欧阳𠮷"
            session.add(Person(id_number=f"P{n:07}", name=name, insured=True, phone="13800138000"))
        session.add(Person(id_number="P9000000", name="欧文", insured=True))


@pytest.fixture
def ask_for(sign_in):
    browser = sign_in("clerk")

    def ask_for(by, text, why="", **more):
        form = {"by": by, "text": text, "why": why} | more
        return browser.post("/console/search", form)

    return ask_for


def audited(centre):
    with centre.database.read() as session:
        rows = session.query(AuditEntry).where(AuditEntry.action == "person.searched").all()
        return [json.loads(row.details) for row in rows]


def test_a_person_is_found_by_number_masked_with_cases(ask_for, submit, centre):
    voucher = submit().json()["voucher_no"]
    page = ask_for("id_number", " 11010519491231002x ").text
    assert voucher in page
    assert "张*" in page
    shown = page.replace('value=" 11010519491231002x "', "")
    for secret in ("11010519491231002X", "张三", "13800138000"):
        assert secret not in shown
    assert audited(centre) == [{"by": "id_number", "found": 1, "further": False, "why": None}]


@pytest.mark.parametrize("text", ["11010519491231002", "nobody", "' OR 1=1 --", "%", "_" * 18])
def test_a_part_of_a_number_finds_nobody(ask_for, text):
    assert "没有找到" in ask_for("id_number", text).text
    assert "没有找到" in ask_for("card_number", text).text


def test_a_person_is_found_by_card(ask_for, centre):
    with centre.database.read() as session:
        number = session.query(search.Card.number).order_by(search.Card.number).first()[0]
    page = ask_for("card_number", number.lower()).text
    assert page.count("<tr><td>") == 1
    assert number not in page.replace(f'value="{number.lower()}"', "")


def test_a_name_needs_a_reason_and_two_characters(ask_for, many):
    assert "请选择查询原因" in ask_for("name", "欧阳").text
    assert "请选择查询原因" in ask_for("name", "欧阳", "because").text
    assert "至少输入两个字" in ask_for("name", " 欧 ", "at_window").text


def test_names_come_page_by_page_each_once(centre, many):
    with centre.database.read() as session:
        numbers, after, pages = [], "", 0
        while after is not None:
            result = search.by_name(session, centre.folder, "li.na", "欧阳", after)
            numbers += [found.person.id_number for found in result.people]
            after, pages = result.after, pages + 1
    assert pages == 3
    assert numbers == [f"P{n:07}" for n in range(45)]


def test_the_next_page_is_this_users_alone_and_tells_nothing(ask_for, many, centre):
    page = ask_for("name", "欧阳", "at_window").text
    after = page.partition('name="after" value="')[2].partition('"')[0]
    assert len(after) > 40
    page = ask_for("name", "欧阳", "at_window", after=after).text
    assert page.count("<tr><td>") == 20
    for wrong in (after[:-4] + "AAAA", "x", "欧阳"):
        assert "格式不对" in ask_for("name", "欧阳", "at_window", after=wrong).text
    assert [row["further"] for row in audited(centre)] == [False, True]


def test_look_ups_are_limited(ask_for, clock):
    for _ in range(20):
        assert "没有找到" in ask_for("name", "诸葛亮", "phone_call").text
    assert "操作太频繁" in ask_for("name", "诸葛亮", "phone_call").text
    assert "没有找到" in ask_for("id_number", "x").text
    clock.now += timedelta(minutes=11)
    assert "没有找到" in ask_for("name", "诸葛亮", "phone_call").text


def test_every_look_up_reads_an_index(centre, many):
    said = []
    engine = centre.database._readers
    event.listen(engine, "before_cursor_execute", lambda *told: said.append(told[2:4]))
    with centre.database.read() as session:
        search.by_name(session, centre.folder, "li.na", "欧阳")
        search.by_id_number(session, "P0000001")
        asked = [told for told in said if told[0].startswith("SELECT")]
        assert len(asked) > 20
        explain = "EXPLAIN QUERY PLAN "
        if centre.database.is_postgresql:
            session.connection().exec_driver_sql("SET LOCAL enable_seqscan = off")
            explain = "EXPLAIN "
        for text, told in asked:
            plan = str(session.connection().exec_driver_sql(explain + text, told).all())
            assert not {"SCAN person", "SCAN application", "SCAN card", "Seq Scan"} & set(
                re.findall(r"(?:SCAN|Seq) \w+", plan)
            ), plan


def test_a_nul_is_refused_wherever_a_text_may_stand(ask_for, sign_in):
    assert ask_for("id_number", "P00\0").status_code == 422
    browser = sign_in("clerk")
    for path in ("/console/cases/%00", "/console/batches/%00", "/console/cases?after=%00"):
        assert browser.get(path).status_code == 422, path
