"""Sending again what the window sent back."""

from screens.words.handing import DONE
from screens.words.word import N_, Words

MEND = N_("补材料")
CHECK = N_("核对与提交")

STEPS: dict[str, Words] = {
    "mend": Words(
        "notice",
        MEND,
        N_("窗口请您补材料"),
        N_("只补下面几样，其他资料不用再交。"),
        N_("请确认是您本人，补交的内容真实。"),
        N_("是我本人，开始补"),
    ),
    "mending.phone": Words(
        "keypad",
        MEND,
        N_("请重新输入手机号码"),
        N_("11 位，请再核对一遍。"),
        primary=N_("确认号码"),
    ),
    "mending.address": Words(
        "notice",
        MEND,
        N_("这个地址对吗？"),
        N_("这是身份证上的地址，会作为您的联系地址。"),
        primary=N_("地址对，继续"),
        secondary=N_("不对，到窗口再改"),
    ),
    "mending.signature": Words(
        "signature",
        MEND,
        N_("请重新签名"),
        N_("用手指在框里写您的名字。"),
        primary=N_("签好了"),
    ),
    "mend_review": Words("review", CHECK, N_("请核对，再提交"), primary=N_("核对无误，提交")),
    "mending.done": Words("done", DONE, N_("已补交"), primary=N_("我已取走，结束")),
}
"""The other steps speak as they do in any service."""
