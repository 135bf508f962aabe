"""What the person is told when something stands in the way: the sentence, and what to do now.

The codes are those of `kiosk.services.failures`. `{detail}` is a date, a voucher number or a
reason; `{n}` seconds.
"""

from collections.abc import Callable
from typing import NamedTuple

from kiosk.services.failures import Way
from kiosk.services.referral import CLERK, OWN, OWN_OR_AGENT
from screens.words import N_


class FailureWords(NamedTuple):
    """`text` says what is the matter, `cure` what to do now, `referral` what to do elsewhere.

    Without a `referral` the cure says it already.
    """

    text: str
    cure: str = ""
    referral: str = ""

    @property
    def elsewhere(self) -> str:
        """What to do once it cannot be done here."""
        return self.referral or self.cure


AT_WINDOW = N_("请带证件原件到服务窗口，工作人员会帮您。")

FAILURES: dict[str, FailureWords] = {
    "F01": FailureWords(
        N_("还没有看到身份证"), N_("请把身份证平放在亮灯处，保持两秒。"), AT_WINDOW
    ),
    "F02": FailureWords(
        N_("没有读到身份证"), N_("请拿起来，再平放到亮灯处，停留两秒。"), AT_WINDOW
    ),
    "F03": FailureWords(
        N_("证件已于 {detail} 到期"), N_("请先换领新证件；急用请带有效证件到服务窗口。")
    ),
    "F04": FailureWords(N_("号码好像不对"), N_("请对照证件，再输入一次。"), AT_WINDOW),
    "F05": FailureWords(
        N_("这张卡不是要办的那一张"), N_("请改用身份证，再办一次；也可以带身份证到服务窗口。")
    ),
    "F06": FailureWords(
        N_("代办人不能和申办人是同一个人"),
        N_("请换上代办人自己的身份证；给自己办，请按“改为本人办理”。"),
        AT_WINDOW,
    ),
    "F07": FailureWords(N_("代办人要年满 18 周岁"), N_("请换一位成年人来代办。"), AT_WINDOW),
    "F08": FailureWords(
        N_("这种证件不能在这里用"),
        N_("请换一种能用的证件，要原件。"),
        N_("请带能用的证件原件，再来办理；没有的，到服务窗口问一问。"),
    ),
    "F10": FailureWords(N_("拍照设备暂时不能用"), N_("可以改为扫描您带的纸质照片。"), AT_WINDOW),
    "F11": FailureWords(N_("照片{detail}"), N_("请站到亮一点的地方，看着镜头，别动。"), AT_WINDOW),
    "F12": FailureWords(N_("您已有有效的社保卡"), N_("卡丢了、坏了，请到服务窗口办理补领或换领。")),
    "F13": FailureWords(
        N_("单位已经为您批量申领"),
        N_("不用再办。急用时请本人带身份证原件，到服务窗口办理“批量转零星”。"),
    ),
    "F14": FailureWords(
        N_("您的卡正在制作"), N_("做好后由单位通知您领取，不用再办。预计日期：{detail}。")
    ),
    "F15": FailureWords(
        N_("没有查到您的参保信息"), N_("请带身份证原件到服务窗口核实，工作人员会帮您。")
    ),
    "F16": FailureWords(
        N_("这张社保卡已经挂失了"), N_("要新卡，可以办补领；卡找到了，可以解除挂失。")
    ),
    "F17": FailureWords(N_("临时挂失到期，已经自动解除"), N_("卡可以正常使用，不用再办解除挂失。")),
    "F18": FailureWords(
        N_("已经办了补卡，旧卡不能再用"),
        N_("请用新卡。新卡还没领、旧卡又找到了的，请先到服务窗口撤销补卡。"),
    ),
    "F19": FailureWords(
        N_("这张社保卡已经注销"), N_("要用卡，请重新申领；不清楚的，请到服务窗口查询。")
    ),
    "F20": FailureWords(
        N_("这张社保卡还没有启用"), N_("请到服务窗口启用，也可以在“重庆人社”APP 启用。")
    ),
    "F31": FailureWords(
        N_("凭证没有打出来，业务已经成功"), N_("可以用手机拍下屏幕上的凭证，也可以请工作人员补打。")
    ),
    "query_not_printed": FailureWords(
        N_("查询单没有打出来，您的资料已安全保存"),
        N_("可以再打一次，也可以用手机拍下屏幕上的查询单。"),
    ),
    "F32": FailureWords(
        N_("网络中断，您的资料已安全保存"), N_("请稍等；也可以打印查询单，先回去等结果。")
    ),
    "F33": FailureWords(N_("正在确认结果"), N_("请不要重复办理。可以再等一等，也可以打印查询单。")),
    "F34": FailureWords(N_("这次没有办成{detail}"), N_("请带证件原件到服务窗口，工作人员会帮您。")),
    "F35": FailureWords(N_("系统正忙"), N_("请稍后再试；急用请到服务窗口。"), AT_WINDOW),
    "F36": FailureWords(N_("您还在吗？"), N_("{n} 秒后返回首页，您的资料会清除。")),
    "F37": FailureWords(N_("请取回您的证件"), N_("证件还在亮灯处，取走后就可以离开。")),
    "F38": FailureWords(N_("发现遗留证件"), N_("请联系工作人员取走证件。")),
    "F39": FailureWords(
        N_("签名太短了"), N_("请在框里写下您的名字；不方便写，可以到窗口签字。"), AT_WINDOW
    ),
    "F40": FailureWords(N_("今天的代办次数已达上限"), N_("请到服务窗口办理。")),
    "paper_lacking": FailureWords(
        N_("没有能用的证件，这里办不了"),
        N_("请带现有的证件原件，比如户口簿、护照、通行证，到服务窗口，工作人员会帮您想办法。"),
    ),
    "card_locked": FailureWords(
        N_("这张社保卡已经锁定"), N_("请带身份证原件到服务窗口，由工作人员解锁。")
    ),
    "card_unknown": FailureWords(
        N_("没有查到这张社保卡"), N_("可能不是申办人的卡。请改用身份证再办一次，或到服务窗口查询。")
    ),
    "no_card": FailureWords(
        N_("申办人名下没有社保卡"), N_("没办过卡的，可以新办；办过的，请到服务窗口查询。")
    ),
    "not_this_way": FailureWords(
        N_("这项业务只能由{detail}办理"),
        N_("请看下面的办法；带好材料，到服务窗口也会有人帮您。"),
    ),
    "F49": FailureWords(N_("这项业务请到服务窗口办理"), N_("请带好下面的材料，到服务窗口。")),
    "F50": FailureWords(
        N_("需要帮忙，请找工作人员"), N_("请到服务台叫一声。您的资料不会丢，可以接着办。")
    ),
    "application_open": FailureWords(
        N_("您已经申请过了，凭证号 {detail}"), N_("请带凭证和证件原件，到服务窗口等待制卡。")
    ),
    "phone_format": FailureWords(
        N_("手机号码好像不对"),
        N_("手机号码是 11 位，以 1 开头；座机请连区号 023 一起按。"),
        AT_WINDOW,
    ),
    "page_camera": FailureWords(
        N_("拍摄台暂时不能用"), N_("请再试一次；还是不行，请到服务窗口。"), AT_WINDOW
    ),
    "slip_not_printed": FailureWords(
        N_("提示单没有打出来"), N_("可以再打一次；也可以直接到服务窗口，工作人员会帮您。")
    ),
    "screen_failed": FailureWords(
        N_("对不起，这台机器刚才出错了"),
        N_("已经提交的业务不会丢，没提交的请重新办；还是不行，请到服务窗口。"),
    ),
}

