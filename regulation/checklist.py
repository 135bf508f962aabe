"""A cell of the table in plain words: which way there is, what to bring to it, where it is."""

from regulation.cells import Applicant, Cell, Channel
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
    return tuple(lines)


def _any_of(papers: tuple[Paper, ...]) -> str:
    names = "、".join(paper.zh for paper in papers)
    return f"{names}原件" + ("（任带一种）" if len(papers) > 1 else "")
