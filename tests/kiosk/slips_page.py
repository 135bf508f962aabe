"""The page docs/slips.md: every slip as text, made of the requests and answers of specimen people.

`python -m tests.kiosk.slips_page > docs/slips.md` writes it.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from hardware.printer import layout
from hardware.printer.document import Document, Feed, Pair, Qr, Rule, Text
from kiosk.journal import Case, State
from kiosk.pace import CHINA
from kiosk.slips import Slips
from kiosk.visit import Refusal
from regulation.rules import Applicant, Channel, Rules, Service, load_rules
from regulation.vouchers import RowError

NOW = datetime(2026, 11, 23, 10, 42, tzinfo=CHINA)
NUMBER = "CQ-0017-20261123-0042-K"
KEY = "0c3f1c1e-0000-4000-8000-000000000001"
QR = f"v1|{NUMBER}|00112233445566778899aabbccddeeff"
SIGNED = f"v2|{NUMBER}|{'Ab3_' * 21}Ab"
"""As long as a code with an Ed25519 signature (64 bytes in base64url) is."""

HOTLINES = {"重庆银行": "956023"}
ADDRESS = "重庆市渝北区示例路 1 号"
PHONE = "13800138000"


def person(paper: str, name: str, number: str) -> dict[str, Any]:
    """A party of a request, with all that a reader gives of it."""
    read = {"sex": "女", "ethnicity": "汉", "birth": "19491231", "address": ADDRESS}
    return {"paper": paper, "name": name, "number": number, **read}


ADULT = person("resident_id", "张小三", "11010519491231002X")
ABROAD = person("hmt_permit", "CHAN TAI MAN", "H1234567801")
CHILD = person("household_register", "小明", "500103201011230033")
CARD = person("ss_card", "张小三", "A12345678")
CHILD_CARD = person("ss_card", "小明", "A12345678")
AGENT = person("resident_id", "李四", "50010319850612019X")
SECRETS = (
    *("张小三", "CHAN TAI MAN", "小明", "李四"),
    *("11010519491231002X", "500103201011230033", "50010319850612019X", "H1234567801", "A12345678"),
    *(PHONE, ADDRESS, "91500000MA5U000X1Q", "示例科技有限公司", "6217001234567890"),
)
"""What no slip may show."""

KINDS = (Applicant.SELF, Applicant.AGENT_ADULT, Applicant.AGENT_MINOR)
SERVICES = (
    Service.NEW_INDIVIDUAL,
    Service.REPLACE_INDIVIDUAL,
    Service.PIN_CHANGE,
    Service.PIN_RESET,
    Service.LOSS_REPORT,
    Service.LOSS_CANCEL,
)
"""The services for one person that the regulation names for the kiosk."""

REASONS = ("lost", "damaged", "data_changed", "expired", "renewed")
EXPIRES = NOW + timedelta(days=15)
STATES = {
    Service.LOSS_REPORT: ("LOSS", "挂失", None),
    Service.LOSS_CANCEL: ("ACTIVE", "正常", None),
}


class Specimen(NamedTuple):
    """A slip, and what it is of."""

    name: str
    slip: Document


def rules() -> Rules:
    """The rules as they come."""
    return load_rules(Path("config/rules.toml"))


def slips(table: Rules, hotlines: Mapping[str, str] = HOTLINES) -> Slips:
    """The slips of a kiosk whose refusals say their code."""
    return Slips(table, "0017", "重庆 · 渝北区社保服务大厅", _sentence, hotlines)


def body(service: Service, kind: Applicant = Applicant.SELF, **more: object) -> dict[str, Any]:
    """A request as the kiosk seals it."""
    child = kind is Applicant.AGENT_MINOR
    card_only = service is Service.PIN_RESET and kind is not Applicant.SELF
    own = (CHILD_CARD if child else CARD) if card_only else (CHILD if child else ADULT)
    return {
        "service": service.value,
        "applicant_kind": kind.value,
        "applicant": own,
        "agent": None if kind is Applicant.SELF else AGENT,
        "kiosk_id": "0017",
        "taken_at": NOW.isoformat(),
        "phone": PHONE,
        "address": ADDRESS,
        "marks": [],
        **more,
    }


def card(service: Service, **more: object) -> dict[str, Any]:
    """A card as the centre shows it after the service."""
    state, zh, until = STATES.get(service, ("ACTIVE", "正常", None))
    told = {"card": "00112233aabbccdd", "number": "************7890", "bank": "重庆银行"}
    return told | {"state": state, "state_zh": zh, "loss_expires_at": until} | more


def answer(service: Service, **more: object) -> dict[str, Any]:
    """What the centre says to it."""
    made = service in {Service.NEW_INDIVIDUAL, Service.REPLACE_INDIVIDUAL}
    return {
        "voucher_no": NUMBER,
        "qr": QR,
        "window": "3",
        "submitted_at": NOW.isoformat(),
        "due_at": (NOW + timedelta(hours=24)).isoformat(),
        "fee_fen": 2500 if service is Service.REPLACE_INDIVIDUAL else 0,
        "card": None if made else card(service),
        **more,
    }


def case(asked: Mapping[str, Any], told: Mapping[str, Any]) -> Case:
    """Both as the journal has them."""
    return Case(KEY, State.SUBMITTED if told else State.INTENT, NOW, dict(asked), dict(told))


LIST = {
    "service": Service.NEW_BATCH.value,
    "kiosk_id": "0017",
    "unit": "91500000MA5U000X1Q",
    "clerk": {key: AGENT[key] for key in ("paper", "number", "name")},
    "rows": [],
    "signature": "screen",
}


def part(n: int = 1, **more: object) -> dict[str, Any]:
    """The centre's answer to a part of a list."""
    return {
        "batch_no": f"CQ-0017-20261123-004{n}-K",
        "qr": QR.replace("0042", f"004{n}"),
        "rows": 120,
        "taken": 118,
        "left_out": 2,
        "submitted_at": NOW.isoformat(),
        "due_on": "2026-12-07",
        "due_sure": True,
        "outlet": "W301",
        "fee_fen": 0,
        "pick_up": [
            "凭经办人本人的身份证原件或社保卡，到提交申请的网点领取",
            "更换经办人的，须另带加盖单位公章的介绍信",
            "领取前请先查询，制卡完成后再来",
            "领取后96小时自动启用社保功能",
        ],
        **more,
    }


