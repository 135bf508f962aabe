"""The home screen, which is the attract screen too: nobody's data, every way in."""

from kiosk.services.attendant import ENTRY
from kiosk.services.catalogue import HERE, begin
from kiosk.services.closed import Closed
from kiosk.services.menu import MENU, TURN, Turn
from kiosk.services.needs import Need, offered
from kiosk.visit import Begin, Resume
from regulation.rules import Service
from screens.failure_words import FAILURES
from screens.scene import Scene
from screens.view import Button, Choice, Dialog, Row, View
from screens.words import N_

TILES: tuple[tuple[Service, str, str, str], ...] = (
    (Service.NEW_INDIVIDUAL, N_("新办社保卡"), N_("首次申领，免费"), "credit-card"),
    (Service.REPLACE_INDIVIDUAL, N_("补领 · 换领"), N_("丢失、损坏、到期"), "arrow-left-right"),
    (Service.PIN_CHANGE, N_("修改密码"), N_("须本人办理"), "key-round"),
    (Service.PIN_RESET, N_("重置密码"), N_("忘记或已锁定"), "rotate-ccw"),
    (Service.LOSS_REPORT, N_("挂失"), N_("立即停用"), "ban"),
    (Service.LOSS_CANCEL, N_("解除挂失"), N_("找到卡片后恢复"), "circle-check"),
    (Service.NEW_BATCH, N_("单位批量新办"), N_("经办人凭材料办理"), "users"),
)
"""The services in the order of the drawing. Those this kiosk does not do yet end in a referral."""

PAPER_TROUBLES: dict[str, str] = {
    "unread": N_("没有读到身份证。请拿起来，再平放到亮灯处，停留两秒。"),
    "wrong_paper": N_("这种证件不能放在这里读。请按“新办社保卡”，再选您的证件。"),
    "reader_broken": N_("身份证阅读器暂时不能用，请到服务窗口办理。"),
}
"""Why a paper on the reader begins nothing, by the progress of the work at home."""

CLOSED_FOR: dict[str, str] = {
    "maintenance": N_("工作人员正在维护这台机器"),
    "device": N_("有设备坏了，正在等人来修"),
    "paper": N_("打印纸用完了，正在换"),
    "network": N_("网络不通，正在等待恢复"),
    "hours": N_("今天的服务时间已经结束"),
}
"""Why the kiosk is out of service (`kiosk.services.closed.REASONS`)."""

ONLY_AT_WINDOW = N_("到窗口办理")
PAUSED, NO_NETWORK = N_("暂停，请到窗口"), N_("网络不通，请到窗口")
"""What a service is said to be that cannot be finished here now, or is off (`[service] off`)."""

NETWORK_LOST = N_("网络不通，正在等待恢复。急着办，请到服务窗口。")
READER_LOST = N_("身份证阅读器暂时不能用，写着“请到窗口”的业务请到服务窗口办。")
OTHER_PAPERS = N_(
    "身份证阅读器暂时不能用。能用别的证件的，可以在这里办；只带了身份证的，请到窗口。"
)
"""The same, where every service can still be finished by somebody."""


def body(scene: Scene) -> View:
    """The home screen's view, or that of a kiosk out of service."""
    tr = scene.tr
    if scene.closed is not None:
        return _closed(scene, scene.closed)
    here = offered(scene.rules)
    some_paused = not HERE.keys() <= {*here}
    title, lead = _asked(scene, some_paused=some_paused)
    return View(
        screen="home",
        step="home",
        header="",
        place="",
        clock="",
        title=tr(title),
        lead=tr(lead),
        notice=tr(_notice(scene, some_paused=some_paused)),
        told=scene.told,
        choices=(*(_tile(scene, row, here) for row in TILES), _others(scene)),
        corners=_attendants(scene),
        dialog=_waiting(scene) or _helped(scene),
    )


