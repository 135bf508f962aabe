"""What an order of a service must hold beyond its papers: each refusal says what is missing."""

from collections.abc import Callable

from central.applications.schemas import Order
from central.problems import Kind, ProblemError
from regulation.rules import Cell, Channel

Need = Callable[[Order, Cell], None]


def bank(order: Order, cell: Cell) -> None:
    """A new card has an account at a bank of the holder's choice (reading A24)."""
    if order.bank is None:
        raise _missing(cell, "bank", "请选择制卡银行")


def pages(order: Order, cell: Cell) -> None:
    """Online the papers are uploaded, the agent's too (规程 1.1.2(3), reading A2)."""
    if order.channel is not Channel.ONLINE:
        return
    kinds = {picture.kind for picture in order.images}
    if "applicant_page" not in kinds:
        raise _missing(cell, "applicant_page", "请上传申办人证件照片")
    if order.agent is not None and "agent_page" not in kinds:
        raise _missing(cell, "agent_page", "请上传代办人证件照片")


def delivery(order: Order, cell: Cell) -> None:
    """Who applies online chooses the mail or an outlet (规程 1.1.3(2)); others come to a window."""
    if order.channel is Channel.ONLINE and order.delivery is None:
        raise _missing(cell, "delivery", "请选择邮寄或到网点领取")
    if order.channel is not Channel.ONLINE and order.delivery is not None:
        detail = "Cards applied for at a window or a kiosk are handed out at a window."
        raise ProblemError(Kind.INVALID, detail, clause=cell.clause)


def reason(order: Order, cell: Cell) -> None:
    """Why the card is replaced decides whether it must be reported lost first."""
    if order.reason is None:
        raise _missing(cell, "reason", "请选择补换卡原因")


def contact(order: Order, cell: Cell) -> None:
    """An address or a phone number, or both (规程 4.1)."""
    if order.phone is None and order.address is None:
        raise _missing(cell, "phone", "请填写要变更的手机号码或地址")


def members(order: Order, cell: Cell) -> None:
    """Whose cards a unit's clerk has activated (规程 2.1(2))."""
    if not order.members:
        raise _missing(cell, "members", "请列出要启用社保卡的人员")


def batch_route(_order: Order, cell: Cell) -> None:
    """A batch has a list; it is taken at its own route."""
    reason_zh = "批量业务请提交批次清单"
    raise ProblemError(Kind.BATCH_INTAKE, clause=cell.clause, reason_zh=reason_zh)


def _missing(cell: Cell, field: str, reason_zh: str) -> ProblemError:
    detail = f"Send {field}."
    return ProblemError(
        Kind.ORDER_INCOMPLETE, detail, clause=cell.clause, reason_zh=reason_zh, missing=field
    )
