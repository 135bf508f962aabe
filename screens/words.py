"""What every step says to the person. Chinese is the source; English comes from the catalogue.

`N_` marks a sentence for translation; `screens.view` translates. A title is a question or a
request, a button is a verb and a noun.
"""

from typing import NamedTuple


def N_(text: str) -> str:  # noqa: N802 - the name gettext knows
    """Mark a sentence for translation."""
    return text


class Words(NamedTuple):
    """The words of a step: `stage` is its place in the steps bar."""

    stage: str
    title: str
    lead: str = ""
    notice: str = ""
    primary: str = ""
    secondary: str = ""


WHO = N_("办理对象")
IDENTITY = N_("核对身份")
PHONE = N_("联系电话")
ADDRESS = N_("联系地址")
BANK = N_("开户银行")
PHOTO = N_("拍照")
REVIEW = N_("核对与签名")
DONE = N_("完成")

STAGES = (WHO, IDENTITY, PHONE, ADDRESS, BANK, PHOTO, REVIEW, DONE)
"""The steps bar of a new card: eight stages, as the person counts them."""

STEPS: dict[str, Words] = {
    "who": Words(WHO, N_("您给谁办社保卡？"), N_("请按一下您的情况。")),
    "notice": Words(
        WHO,
        N_("办理前，请您看一看"),
        N_("首次办卡免费。本机收取资料，卡片在服务窗口制作。"),
        N_("会拍一张办理场景照片存档。您的资料只用于本次业务，加密保存，24 小时后清除。"),
        N_("知道了，开始办理"),
    ),
    "applicant": Words(
        IDENTITY,
        N_("请把身份证放在亮灯处"),
        N_("放平，保持两秒，读好后自动进入下一步。"),
        N_("身份证只用于本次业务，资料加密保存，24 小时后清除。"),
        secondary=N_("我没有身份证"),
    ),
    "applicant_of_agent": Words(
        IDENTITY,
        N_("请放申办人的身份证"),
        N_("先放要办卡的那个人的身份证，放平，保持两秒。"),
        N_("身份证只用于本次业务，资料加密保存，24 小时后清除。"),
        secondary=N_("申办人没有身份证"),
    ),
    "other_paper": Words(IDENTITY, N_("您带了哪种证件？"), N_("请按一下您手里的证件，要原件。")),
    "page_ready": Words(
        IDENTITY,
        N_("请把证件放到拍摄台上"),
        N_("有照片和号码的一页朝上，放正放平。"),
        primary=N_("拍下这一页"),
    ),
    "page": Words(IDENTITY, N_("正在拍摄，请不要移动证件")),
    "page_keep": Words(
        IDENTITY,
        N_("这一页看得清吗？"),
        N_("字迹清楚、没有反光、四角完整就可以。"),
        primary=N_("看得清，用这张"),
        secondary=N_("重新拍一张"),
    ),
    "paper_number": Words(
        IDENTITY,
        N_("请输入证件号码"),
        N_("照着证件上的号码，一位一位地按。"),
        primary=N_("确认号码"),
    ),
    "paper_name": Words(
        IDENTITY, N_("请输入证件上的姓名"), N_("要和证件上的一模一样。"), primary=N_("确认姓名")
    ),
    "paper_until": Words(
        IDENTITY,
        N_("证件有效期到哪一天？"),
        N_("按 8 位数字，例如 2030 年 5 月 1 日，按 20300501。"),
        primary=N_("确认日期"),
    ),
    "agent": Words(
        IDENTITY,
        N_("请放代办人的身份证"),
        N_("您就是代办人。请放您自己的身份证，放平，保持两秒。"),
        N_("代办人须年满 18 周岁。"),
    ),
    "person_check": Words(
        IDENTITY,
        N_("请确认是您本人"),
        N_("证件是您本人的，内容真实；代他人办理的，已得到本人同意。"),
        N_("到窗口领卡时，工作人员还会核对原件。"),
        N_("是我本人，继续"),
        N_("请工作人员确认"),
    ),
    "eligibility": Words(IDENTITY, N_("正在查询能不能办，请稍等")),
    "phone": Words(
        PHONE,
        N_("请输入手机号码"),
        N_("11 位。卡片有消息时会联系您。"),
        primary=N_("确认号码"),
        secondary=N_("没有手机，跳过"),
    ),
    "address": Words(
        ADDRESS,
        N_("这个地址对吗？"),
        N_("用来联系您。不对也没关系，到窗口再改。"),
        primary=N_("地址对，继续"),
        secondary=N_("不对，到窗口再改"),
    ),
    "bank": Words(BANK, N_("您想用哪家银行？"), N_("社保卡也是一张银行卡，银行由您自己选。")),
    "portrait_choice": Words(
        PHOTO, N_("要给孩子拍照吗？"), N_("未成年人的卡可以不带照片，由您决定。")
    ),
    "portrait_ready": Words(
        PHOTO,
        N_("请站好，看着镜头"),
        N_("摘下帽子，露出耳朵和眉毛，头放在框里。坐着拍也可以。"),
        primary=N_("拍照片"),
        secondary=N_("扫描纸质照片"),
    ),
    "portrait_scan": Words(
        PHOTO,
        N_("请把照片放到拍摄台上"),
        N_("一寸白底免冠照片，正面朝上，放在框里。"),
        primary=N_("拍下照片"),
        secondary=N_("改用镜头拍照"),
    ),
    "portrait": Words(PHOTO, N_("请看镜头，不要动")),
    "portrait_keep": Words(
        PHOTO,
        N_("这张照片满意吗？"),
        N_("这张照片会印在社保卡上。"),
        primary=N_("满意，用这张"),
        secondary=N_("重新拍一张"),
    ),
    "review": Words(REVIEW, N_("请核对，再提交"), primary=N_("核对无误，去签名")),
    "signature": Words(
        REVIEW,
        N_("请在框里签名"),
        N_("用手指写您的名字。签名后就提交，不能再改。"),
        primary=N_("签好了，提交"),
        secondary=N_("到窗口签字"),
    ),
    "scene_photo": Words(REVIEW, N_("正在拍办理场景照片")),
    "seal": Words(REVIEW, N_("正在保存您的资料")),
    "submit": Words(REVIEW, N_("正在提交，请稍等"), N_("请不要离开，马上就好。")),
    "slip": Words(DONE, N_("正在准备凭证")),
    "voucher": Words(DONE, N_("正在打印凭证"), N_("凭证从下方出纸口出来。")),
    "done": Words(DONE, N_("已受理"), primary=N_("我已取走，结束")),
    "held": Words(DONE, N_("资料已保存，正在确认结果"), primary=N_("我已取走，结束")),
    "refusal": Words("", N_("现在不能在这里办"), primary=N_("打印提示单")),
    "refusal_slip": Words("", N_("正在打印提示单")),
    "refusal_done": Words(
        "", N_("请取走提示单"), N_("上面写着去哪里办、要带什么。"), primary=N_("我已取走，结束")
    ),
    "reprint": Words(
        "",
        N_("您有一张凭证可以补打"),
        N_("24 小时内，放同一张身份证就能补打。"),
        primary=N_("补打凭证"),
        secondary=N_("办理其他业务"),
    ),
    "reprint_slip": Words("", N_("正在补打凭证")),
    "reprint_done": Words(
        "", N_("请取走凭证"), N_("带上它和证件原件，到服务窗口。"), primary=N_("我已取走，结束")
    ),
    "take_back": Words("", N_("请取回您的身份证"), N_("身份证还在亮灯处。")),
}

SCREENS: dict[str, str] = {
    "who": "choice",
    "notice": "notice",
    "applicant": "paper",
    "other_paper": "choice",
    "page_ready": "camera",
    "page": "camera",
    "page_keep": "picture",
    "paper_number": "keypad",
    "paper_name": "letters",
    "paper_until": "keypad",
    "agent": "paper",
    "person_check": "notice",
    "eligibility": "wait",
    "phone": "keypad",
    "address": "notice",
    "bank": "choice",
    "portrait_choice": "choice",
    "portrait_ready": "camera",
    "portrait_scan": "camera",
    "portrait": "camera",
    "portrait_keep": "picture",
    "review": "review",
    "signature": "signature",
    "scene_photo": "camera",
    "seal": "wait",
    "submit": "wait",
    "slip": "wait",
    "voucher": "wait",
    "done": "done",
    "refusal": "refusal",
    "refusal_slip": "wait",
    "refusal_done": "done",
    "reprint": "notice",
    "reprint_slip": "wait",
    "reprint_done": "done",
    "take_back": "paper",
}
"""The page of each step: one page serves every step of its kind."""