def _asked(scene: Scene, *, some_paused: bool) -> tuple[str, str]:
    """What whoever stands there should do first, and what comes then."""
    if not {Need.CENTRE, Need.DISK, Need.ID_READER} & scene.lost:
        return N_("请把身份证放在亮灯处"), N_("放好后，只显示您现在能办的业务")
    if some_paused:
        return N_("请选择要办的业务"), N_("有的业务现在办不了，按下去就告诉您到哪里办")
    return N_("请选择要办的业务"), N_("选好后，会告诉您可以用哪些证件")


def _notice(scene: Scene, *, some_paused: bool) -> str:
    """The line below: of several the first."""
    if Need.CENTRE in scene.lost:
        return NETWORK_LOST
    if Need.ID_READER in scene.lost:
        return READER_LOST if some_paused else OTHER_PAPERS
    if scene.progress in PAPER_TROUBLES:
        return PAPER_TROUBLES[scene.progress]
    if scene.unclaimed:
        return N_("上一笔业务已受理。没拿到凭证？把同一张身份证放在亮灯处，可以补打。")
    if "F30" in scene.troubles:
        return N_("凭证打印暂停，办好后可用手机拍下屏幕上的凭证")
    return N_("本机不收费、不制卡，办好后持凭证到服务窗口领卡")


def _others(scene: Scene) -> Choice:
    """What the kiosk does not do is reached too, and ends in a slip that says where (F49)."""
    start = Begin(scene.services[MENU], {"today": scene.now.date(), TURN.name: Turn.ELSEWHERE})
    line = scene.tr(N_("启用、解锁、注销等"))
    return Choice("others", scene.tr(N_("其他业务")), start, line, "list-checks")


def _tile(scene: Scene, row: tuple[Service, str, str, str], here: tuple[Service, ...]) -> Choice:
    """A row of `TILES`, where just these services can be finished."""
    service, title, subtitle, icon = row
    start = begin(scene.services, scene.rules, service, scene.now.date())
    line = subtitle if service in HERE else ONLY_AT_WINDOW
    if service in HERE and service not in here:
        line = NO_NETWORK if Need.CENTRE in scene.lost else PAUSED
    return Choice(service, scene.tr(title), start, scene.tr(line), icon)


def _attendants(scene: Scene) -> Begin | None:
    """The way in for attendants: nothing shows it, and nobody is being served here."""
    known = {"today": scene.now.date()}
    busy = scene.recovering or scene.proving
    return None if busy else Begin(scene.services[ENTRY], known)


def _closed(scene: Scene, closed: Closed) -> View:
    """Out of service: why, and where to go instead."""
    tr = scene.tr
    known = CLOSED_FOR.get(closed.reason)
    own = closed.english if scene.language == "en" and closed.english else closed.reason
    instead = tr(N_("请用旁边的一体机，或到服务窗口，工作人员会帮您。"))
    return View(
        screen="notice",
        step="closed",
        header="",
        place="",
        clock="",
        title=tr(N_("本机暂停服务")),
        rows=(Row(tr(N_("原因")), tr(known) if known else own), Row(tr(N_("请您")), instead)),
        corners=_attendants(scene),
        dialog=_waiting(scene) or _helped(scene),
    )


def _helped(scene: Scene) -> Dialog | None:
    """F50 at home, where there is no visit to lay it over."""
    if not scene.helping:
        return None
    words, row = FAILURES["F50"], Button("way_cancel", scene.tr(N_("知道了")), Resume())
    return Dialog("F50", scene.tr(words.text), "", (row,))


def _waiting(scene: Scene) -> Dialog | None:
    """F45: what was open when the power went is settled before anybody else is served.

    So are the proofs that the kiosk works: whoever comes meanwhile waits for some seconds.
    """
    soon = scene.tr(N_("请稍等，马上就好。"))
    if scene.recovering:
        return Dialog("F45", scene.tr(N_("正在恢复上一笔业务")), soon)
    return Dialog("proving", scene.tr(N_("正在自检")), soon) if scene.proving else None
