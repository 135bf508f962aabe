"""A certificate on a sheet of A4, for a folder in the office: Chinese first, then English.

It is made of the JSON and proves nothing by itself: its QR code and its last lines are the digests
of the certificate and of its signature, to hold against the file (`certificates verify`).
"""

import hashlib
import io
import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import segno
from fpdf import FPDF
from PIL import ImageFont

from hardware.printer.raster import FONTS, MissingFont
from kiosk.readiness.certificate import Certificate, read
from kiosk.readiness.proof import Degree

FACE = "Noto Sans CJK SC"
LEFT, WIDE = 18.0, 174.0
"""Millimetres."""
COLUMNS = (66.0, 38.0, 16.0, 54.0)

PROOFS: dict[str, str] = {
    "print": "打印自检单 Print a test slip",
    "read_back": "摄像头读回自检单 Read the slip back",
    "id_reader": "身份证阅读器 ID card reader",
    "social_card": "社保卡读卡器 Social card reader",
    "camera": "人像摄像头 Portrait camera",
    "document_camera": "证件摄像头 Document camera",
    "pin_pad": "密码键盘 PIN pad",
    "media": "U 盘接口 USB stick port",
    "auxiliaries": "指示灯 Lamps",
    "sound": "声音 Sound",
    "disk": "磁盘 Disk",
    "centre": "连接中心 Centre",
    "clock": "时钟 Clock",
}
DEGREES: dict[Degree, str] = {
    Degree.PROVEN: "已证明 Proven",
    Degree.LOOKED: "已查看 Looked at",
    Degree.FAILED: "不通过 Failed",
    Degree.ABSENT: "无 Absent",
}
WHY: dict[str, str] = {
    "start": "开机 Start",
    "daily": "每天 Daily",
    "again": "复查 Tried again",
    "asked": "工作人员 Asked by an attendant",
}
REASONS: dict[str, str] = {
    "printed_today": "今天已打印",
    "not_asked": "设置为不打印",
    "switched_off": "设置为不用",
    "no_slip": "没有自检单",
    "not_begun": "没有轮到",
    "not_read_back": "没有读出",
    "no_paper": "没有放证件",
    "no_sam_number": "没有报出编号",
    "no_card": "没有插卡",
    "no_key": "没有按键",
    "occupied": "里面有东西",
    "no_stick": "没有插 U 盘",
    "not_seen": "没有人看到",
    "no_microphone": "没有麦克风",
    "not_heard": "没有听到",
    "dark": "画面是黑的",
    "frozen": "画面不动",
    "disk_full": "磁盘已满",
    "disk_low": "磁盘快满",
    "not_written": "写不进去",
    "unreachable": "连不上",
    "no_answer": "没有回答",
    "no_centre": "连不上中心",
    "clock_off": "时间不对",
    "paper_out": "没有纸",
    "media_jam": "卡纸或卡片",
    "no_device": "没有找到",
    "time_out": "没有回答",
    "camera_inoperable": "没有画面",
}
"""What most reasons mean; the code stands beside, and alone where it is a rarer one."""


def lines(certificate: Certificate, signed: bool) -> Iterator[tuple[str, str]]:  # noqa: FBT001
    """What stands above the table: a label and what it says."""
    failed = certificate.failed
    verdict = "全部可用 Everything works"
    if failed:
        names = "、".join(PROOFS.get(each.proof, each.proof).split()[0] for each in failed)
        verdict = f"{len(failed)} 项不通过 {len(failed)} failed：{names}"
    yield "结论 Result", verdict
    yield "一体机 Kiosk", certificate.kiosk
    yield "时间 Time", f"{certificate.at:%Y-%m-%d %H:%M:%S %z}"
    yield "原因 Occasion", WHY.get(certificate.why, certificate.why)
    yield "程序 Program", f"{certificate.version}　{certificate.program[:16]}"
    yield "配置 Configuration", str(certificate.revision)
    yield "签名 Signed", "有 Yes" if signed else "没有：本机未登记 No: the kiosk is not enrolled"


