"""After a refusal, a slip once more, and what still lies in a device."""

from screens.words.handing import DONE
from screens.words.word import N_, Words

STEPS: dict[str, Words] = {
    "refusal": Words("refusal", "", N_("现在不能在这里办"), primary=N_("打印提示单")),
    "refusal_slip": Words("wait", "", N_("正在打印提示单")),
    "refusal_done": Words(
        "done",
        "",
        N_("请取走提示单"),
        N_("上面写着去哪里办、要带什么。"),
        primary=N_("我已取走，结束"),
    ),
    "reprint": Words(
        "notice",
        "",
        N_("您有一张凭证可以补打"),
        N_("24 小时内，放同一张身份证就能补打。"),
        primary=N_("补打凭证"),
        secondary=N_("办理其他业务"),
    ),
    "reprint_slip": Words("wait", "", N_("正在补打凭证")),
    "reprint_done": Words(
        "done",
        "",
        N_("请取走凭证"),
        N_("带上它和证件原件，到服务窗口。"),
        primary=N_("我已取走，结束"),
    ),
    "give_paper": Words("paper", DONE, N_("请先取回您的身份证"), N_("取走后，马上给您看结果。")),
    "give_card": Words("paper", DONE, N_("请先取回您的社保卡"), N_("取走后，马上给您看结果。")),
    "take_paper": Words("paper", "", N_("请取回您的身份证"), N_("身份证还在亮灯处。")),
    "take_card": Words("paper", "", N_("请取回您的社保卡"), N_("社保卡还在卡槽里。")),
    "take_stick": Words("paper", "", N_("请取回您的 U 盘"), N_("U 盘还插在机器上。")),
    "paused": Words(
        "notice", "", N_("暂停服务"), N_("工作人员正在维护这台机器。请用旁边的机器，或到服务窗口。")
    ),
}

THINGS = {
    "take_paper": N_("身份证"),
    "take_card": N_("社保卡"),
    "take_stick": N_(" U 盘"),
}
"""What each step of taking back is about, as failures name it."""
