"""Another PIN for the card: changed by the one it has, or reset. The bank's is never touched."""

from regulation.rules import Service
from screens.words.people import IDENTITY, WHO
from screens.words.word import N_, Words

CHANGE = N_("修改密码")
RESET = N_("重置密码")
DONE = N_("完成")

WHICH = N_("改的是社保卡使用密码，银行密码不会改变。")
STAY = N_("请不要取卡，几秒钟就好。")

HOLDER = Words(
    "notice",
    IDENTITY,
    N_("请确认是您本人"),
    N_("证件是您本人的，内容真实；代他人办理的，已得到本人同意。"),
    primary=N_("是我本人，继续"),
    secondary=N_("这不是我的证件"),
)
"""The card is in the holder's hands: no window looks at anything afterwards."""


def _both(stage: str) -> dict[str, Words]:
    """What both services say alike, under their own stage of the steps bar."""
    return {
        "card": Words(
            "card",
            IDENTITY,
            N_("请插入社保卡"),
            N_("芯片朝上，插到底，办完以前不要取出来。"),
            WHICH,
            secondary=N_("没有带卡"),
        ),
        "applicant": Words("wait", IDENTITY, N_("正在读卡，请稍等")),
        "person_check": HOLDER,
        "applicant_of_agent": Words("wait", IDENTITY, N_("正在读卡，请稍等")),
        "new_pin": Words(
            "pin",
            stage,
            N_("请设新密码"),
            N_("6 位数字。不要用生日、手机号、身份证号里的数字。"),
            N_("请用手遮挡。"),
            N_("确认密码"),
        ),
        "pin_write": Words("wait", stage, N_("正在写卡，请勿取卡"), STAY),
        "seal": Words("wait", stage, N_("正在登记")),
        "submit": Words("wait", stage, N_("正在登记")),
        "slip": Words("wait", DONE, N_("正在准备回执")),
        "voucher": Words("wait", DONE, N_("正在打印回执"), N_("回执从下方出纸口出来。")),
    }


def _of(service: Service, rows: dict[str, Words]) -> dict[str, Words]:
    return {f"{service}.{step}": words for step, words in rows.items()}


STEPS: dict[str, Words] = {
    "card": Words("card", IDENTITY, N_("请插入社保卡")),
    **_of(Service.PIN_CHANGE, _both(CHANGE)),
    **_of(Service.PIN_RESET, _both(RESET)),
    "pin_change.who": Words("choice", WHO, N_("改谁的社保卡密码？"), N_("修改密码要本人来办。")),
    "pin_reset.who": Words("choice", WHO, N_("重置谁的社保卡密码？"), N_("请按一下您的情况。")),
    "old_pin": Words(
        "pin",
        CHANGE,
        N_("请输入原来的密码"),
        N_("社保卡使用密码，6 位数字，不是银行密码。"),
        N_("请用手遮挡。"),
        N_("确认密码"),
        N_("忘记密码"),
    ),
    "new_pin_again": Words(
        "pin",
        CHANGE,
        N_("请再输入一次新密码"),
        N_("和刚才一样，再按一次。"),
        N_("请用手遮挡。"),
        N_("确认密码"),
    ),
    "pin_change.result": Words(
        "done", DONE, N_("密码已修改"), primary=N_("完成"), secondary=N_("打印回执")
    ),
    "pin_reset.result": Words(
        "done", DONE, N_("密码已重置"), primary=N_("完成"), secondary=N_("打印回执")
    ),
    "pin_change.done": Words("done", DONE, N_("密码已修改"), primary=N_("我已取走，结束")),
    "pin_reset.done": Words("done", DONE, N_("密码已重置"), primary=N_("我已取走，结束")),
    "pin_change.held": Words("done", DONE, N_("密码已修改"), primary=N_("我已取走，结束")),
    "pin_reset.held": Words("done", DONE, N_("密码已重置"), primary=N_("我已取走，结束")),
    "pin_doubt": Words("done", DONE, N_("还不能确定密码改没改"), primary=N_("我已取走，结束")),
    "code_sent": Words("wait", IDENTITY, N_("正在给持卡人发验证码")),
    "code": Words(
        "keypad",
        IDENTITY,
        N_("请输入验证码"),
        N_("验证码已发到持卡人登记的手机 {phone}，请向持卡人问。"),
        primary=N_("确认验证码"),
        secondary=N_("再发一次"),
    ),
    "pin_reset.signature": Words(
        "signature",
        RESET,
        N_("请签名，确认重置密码"),
        N_("用手指写您的名字。重置后，原来的密码马上不能用。"),
        primary=N_("签好了，继续"),
        secondary=N_("到窗口签字"),
    ),
    "pin_reset.scene_photo": Words("camera", RESET, N_("正在拍办理场景照片")),
    "reset_ready": Words("wait", RESET, N_("正在连接系统，请稍等")),
}

PROGRESS = {
    "put_card": N_("请插入社保卡"),
    "take_card": N_("请先取出这张卡"),
    "same_card": N_("请重新插入刚才的卡"),
    "another_card": N_("这不是刚才的卡，请取出来"),
    "reading_card": N_("正在读卡，请勿取卡"),
    "writing_card": N_("正在写卡，请勿取卡"),
    "checking_card": N_("正在核对密码，请勿取卡"),
}
"""What is said of the card while work with it goes on (`kiosk.services.card_answers.CardWord`)."""
