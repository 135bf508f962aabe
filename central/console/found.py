"""Which case a clerk means: by the code on a voucher, its number, or a query slip's code."""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.applications.codes import VoucherCodes, is_code
from central.applications.records import Application, find
from central.problems import Kind, ProblemError
from regulation.vouchers import is_voucher_number, query_code

_QUERY = re.compile(r"([0-9A-F]{4})-?([0-9A-F]{4})-?([0-9A-Z])")


def voucher_of(session: Session, codes: VoucherCodes, text: str) -> str:
    """The voucher number of what was scanned or typed.

    Raises `VOUCHER_FORGED` for a code this centre never gave, `VOUCHER_UNKNOWN` for anything else
    that leads nowhere.
    """
    text = text.strip()
    if "|" in text:
        known = codes.read(text) if is_code(text) else None
        if known is None:
            raise ProblemError(Kind.VOUCHER_FORGED)
        text = known
    typed = text.upper().replace(" ", "")
    if is_voucher_number(typed):
        if find(session, typed) is None:
            raise ProblemError(Kind.VOUCHER_UNKNOWN)
        return typed
    if (asked := _QUERY.fullmatch(typed)) and (voucher := _by_query_code(session, asked)):
        return voucher
    raise ProblemError(Kind.VOUCHER_UNKNOWN, reason_zh=_why(typed))


def _by_query_code(session: Session, asked: re.Match[str]) -> str | None:
    """The case whose key begins as the code on a query slip (业务查询单) says."""
    start = (asked[1] + asked[2]).lower()
    if query_code(start)[-1] != asked[3]:
        return None
    rows = select(Application.voucher_no).where(
        Application.key >= start, Application.key < start + "~"
    )
    found = list(session.scalars(rows.limit(2)))
    return found[0] if len(found) == 1 else None


def _why(typed: str) -> str:
    if typed.startswith("CQ"):
        return "凭证号不对，请核对每一位，最后一位是校验位"
    return "没有这个凭证，请核对凭证号或重新扫描"