REASONS: dict[str, str] = {
    "too_dark": N_("太暗"),
    "too_bright": N_("太亮"),
    "blurred": N_("不够清楚"),
    OWN: N_("本人"),
    OWN_OR_AGENT: N_("本人或代办人"),
    CLERK: N_("单位经办人"),
}
"""What a detail stands for: what is wrong with a picture, for whom a service is."""

WAYS: dict[Way, str] = {
    Way.AGAIN: N_("再试一次"),
    Way.WAIT: N_("再等一等"),
    Way.OTHER_PAPER: N_("用别的证件"),
    Way.SELF: N_("改为本人办理"),
    Way.HOME: N_("返回首页"),
    Way.WINDOW: N_("换人工窗口"),
    Way.SLIP: N_("打印提示单"),
    Way.SCAN: N_("扫描纸质照片"),
    Way.SIGN_AT_WINDOW: N_("到窗口签字"),
    Way.HELD: N_("打印查询单"),
    Way.ON_SCREEN: N_("看屏幕上的凭证"),
    Way.STILL_HERE: N_("我还在"),
    Way.FINISH: N_("结束办理"),
    Way.CANCEL: N_("接着办"),
    Way.RESTART: N_("重新开始"),
}
"""The words on the button of each way out."""


def told(detail: str, tr: Callable[[str], str] = str) -> str:
    """A detail as it stands in a sentence: a reason by its words, anything else as it is."""
    return tr(REASONS[detail]) if detail in REASONS else detail
