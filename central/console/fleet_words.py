"""What the fleet's states are called at the console."""

from central.console.words import N_
from central.fleet.asks import AskKind, AskState
from central.fleet.records import RolloutState

STATES = {
    "": N_("没有报告过"),
    "none": N_("按本机设置"),
    "received": N_("已收到新配置"),
    "verified": N_("签名已核对"),
    "valid": N_("内容已核对"),
    "staged": N_("等待空闲时启用"),
    "probation": N_("试运行"),
    "committed": N_("已生效"),
    "failed": N_("未通过，已退回"),
}
OUTCOMES = {
    "": "—",
    "pending": N_("进行中"),
    "committed": N_("已生效"),
    "failed": N_("未通过，已退回"),
    "superseded": N_("被更新的代替"),
}
ROLLOUTS = {
    RolloutState.WAITING: N_("等待同意"),
    RolloutState.RUNNING: N_("发布中"),
    RolloutState.PAUSED: N_("已暂停"),
    RolloutState.STOPPED: N_("已停止"),
    RolloutState.DONE: N_("已完成"),
}
MODES = {"in_service": N_("正常服务"), "out_of_service": N_("暂停服务")}
FILTERS = {
    "": N_("全部"),
    "silent": N_("失联"),
    "faulty": N_("有故障"),
    "pending": N_("配置进行中"),
    "failed": N_("配置未通过"),
}
WORST = {
    "well": N_("正常"),
    "faulty": N_("有故障"),
    "silent": N_("失联"),
    "empty": N_("没有自助机"),
}
PROOFS = {
    "print": N_("打印"),
    "read_back": N_("读回打印的单子"),
    "id_reader": N_("阅读器"),
    "social_card": N_("读卡器"),
    "camera": N_("摄像头"),
    "document_camera": N_("拍摄台"),
    "pin_pad": N_("密码键盘"),
    "media": N_("U 盘口"),
    "auxiliaries": N_("灯"),
    "sound": N_("声音"),
    "disk": N_("磁盘"),
    "centre": N_("本系统"),
    "clock": N_("时间"),
}
DEGREES = {
    "failed": N_("未通过"),
    "proven": N_("已证实"),
    "looked": N_("自报正常"),
    "absent": N_("没有或没做"),
}
"""How far a proof came; what failed is shown first."""
ASKS = {AskKind.LOGS: N_("日志"), AskKind.SCREENSHOT: N_("截屏")}
ASK_STATES = {
    AskState.OPEN: N_("等自助机答复"),
    AskState.BUSY: N_("自助机正有人办理"),
    AskState.ANSWERED: N_("已收到"),
    AskState.FAILED: N_("自助机给不出"),
    AskState.LAPSED: N_("过期没有答复"),
}
