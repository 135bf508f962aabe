"""Users, and what needs two persons; on both stores."""

import json
import re
from datetime import timedelta

import pytest

from central.__main__ import main
from central.audit.records import AuditEntry
from central.console import approvals
from central.console.approvals import Approval, ApprovalState
from central.database import URL
from central.users.records import User, UserState

pytestmark = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)

PATH = "/console/users"
NEW = {"login": "wang.wei", "name": "王伟", "outlet": "W302"}


@pytest.fixture
def operator(sign_in):
    return sign_in("operator", login="op.one")


@pytest.fixture
def second(sign_in, operator):
    return sign_in("operator", login="op.two")


@pytest.fixture
def user(centre):
    def user(login="wang.wei"):
        with centre.database.read() as session:
            return session.get(User, login)

    return user


def question(page):
    return re.search(r"/console/approvals/(\d+)/approve", page.text)[1]


def test_a_new_user_has_no_power(operator, user, sign_in):
    assert "已添加 wang.wei" in operator.post(PATH, NEW).text
    assert (user().state, user().roles) == (UserState.INVITED, [])
    page = operator.post(f"{PATH}/wang.wei/invite", back=PATH)
    assert re.search(r"[A-Z2-9]{4}(-[A-Z2-9]{4}){3}", page.text)


@pytest.mark.parametrize(
    "wrong",
    [
        {"login": "X"},
        {"login": "a b c"},
        {"login": "op.one"},
        {"login": "' or 1"},
        {"name": " "},
        {"name": "x\u202ey"},
        {"outlet": "W3"},
        {"outlet": "w301"},
    ],
)
def test_an_impossible_user_is_refused(operator, wrong, centre):
    page = operator.post(PATH, NEW | wrong)
    assert 'class="note refused"' in page.text
    with centre.database.read() as session:
        assert session.query(User).count() == 1


def test_the_only_operator_grants_alone(operator, user):
    operator.post(PATH, NEW)
    form = {"roles": ["clerk", "supervisor"], "outlet": "W303"}
    assert "已执行" in operator.post(f"{PATH}/wang.wei/grant", form, back=PATH).text
    assert (user().roles, user().outlet) == (["clerk", "supervisor"], "W303")


def test_of_two_operators_one_asks_and_the_other_grants(operator, second, user, centre):
    operator.post(PATH, NEW)
    form = {"roles": ["clerk"], "outlet": "W302"}
    page = operator.post(f"{PATH}/wang.wei/grant", form, back=PATH)
    assert "等另一位同事" in page.text
    operator.post(f"{PATH}/wang.wei/grant", form, back=PATH)  # asked once
    assert user().roles == []
    number = question(second.get("/console/approvals"))
    assert f"/{number}/approve" not in operator.get("/console/approvals").text
    back = "/console/approvals"
    page = operator.post(f"/console/approvals/{number}/approve", back=back)
    assert "要由另一位同事同意" in page.text
    page = second.post(f"/console/approvals/{number}/approve", back=back)
    assert "已同意并执行" in page.text
    assert user().roles == ["clerk"]
    page = second.post(f"/console/approvals/{number}/approve", back=back)
    assert "已经有人处理过" in page.text
    with centre.database.read() as session:
        rows = session.query(AuditEntry).order_by(AuditEntry.seq).all()
    told = [(row.actor, row.action) for row in rows if not row.action.startswith("user.added")]
    assert told == [
        ("user:op.one", "approval.asked"),
        ("user:op.two", "approval.approved"),
        ("user:op.two", "user.granted"),
    ]


def test_a_question_is_refused_taken_back_or_too_old(operator, second, user, clock, sign_in):
    operator.post(PATH, NEW)
    back = "/console/approvals"
    for who in (second, operator):
        form = {"roles": ["clerk"], "outlet": "W302"}
        operator.post(f"{PATH}/wang.wei/grant", form, back=PATH)
        number = question(second.get(back))
        assert "没有执行" in who.post(f"{back}/{number}/refuse", back=back).text
    operator.post(f"{PATH}/wang.wei/grant", form, back=PATH)
    number = question(second.get(back))
    clock.now += approvals.LASTS + timedelta(seconds=1)
    second, operator = sign_in(login="op.two"), sign_in(login="op.one")
    assert "现在没有待复核的事项" in second.get(back).text
    page = second.post(f"{back}/{number}/approve", back=back)
    assert "或者已过期" in page.text
    assert user().roles == []


def test_what_cannot_be_done_leaves_the_question_open(operator, second, centre):
    operator.post(PATH, NEW)
    form = {"roles": ["auditor", "clerk"], "outlet": "W302"}
    operator.post(f"{PATH}/wang.wei/grant", form, back=PATH)
    back = "/console/approvals"
    page = second.post(f"{back}/{question(second.get(back))}/approve", back=back)
    assert "审计员不能兼任其他岗位" in page.text
    with centre.database.read() as session:
        assert [row.state for row in session.query(Approval)] == [ApprovalState.WAITING]


def test_a_user_is_locked_at_once_and_unlocked_by_two(operator, second, sign_in, user):
    clerk = sign_in("clerk", login="wang.wei")
    assert "已锁定 wang.wei" in operator.post(f"{PATH}/wang.wei/lock", back=PATH).text
    assert clerk.get("/console").headers["Location"] == "/console/sign-in"
    operator.post(f"{PATH}/wang.wei/unlock", back=PATH)
    assert user().state is UserState.LOCKED
    back = "/console/approvals"
    second.post(f"{back}/{question(second.get(back))}/approve", back=back)
    assert user().state is UserState.INVITED  # without a password there is none to come back with


def test_the_last_operator_stays(operator):
    assert "最后一位系统管理员" in operator.post(f"{PATH}/op.one/lock", back=PATH).text
    form = {"roles": ["clerk"], "outlet": "W301"}
    assert "最后一位系统管理员" in operator.post(f"{PATH}/op.one/grant", form, back=PATH).text


def test_users_are_added_by_whoever_has_the_machine(
    centre, capsys, user, monkeypatch, database_url
):
    monkeypatch.setenv(URL, database_url)
    data = ["--data", str(centre.folder)]
    add = ["users", "add", "Wang.Wei", "--roles", "operator,supervisor", "--outlet", "W301", *data]
    assert main(add) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["login"], told["roles"]) == ("wang.wei", ["operator", "supervisor"])
    assert re.fullmatch(r"[A-Z2-9]{4}(-[A-Z2-9]{4}){3}", told["code"])
    assert main(add) == 2
    assert "已有这个登录名" in capsys.readouterr().err
    assert main(["users", "lock", "wang.wei", *data]) == 0
    assert main(["users", "lock", "nobody", *data]) == 2
    capsys.readouterr()
    assert main(["users", "list", *data]) == 0
    assert [each["state"] for each in json.loads(capsys.readouterr().out)] == ["LOCKED"]
    assert user().state is UserState.LOCKED
