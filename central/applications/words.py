"""What a citizen reads of a case: where it stands, and what to do next."""

from central.applications.schemas import Progress
from central.applications.states import CaseState

_S = CaseState

PROGRESS = {
    _S.DRAFT: ("还没有提交", "not submitted yet"),
    _S.SUBMITTED: ("已提交，等待窗口受理", "submitted, waiting for the window"),
    _S.REVIEW: ("窗口正在审核", "being looked at by the window"),
    _S.REJECTED: ("已退回，请按窗口告知的原因补齐材料后重新申请", "sent back; please apply again"),
    _S.ACCEPTED: ("已受理，等待制卡", "accepted, the card will be made"),
    _S.DATA_GENERATED: ("已受理，等待制卡", "accepted, the card will be made"),
    _S.IN_PRODUCTION: ("正在制卡", "the card is being made"),
    _S.FAILED: ("制卡遇到问题，工作人员正在重新制作", "the card is being made once more"),
    _S.READY: ("卡已制好，请带证件原件领取", "the card is ready; bring your original papers"),
    _S.ISSUED: ("卡已领取，请启用后使用", "the card was handed over; activate it before use"),
    _S.ENABLED: ("卡已启用，可以使用", "the card is activated and can be used"),
    _S.DONE: ("已办结", "done"),
    _S.WITHDRAWN: ("已撤销", "withdrawn"),
}
"""In Chinese and in English; no term and no place, which the voucher tells."""


def progress(state: str) -> Progress:
    """A case's state in a citizen's words."""
    zh, en = PROGRESS[CaseState(state)]
    return Progress(state=state, progress_zh=zh, progress_en=en)
