"""The kiosk's proofs of itself in words, and what is done about one that failed."""

from screens.words.attendant import DEVICES
from screens.words.word import N_

PROOFS: dict[str, str] = {
    "print": N_("打印"),
    "read_back": N_("读回打印的单子"),
    **DEVICES,
    "disk": N_("磁盘"),
    "centre": N_("系统"),
    "clock": N_("时间"),
}

DEGREES: dict[str, str] = {"proven": N_("做了一遍，正常"), "looked": N_("看过，正常")}

REASONS: dict[str, str] = {
    "not_read_back": N_("打出来的单子读不出，请看打印头和拍摄台"),
    "frozen": N_("画面不动，请看接线"),
    "not_heard": N_("没有听到，请看喇叭和麦克风"),
    "disk_full": N_("磁盘满了，请报修"),
    "disk_low": N_("磁盘快满了，请报修"),
    "not_written": N_("磁盘写不进，请报修"),
    "unreachable": N_("连不上，请看“网络”"),
    "no_answer": N_("没有回答，请看“网络”"),
    "clock_off": N_("机器时间不对，请报运维校时"),
}
"""Why a proof failed, where it is no fault of a device that has words already."""