ERRORS = (
    RowError(12, "证件号码", "证件号码的末位校验不符，请逐位核对"),
    RowError(12, "手机", "手机应为11位号码，或023开头的座机"),
    RowError(47, "照片", "缺少照片影像，请补上"),
    RowError(3, "姓名", "没有填写，请补上"),
)


def taken(table: Rules) -> Iterator[Specimen]:
    """The vouchers and receipts: every service, for everybody who may have it here."""
    of = slips(table).of
    for service in SERVICES:
        for kind in KINDS:
            if table.cell(service, kind, Channel.KIOSK).allowed:
                wish = _wish(service)
                slip = of(case(body(service, kind, **wish), answer(service)))
                yield Specimen(f"{table.words[service].zh} · {kind.zh}", slip)


def variants(table: Rules) -> Iterator[Specimen]:
    """What else a voucher may say."""
    of, new, again = slips(table).of, Service.NEW_INDIVIDUAL, Service.REPLACE_INDIVIDUAL
    marks = ["officer_card_review", "sign_at_window", "address_at_window", "portrait_review"]
    told = case(body(new, marks=marks, phone=None), answer(new, qr=SIGNED))
    yield Specimen("新办 · 有待窗口办的事 · 补打 · v2 码", of(told, reprint=True))
    told = case(body(new, applicant=ABROAD), answer(new))
    yield Specimen("新办 · 港澳台居民来往内地通行证", of(told))
    for reason in REASONS[1:]:
        told = case(body(again, reason=reason, portrait="change"), answer(again, fee_fen=0))
        yield Specimen(f"补换卡 · {reason}", of(told))
    mended = slips(table).mended(case(body(new), answer(new)), ("照片",), "CQ-0017-20261120-0007-M")
    yield Specimen("窗口退回后补正", mended)
    loss, release = Service.LOSS_REPORT, Service.LOSS_CANCEL
    temporary = card(loss, state="TEMPORARY_LOSS", state_zh="临时挂失", bank="示例银行")
    until = temporary | {"loss_expires_at": EXPIRES.isoformat()}
    yield Specimen("临时挂失 · 银行电话不知道", of(case(body(loss), answer(loss, card=until))))
    sealed = card(release, state="SEALED", state_zh="封存（未启用）")
    told = case(body(release), answer(release, card=sealed))
    yield Specimen("解挂 · 卡没有启用过", of(told))


def unknown(table: Rules) -> Iterator[Specimen]:
    """While a result is not known."""
    of = slips(table).of
    for service in SERVICES:
        told = case(body(service, **_wish(service)), {})
        yield Specimen(f"结果未知 · {table.words[service].zh}", of(told))
    yield Specimen("结果未知 · 没有身份证", of(case(body(SERVICES[0], applicant=ABROAD), {})))
    yield Specimen("结果未知 · 批量", of(case(LIST, {})))
    reset = body(Service.PIN_RESET, outcome="unknown")
    yield Specimen("密码不知道写成没有", of(case(reset, {})))
    told = case(reset, answer(Service.PIN_RESET))
    yield Specimen("密码不知道写成没有 · 中心已记下", of(told))


def lists(table: Rules) -> Iterator[Specimen]:
    """A unit's lists."""
    made = slips(table)
    yield Specimen("批量新办", made.batch(LIST, part(), unit="示例科技有限公司"))
    yield Specimen(
        "批量新办 · 三份 · 日子不确定",
        made.batch(LIST, *(part(n, left_out=0, due_sure=False) for n in (1, 2, 3)), reprint=True),
    )
    yield Specimen("名单错误清单", made.errors(ERRORS, 120, NOW))


