"""What the fleet's states are called at the console."""

from central.console.words import N_
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
