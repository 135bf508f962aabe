"""What the person is told when something stands in the way: the sentence, and what to do now.

The codes are those of `kiosk.services.failures`. `{detail}` is a date, a voucher number or a
reason; `{n}` seconds.
"""

from collections.abc import Callable
from typing import NamedTuple

from kiosk.services.failures import Way
from kiosk.services.referral import CLERK, OWN, OWN_OR_AGENT
from screens.words import N_
from screens.words.attendant import HOPS


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
    "F09": FailureWords(
        N_("未能确认是您本人"),
        N_("请换上您自己的证件，再办一次；没有带的，请到服务窗口。"),
        N_("请带您自己的证件原件到服务窗口，由工作人员核对。"),
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
    "F21": FailureWords(
        N_("密码不对，还可以再试 {detail} 次"),
        N_("请想一想，再按一次；忘了密码，可以马上重置。"),
        N_("请带身份证和社保卡，重置密码。"),
    ),
    "F22": FailureWords(
        N_("社保卡密码已锁定"), N_("重置密码，卡马上就能用。请带社保卡，在本机或服务窗口办理。")
    ),
    "F23": FailureWords(
        N_("这个密码容易被猜到"),
        N_("{detail}，请换一个。"),
        N_("请换一个别人猜不到的密码，再办一次。"),
    ),
    "F24": FailureWords(
        N_("两次输入的不一样"), N_("请重新设新密码，两次按一样的。"), N_("请再办一次。")
    ),
    "F25": FailureWords(
        N_("请重新插入刚才的卡"),
        N_("卡刚才被取出来了。插回去，马上核对密码改没改。"),
        N_("请带社保卡和身份证到服务窗口，核对密码；也可以在本机重置密码。"),
    ),
    "F26": FailureWords(
        N_("正在核实，请勿重复操作"),
        N_("读卡器断了一下。请不要取卡，稍等再核对。"),
        N_("请带社保卡和身份证到服务窗口，核对密码；也可以在本机重置密码。"),
    ),
    "F27": FailureWords(
        N_("芯片读不出来"),
        N_("请取出卡，芯片朝上，再插一次。"),
        N_("卡的芯片可能坏了，请换领新卡。"),
    ),
    "F28": FailureWords(N_("这是外省市的社保卡"), N_("请到发卡地办理，本机办不了。")),
    "card_not_ours": FailureWords(
        N_("这不是社保卡"), N_("请插入社会保障卡，芯片朝上。"), AT_WINDOW
    ),
    "card_bank_only": FailureWords(
        N_("这是银行卡，不是社保卡"), N_("请插入社会保障卡，芯片朝上。"), AT_WINDOW
    ),
    "card_not_genuine": FailureWords(
        N_("这张卡没有通过验证"), N_("请带身份证和这张卡到服务窗口，请工作人员核对。")
    ),
    "other_holder": FailureWords(
        N_("证件和社保卡不是同一个人的"), N_("请换成本人的社保卡。"), AT_WINDOW
    ),
    "card_needed": FailureWords(
        N_("改密码要用社保卡"), N_("请带社保卡再来；卡丢了，可以办挂失和补领。")
    ),
    "card_reader": FailureWords(
        N_("读卡器暂时不能用"), N_("请再试一次；还是不行，请到服务窗口。"), AT_WINDOW
    ),
    "pin_pad": FailureWords(
        N_("密码键盘暂时不能用"), N_("请再试一次；还是不行，请到服务窗口。"), AT_WINDOW
    ),
    "pin_last_try": FailureWords(
        N_("只剩最后一次，先不要再试"), N_("再错一次，密码就锁定了。忘了密码，可以直接重置。")
    ),
    "pin_forgotten": FailureWords(
        N_("忘了密码，可以重置"), N_("不用原来的密码，插着社保卡就能设新密码。")
    ),
    "pin_kept": FailureWords(
        N_("密码没有改成，还是原来的"), N_("卡没有写进去，可以再写一次。"), AT_WINDOW
    ),
    "pin_lost": FailureWords(N_("请重新办理"), N_("机器刚才重新启动过，密码没有改，还是原来的。")),
    "reset_offline": FailureWords(
        N_("连不上系统，现在不能重置"),
        N_("重置密码要联网办理。请稍后再试，密码还是原来的。"),
        AT_WINDOW,
    ),
    "code_wrong": FailureWords(
        N_("验证码不对，或者已过期"),
        N_("请向持卡人核对，再按一次。"),
        N_("请和持卡人联系好，再来办理；持卡人本人来办，不用验证码。"),
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
    "reminded": FailureWords(N_("请取回您的{detail}")),
    "F37": FailureWords(N_("请取回您的{detail}"), N_("取走后就可以离开。")),
    "called": FailureWords(N_("请取回您的{detail}"), N_("已经通知工作人员，马上就来。")),
    "F38": FailureWords(N_("有人忘了{detail}"), N_("已经登记保管。请找工作人员取走。")),
    "F39": FailureWords(
        N_("签名太短了"), N_("请在框里写下您的名字；不方便写，可以到窗口签字。"), AT_WINDOW
    ),
    "F40": FailureWords(N_("今天的代办次数已达上限"), N_("请到服务窗口办理。")),
    "F41": FailureWords(
        N_("文件无法读取"),
        N_("{detail}。"),
        N_("请换一个 U 盘，或按模板重新制作名单；也可以到服务窗口，工作人员会帮您。"),
    ),
    "F42": FailureWords(
        N_("{detail}行有问题，没有提交"),
        N_("请在名单里改好再来；也可以到服务窗口，工作人员会帮您。"),
    ),
    "F43": FailureWords(
        N_("经办人与单位不符"), N_("请先由单位到服务窗口登记经办人，再由登记的经办人来办。")
    ),
    "F44": FailureWords(
        N_("这批人员已提交，凭证号 {detail}"),
        N_("不用再提交。凭证丢了，请经办人带身份证到服务窗口。"),
    ),
    "list_not_printed": FailureWords(
        N_("错误清单没有打出来"), N_("可以再打一次，也可以用手机扫码带走。")
    ),
    "paper_lacking": FailureWords(
        N_("没有能用的证件，这里办不了"),
        N_("请带现有的证件原件，比如户口簿、护照、通行证，到服务窗口，工作人员会帮您想办法。"),
    ),
    "loss_released": FailureWords(
        N_("这张卡的挂失已经解除了"), N_("卡可以正常使用，不用再办解除挂失。")
    ),
    "not_lost": FailureWords(N_("这张卡没有挂失"), N_("卡可以正常使用，不用办解除挂失。")),
    "report_loss_first": FailureWords(
        N_("这张卡还没有挂失"), N_("丢了的卡要先挂失，免得被别人用。挂失以后，接着补领新卡。")
    ),
    "loss_needs_id": FailureWords(
        N_("这张卡还没有挂失，挂失要用身份证"),
        N_("请带身份证来，先挂失，再补领。没有身份证的，请到服务窗口；着急请先打 12333 挂失。"),
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
    "F47": FailureWords(
        N_("现在核对不了证件的有效期"), N_("请带证件原件到服务窗口核对，工作人员会帮您。")
    ),
    "F49": FailureWords(N_("这项业务请到服务窗口办理"), N_("请带好下面的材料，到服务窗口。")),
    "F50": FailureWords(
        N_("需要帮忙，请找工作人员"), N_("请到服务台叫一声。您的资料不会丢，可以接着办。")
    ),
    "address_at_window": FailureWords(
        N_("地址请到窗口登记"), N_("请带证件原件和凭证，到服务窗口登记新的地址。")
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
    "attendant_wrong": FailureWords(
        N_("编号或密码不对"), N_("请看清楚再输入；连续输错五次，要等一等才能再试。")
    ),
    "attendant_locked": FailureWords(
        N_("输错太多次了"), N_("请等 {detail} 秒再试；每错一次，等的时间加倍。")
    ),
    "attendant_same": FailureWords(
        N_("要两位不同的工作人员"), N_("第二位请输入自己的编号和密码。")
    ),
    "attendant_failed": FailureWords(
        N_("没有做成"), N_("请再试一次；还是不行，请报修，并暂停服务。")
    ),
    "attendant_unset": FailureWords(N_("还不能用"), N_("请报运维；设置好以后再来。")),
    "attendant_stick": FailureWords(
        N_("没有写到 U 盘上"), N_("请换一个能写、有空间的 U 盘，插好后再试。")
    ),
    "enrol_refused": FailureWords(
        N_("这个登记码不能用"),
        N_("可能输错了、用过了，或者过了 15 分钟。请核对后重新输入；还是不行，请向运营方要新的。"),
    ),
    "enrol_other": FailureWords(
        N_("这不是本机的登记码"),
        N_("它是编号 {detail} 的机器的。请核对本机编号，向运营方要本机的登记码。"),
    ),
    "enrol_often": FailureWords(N_("试得太快了"), N_("请等一分钟，再试一次。")),
    "enrol_offline": FailureWords(N_("连不上社保卡系统"), N_("{detail}弄好后再试一次。")),
}

REASONS: dict[str, str] = {
    "too_dark": N_("太暗"),
    "too_bright": N_("太亮"),
    "blurred": N_("不够清楚"),
    "initial": N_("和初始密码一样"),
    "same_as_old": N_("和原来的密码一样"),
    "repeated": N_("重复的数字太多"),
    "sequence": N_("是连着的数字"),
    "birthday": N_("是生日"),
    "id_part": N_("是身份证号里的数字"),
    "card_part": N_("是卡号里的数字"),
    "phone_part": N_("是手机号里的数字"),
    "no-list": N_("没有找到制卡明细表，请把名单（.xlsx或.csv）拷入后再试"),
    "empty": N_("名单里没有人员，请按模板填写"),
    "no-head": N_("没有找到表头，请使用模板，不要改动列名"),
    "too-many-rows": N_("名单人数太多，请分成几份"),
    "too-large": N_("文件太大，请删去无关的内容或分成几份"),
    "damaged": N_("文件打不开，请用模板另存为.xlsx或.csv"),
    "old-office": N_("这是旧格式的表格，请另存为.xlsx"),
    "encrypted": N_("文件有密码，请去掉密码后再试"),
    "macro": N_("文件里有宏，请另存为不含宏的.xlsx"),
    "bomb": N_("文件解开后异常庞大，不能读取，请用模板重新制作"),
    "nested": N_("压缩包里还有压缩包，请只压缩一层"),
    "too-many-files": N_("文件太多，请分成几次办理"),
    "name": N_("有的文件名不能使用，请改成普通文字"),
    "changed": N_("文件在读取时被改动，请不要操作U盘，重新读取"),
    "gone": N_("文件不见了，请重新读取"),
    "not-readable": N_("文件无法读取，请换一个U盘"),
    "pulled": N_("U 盘被拔出来了，什么都没有提交。请插好后再试"),
    "port_broken": N_("U 盘口暂时不能用，请用手机上传"),
    **{f"way_{hop}": cure for hop, (_title, cure) in HOPS.items() if hop != "clock"},
    OWN: N_("本人"),
    OWN_OR_AGENT: N_("本人或代办人"),
    CLERK: N_("单位经办人"),
}
"""What a detail stands for: what is wrong with a picture or a PIN, for whom a service is."""

WAYS: dict[Way, str] = {
    Way.AGAIN: N_("再试一次"),
    Way.WAIT: N_("再等一等"),
    Way.OTHER_PAPER: N_("用别的证件"),
    Way.SWAP: N_("换证件"),
    Way.SELF: N_("改为本人办理"),
    Way.HOME: N_("返回首页"),
    Way.BACK: N_("返回"),
    Way.WINDOW: N_("换人工窗口"),
    Way.SLIP: N_("打印提示单"),
    Way.SCAN: N_("扫描纸质照片"),
    Way.SIGN_AT_WINDOW: N_("到窗口签字"),
    Way.HELD: N_("打印查询单"),
    Way.ON_SCREEN: N_("看屏幕上的凭证"),
    Way.STILL_HERE: N_("我还在"),
    Way.FINISH: N_("结束办理"),
    Way.CANCEL: N_("接着办"),
    Way.READ_AGAIN: N_("重新读取"),
    Way.TEMPLATE: N_("拿空白名单"),
    Way.TO_ROWS: N_("回到名单"),
    Way.RESTART: N_("重新开始"),
    Way.GO_ON: N_("继续"),
    Way.FORGOTTEN: N_("忘记密码"),
    Way.RETYPE_CODE: N_("重新输入"),
}
"""The words on the button of each way out."""


def told(detail: str, tr: Callable[[str], str] = str) -> str:
    """A detail as it stands in a sentence: a reason by its words, anything else as it is."""
    return tr(REASONS[detail]) if detail in REASONS else detail