def elsewhere(table: Rules) -> Iterator[Specimen]:
    """The referrals of every service, for whoever comes for themselves."""
    return referrals(table, (Applicant.SELF,))


def referrals(table: Rules, kinds: Iterable[Applicant] = Applicant) -> Iterator[Specimen]:
    """The referrals of every service, for everybody."""
    for service in Service:
        for kind in kinds:
            slip = refer(table, service, kind, Refusal("F49"))
            yield Specimen(f"不在本机 · {table.words[service].zh} · {kind.zh}", slip)


def refer(table: Rules, service: Service, kind: Applicant, why: Refusal) -> Document:
    """A referral of whoever stands there."""
    return slips(table).referral(service, {"who": kind}, why, NOW)


def other_referrals(table: Rules) -> Iterator[Specimen]:
    """Referrals to another service, to no window, to the telephone; lists of materials."""
    made, new = slips(table), Service.NEW_INDIVIDUAL
    for kind in (Applicant.AGENT_ADULT, Applicant.AGENT_MINOR, Applicant.UNIT_CLERK):
        slip = refer(table, Service.PIN_CHANGE, kind, Refusal("F49"))
        yield Specimen(f"密码修改 · {kind.zh}", slip)
    for code in ("F12", "F13", "F14", "F03"):
        slip = refer(table, new, Applicant.SELF, Refusal(code, "1.1.2"))
        yield Specimen(f"{code} · 新办", slip)
    for service in (new, Service.PIN_RESET, Service.NEW_BATCH):
        clerk = service is Service.NEW_BATCH
        kind = Applicant.UNIT_CLERK if clerk else Applicant.AGENT_ADULT
        slip = made.materials(service, {"who": kind}, NOW)
        yield Specimen(f"材料清单 · {table.words[service].zh} · {kind.zh}", slip)
    for kind in (Applicant.SELF, Applicant.AGENT_ADULT):
        slip = refer(table, Service.LOSS_REPORT, kind, Refusal("F32"))
        yield Specimen(f"网络中断时的挂失 · {kind.zh}", slip)


def specimens(table: Rules) -> Iterator[Specimen]:
    """Every slip there is."""
    for chapter in CHAPTERS.values():
        yield from chapter(table) if chapter is not elsewhere else referrals(table)


CHAPTERS = {
    "Taken": taken,
    "Taken, with more to say": variants,
    "Not known yet": unknown,
    "Lists of units": lists,
    "Not here": elsewhere,
    "Not here, and otherwise": other_referrals,
}

HEAD = """# Every slip

Made by `python -m tests.kiosk.slips_page > docs/slips.md`; do not edit. A slip is a row of blocks
(`regulation/vouchers/`), read from a request and its answer (`kiosk/slips.py`), laid out once for screen,
raster and text (`hardware/printer/layout.py`). Here it is as on 80 mm paper; `█` begins a line in double
size, `▌` a bold one. People are specimens. Referrals name the papers of whoever stands there; shown are
those of whoever comes for themselves, and a few others.
"""


def page(table: Rules) -> str:
    """The whole page as Markdown."""
    chapters = (f"\n## {name}\n{_chapter(make(table))}" for name, make in CHAPTERS.items())
    return HEAD + "".join(chapters)


def text(slip: Document, dots: int = 576) -> str:
    """A slip as lines of a fixed pitch, 12 dots a column."""
    return "\n".join(_line(item, dots).rstrip() for item in layout.rows(slip, dots))


def words(slip: Document) -> list[str]:
    """Every word of a slip, and the data of its codes, as it is told."""
    found: list[str] = []
    for block in slip:
        match block:
            case Text():
                found.append(block.text)
            case Pair(label, value):
                found += [label, value]
            case Qr():
                found.append(block.data)
            case Rule() | Feed():
                pass
    return found


def _chapter(found: Iterator[Specimen]) -> str:
    return "".join(f"\n### {name}\n```\n{text(slip)}\n```\n" for name, slip in found)


def _line(item: layout.Item, dots: int) -> str:
    match item:
        case layout.Row():
            line = ""
            for x, piece in item.pieces:
                line += " " * ((x - layout.width(line)) // layout.HALF) + piece
            mark = "█ " if item.size == 2 else "▌ " if item.bold else ""
            return mark + line
        case Rule():
            return "-" * (dots // layout.HALF)
        case Qr():
            return f"[QR {item.data}]"
        case Feed():
            return ""


def _wish(service: Service) -> dict[str, object]:
    replaced = service is Service.REPLACE_INDIVIDUAL
    return {"reason": "lost", "portrait": "keep"} if replaced else {}


def _sentence(why: Refusal) -> str:
    return f"这里写明不能在本机办理的原因（{why.code}）"


if __name__ == "__main__":
    sys.stdout.write(page(rules()))