def rows(certificate: Certificate) -> Iterator[tuple[str, str, str, str]]:
    """The table: what, how far, in how many milliseconds, and why."""
    for each in certificate.proofs:
        known = REASONS.get(each.reason, "")
        reason = f"{known} {each.reason}".strip()
        yield PROOFS.get(each.proof, each.proof), DEGREES[each.degree], str(each.ms), reason


def digests(data: bytes) -> tuple[str, str]:
    """SHA-256 of the signed JSON (of what a file shows) and of its JWS; "" for none."""
    file = json.loads(data)
    shown = json.dumps(file["certificate"], ensure_ascii=False, separators=(",", ":"))
    jws = file["jws"]
    return _sha256(shown), _sha256(jws) if jws else ""


def pdf(data: bytes, *, compress: bool = True) -> bytes:
    """The sheet of a certificate's file. Raises ValueError for what is none, and `MissingFont`."""
    certificate, (digest, jws) = read(data), digests(data)
    page = FPDF()
    page.set_compression(compress)
    page.set_creation_date(certificate.at)
    page.set_title(f"{certificate.kiosk} {certificate.at:%Y-%m-%d %H:%M}")
    page.set_margins(LEFT, LEFT)
    page.set_auto_page_break(auto=False)
    page.add_page()
    page.add_font("sc", fname=FONTS / "NotoSansCJK-Regular.ttc", collection_font_number=_index())
    _head(page, certificate, digest, signed=bool(jws))
    _table(page, certificate)
    _foot(page, digest, jws)
    return bytes(page.output())


def _head(page: FPDF, certificate: Certificate, digest: str, *, signed: bool) -> None:
    code = io.BytesIO()
    segno.make(digest, error="m").save(code, kind="png", scale=8, border=4)
    page.image(code, x=LEFT + WIDE - 40, y=LEFT, w=40)
    page.set_font("sc", size=22)
    page.cell(h=12, text="自检证书", new_x="LMARGIN", new_y="NEXT")
    page.set_font("sc", size=12)
    page.cell(h=8, text="Readiness certificate", new_x="LMARGIN", new_y="NEXT")
    page.ln(4)
    page.set_font("sc", size=10)
    for label, told in lines(certificate, signed):
        page.cell(w=44, h=7, text=label)
        page.cell(h=7, text=told, new_x="LMARGIN", new_y="NEXT")
    page.ln(5)


def _table(page: FPDF, certificate: Certificate) -> None:
    head = ("项目 Item", "结果 Result", "毫秒 ms", "说明 Reason")
    page.set_draw_color(150)
    page.set_font("sc", size=9)
    for cells in (head, *rows(certificate)):
        for width, text in zip(COLUMNS, cells, strict=True):
            page.cell(w=width, h=8, text=text, border="B")
        page.ln()
    page.ln(4)


def _foot(page: FPDF, digest: str, jws: str) -> None:
    page.set_font("sc", size=8)
    told = (
        "已证明：做了一遍，看到了结果。已查看：设备自己说正常，没有实际用过。",
        "Proven: it was done, and the result seen. Looked at: the device says that it is well.",
        f"JSON SHA-256 {digest}",
        f"JWS SHA-256 {jws or '—'}",
    )
    for line in told:
        page.cell(h=5, text=line, new_x="LMARGIN", new_y="NEXT")


def _index() -> int:
    """Which face of the collection has the Simplified Chinese forms."""
    path = FONTS / "NotoSansCJK-Regular.ttc"
    for index in count():
        try:
            name = ImageFont.truetype(path, 10, index).getname()[0]
        except OSError as error:  # no such file, or no more faces in it
            raise MissingFont(f"no face {FACE!r} in {path}: install fonts-noto-cjk") from error
        if name == FACE:
            return index
    raise AssertionError  # count() does not end


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def make(path: Path) -> bytes:
    """The sheet of the certificate in a file. Raises OSError, ValueError and `MissingFont`."""
    return pdf(path.read_bytes())
