"""A cell of the table in plain words: which way there is, what to bring to it, where it is."""

from regulation.cells import Applicant, Cell, Channel, Service
from regulation.papers import Paper

REGULATION = "重庆市第三代社保卡业务经办服务规程"
ENQUIRY = "023-12333"
PLACES = {
    Channel.WINDOW: "就近的社保卡服务窗口",
    Channel.KIOSK: "自助一体机",
    Channel.ONLINE: "手机登录“重庆人社”APP",
    Channel.PHONE: "拨打12333",
}
WHO = {
    Applicant.SELF: "由本人办理",
    Applicant.AGENT_ADULT: "可由代办人办理",
    Applicant.AGENT_MINOR: "可由代办人为未成年人办理",
    Applicant.UNIT_CLERK: "由单位经办人办理",
}
CALLED = {
    Applicant.SELF: "本人",
    Applicant.AGENT_ADULT: "代办人",
    Applicant.AGENT_MINOR: "代办人",
    Applicant.UNIT_CLERK: "经办人",
}
HOLDER = {
    Applicant.SELF: "本人",
    Applicant.AGENT_ADULT: "申办人",
    Applicant.AGENT_MINOR: "申办人（未成年人）",
    Applicant.UNIT_CLERK: "单位经办人",
}
PHOTOS = {
    "required": "1寸白底免冠登记照一张（必须）",
    "required_image": "1寸白底免冠登记照图片（必须）",
    "optional": "1寸白底免冠登记照一张（自愿）",
    "optional_image": "1寸白底免冠登记照图片（自愿）",
    "only_if_changing": "更换照片时，1寸白底免冠登记照一张",
    "only_if_adding_or_changing": "补充或更换照片时，1寸白底免冠登记照一张",
    "per_person(minor optional)": "每人1寸白底免冠登记照（未成年人可不提供）",
    "only_if_changing(minor optional)": "更换照片的，每人1寸白底免冠登记照（未成年人可不提供）",
}
CALLS = {
    Channel.WINDOW: "到就近的\n社保卡服务窗口",
    Channel.KIOSK: "在自助机上办理",
    Channel.ONLINE: "用“重庆人社”\n手机APP办理",
    Channel.PHONE: "拨打\n12333 办理",
}
FEES = "在窗口缴纳或抵扣，以窗口为准"
FILES = {
    Service.NEW_BATCH: "U盘：《制卡明细表》（模板可在窗口领取）、登记照、",
    Service.REPLACE_BATCH: "U盘：《补换卡明细表》（模板可在窗口领取）、",
}
SCANS = "身份证正反面扫描件（成年人）、户口簿本人页和增减页扫描件（未成年人）"
"""规程 1.2.1(1), 3.2.1."""
CARD_TOO = "密码写在卡里，请一定带上这张社保卡。"
"""Reading A11."""
NOTES = {
    Service.BATCH_TO_INDIVIDUAL: (
        "只能由申办人本人办理，未成年人可由家人陪同；单位已提交、还没有开始制卡时才能转。",
        "一般当场制卡领取。",
    ),
    Service.ACTIVATE: ("在窗口领的卡，窗口当场启用；单位批量领的卡，领取后96小时自动启用。",),
    Service.REPLACE_BATCH: ("名单只能交到服务窗口，本机不收。",),
    Service.INFO_CHANGE: ("可变更居住地址、联系电话等；由本人办理。",),
    Service.PIN_CHANGE: (
        "密码修改只能由本人办理；忘记原密码的，或由他人代办的，请办密码重置。",
        CARD_TOO,
    ),
    Service.PIN_RESET: ("密码输错被锁的，也可以重置。", CARD_TOO),
    Service.LOSS_REPORT: ("着急请先拨打12333电话挂失；银行账户另向银行挂失。",),
    Service.LOSS_CANCEL: ("电话不能解挂。",),
    Service.UNLOCK: ("只是密码输错被锁的，在自助机办理密码重置即可，不用到窗口。",),
    Service.STATUS_QUERY: ("已有凭证的，拨打12333报凭证号，可查办理进度。",),
    Service.CANCEL: ("卡内金融账户请另到银行办理。",),
    Service.ROLLBACK: ("注销后要恢复原卡的，由窗口核实后办理。",),
}
"""What a service's people ask next, a sentence each. Source: the clauses of the service."""


def call(cell: Cell, applicant: Applicant) -> str:
    """What to do, to whoever stands here, in lines of at most eight characters.

    Another person than the one who stands here is named first (请本人).
    """
    who = "" if cell.applicant is applicant else f"{CALLED[cell.applicant]}\n"
    return f"请{who}{CALLS[cell.channel]}"


def notes(cell: Cell) -> tuple[str, ...]:
    """What to know of a cell's service before the way is made."""
    return NOTES.get(cell.service, ())


def way(cell: Cell) -> str:
    """Where a cell is done and by whom (就近的社保卡服务窗口，由本人办理)."""
    return f"{PLACES[cell.channel]}，{WHO[cell.applicant]}"


def bring(cell: Cell) -> tuple[str, ...]:
    """What to bring, a line each: the holder's paper, the agent's, the photo. Empty if refused."""
    lines = [
        f"{whose}：{_any_of(papers)}"
        for whose, papers in ((HOLDER[cell.applicant], cell.papers), ("代办人", cell.agent_papers))
        if papers
    ]
    if photo := PHOTOS.get(cell.photo):
        lines.append(photo)
    if files := FILES.get(cell.service) if cell.allowed else None:
        lines.append(files + SCANS)
    return tuple(lines)


def _any_of(papers: tuple[Paper, ...]) -> str:
    names = "、".join(paper.zh for paper in papers)
    return f"{names}原件" + ("（任带一种）" if len(papers) > 1 else "")
