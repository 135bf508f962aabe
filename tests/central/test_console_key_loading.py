"""The page where officers load a key: two of them, each with a component."""

import re
import secrets

import pytest

from central.centre import Settings
from central.hsm import demo
from central.hsm.arithmetic import SM4

PATH = "/console/key-loading"
NAME, KEY = "RPK-SM4", demo.KEYS["RPK-SM4"]


def check_of(key):
    return SM4.encipher(key, bytes(16))[:3].hex().upper()


def text(answer):
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.text)


@pytest.fixture
def settings(monkeypatch, kek):
    monkeypatch.setenv("HSM_KEK", kek)
    return Settings(hsm="file")


@pytest.fixture
def officers(sign_in):
    return sign_in("operator", login="li.na"), sign_in("supervisor", login="wang.wei")


def enter(officer, key, check=None, number=1):
    form = {"component": key.hex(), "check_value": check or check_of(key)}
    return text(officer.post(f"{PATH}/{number}/component", form, back=PATH))


def test_two_officers_load_a_key(officers):
    first = secrets.token_bytes(16)
    second = bytes(a ^ b for a, b in zip(KEY, first, strict=True))
    li, wang = officers
    assert "已开始装入 RPK-SM4" in text(li.post(PATH, {"name": NAME, "parts": "2"}))
    shown = enter(li, first)
    assert "分量已封存" in shown
    assert "请下一位保管人登录输入" in shown
    assert first.hex() not in shown.lower()
    assert check_of(first) in text(wang.get(PATH))
    shown = enter(wang, second)
    assert f"密钥 RPK-SM4 已装入，校验值 {check_of(KEY)}" in shown
    assert "wang.wei" in shown
    assert KEY.hex() not in shown.lower()


def test_one_officer_alone_cannot(officers):
    li, _ = officers
    li.post(PATH, {"name": NAME, "parts": "2"})
    enter(li, bytes(range(16)))
    assert "请换一位" in enter(li, bytes(range(1, 17)))


def test_a_wrong_check_value_is_told_in_plain_words(officers):
    li, _ = officers
    li.post(PATH, {"name": NAME, "parts": "3"})
    assert "请对照密钥信封重新输入" in enter(li, bytes(range(16)), "ABCDEF")
    assert "已中止" in text(li.post(f"{PATH}/1/abort", back=PATH))


@pytest.mark.parametrize("role", ["clerk", "auditor"])
def test_it_is_no_page_of_others(sign_in, role):
    other = sign_in(role)
    assert other.get(PATH).status_code == 403
    assert PATH not in other.get("/console").text


@pytest.mark.parametrize("form", [{"name": "x" * 65, "parts": "2"}, {"name": NAME, "parts": "x"}])
def test_a_form_that_is_not_right_is_refused(officers, form):
    assert "填写不完整或格式不对" in text(officers[0].post(PATH, form))


class TestWithoutLoading:
    """A centre with the demo keys, or none."""

    @pytest.fixture
    def settings(self):
        return Settings(hsm="demo")

    def test_the_page_says_so(self, sign_in):
        assert "不能在这里装入密钥" in text(sign_in("operator").get(PATH))
