"""What attendant mode says, and its words for devices, faults, cures and what was seen."""

from screens.words.word import N_, Words

NEXT = N_("下一步")
DONE = N_("完成")

STEPS: dict[str, Words] = {
    "attendant_id": Words("keypad", "", N_("请输入工作人员编号"), primary=NEXT),
    "attendant_pin": Words("pin", "", N_("请输入您的密码"), primary=N_("确认")),
    "attendant": Words("menu", "", N_("工作人员"), N_("请按一下要做的事；做完请按“首页”退出。")),
    "helping": Words(
        "rows",
        "",
        N_("帮市民办理"),
        N_("市民的业务保留五分钟，资料不显示。"),
        primary=N_("交还市民，接着办"),
    ),
    "help_devices": Words("rows", "", N_("设备"), primary=N_("返回业务")),
    "help_end": Words(
        "notice",
        "",
        N_("要结束这笔业务吗？"),
        N_("没办完的资料会清除，机器会请市民取回证件。请先问过市民。"),
        primary=N_("结束业务，退还证件"),
    ),
    "devices_seen": Words("wait", "", N_("正在查看设备")),
    "devices": Words("rows", "", N_("设备"), primary=N_("全部自检")),
    "devices_tried": Words(
        "wait", "", N_("正在自检"), N_("会打一张自检单；可以把身份证放在亮灯处试读。")
    ),
    "tried": Words("rows", "", N_("自检结果"), primary=N_("再看设备")),
    "proved": Words("wait", "", N_("正在自检"), N_("每样都试一遍，会打一张自检单。")),
    "proof": Words("rows", "", N_("整机自检"), primary=N_("再看设备")),
    "touch_grid": Words(
        "touch",
        "",
        N_("请把每一格都按一下"),
        N_("按到的格子会变绿；没有变的，那里不灵。"),
        primary=N_("按完了"),
    ),
    "touch_written": Words("wait", "", N_("正在登记")),
    "touch_seen": Words("rows", "", N_("触摸屏"), primary=N_("再看设备")),
    "repair": Words("repair", "", N_("这样处理"), primary=N_("处理好了，再看设备")),
    "figures_seen": Words("wait", "", N_("正在统计")),
    "reconciled": Words("wait", "", N_("正在与系统核对")),
    "figures": Words("rows", "", N_("今天的业务"), primary=DONE),
    "custody_seen": Words("wait", "", N_("正在查看保管的物品")),
    "custody": Words("rows", "", N_("保管的物品"), N_("取出后请登记，并按规定交接。")),
    "custody_sure": Words("notice", "", N_("已经取出来了吗？"), primary=N_("已取出，登记")),
    "custody_over": Words("wait", "", N_("正在登记")),
    "supplies_seen": Words("wait", "", N_("正在查看耗材")),
    "supplies": Words("rows", "", N_("耗材")),
    "paper_load": Words("notice", "", N_("换打印纸"), primary=N_("纸装好了")),
    "paper_length": Words("choice", "", N_("新纸卷有多长？"), N_("包装上写着。")),
    "part_new": Words(
        "notice", "", N_("换上新的了吗？"), N_("登记后从零算起。"), primary=N_("换好了，登记")
    ),
    "bin_empty": Words("notice", "", N_("取出回收箱里的卡"), primary=N_("卡取出来了")),
    "bin_count": Words("keypad", "", N_("取出了几张卡？"), primary=NEXT),
    "exchange_ended": Words("wait", "", N_("正在核对")),
    "exchanged": Words("notice", "", N_("登记好了"), primary=DONE),
    "voucher_no": Words(
        "keypad", "", N_("请输入凭证号"), N_("最后五位就行，横线不用输。"), primary=NEXT
    ),
    "claim": Words("wait", "", N_("正在查找")),
    "no_slip": Words(
        "notice",
        "",
        N_("没有找到这张凭证"),
        N_("只能补打 24 小时内的凭证。"),
        primary=N_("重新输入"),
    ),
    "slip_again": Words(
        "notice", "", N_("补打这张凭证"), N_("请先核对本人的证件。"), primary=N_("补打凭证")
    ),
    "slip_printed": Words("wait", "", N_("正在补打凭证")),
    "slip_out": Words("notice", "", N_("凭证打好了"), N_("请交给本人。"), primary=DONE),
    "export_ready": Words("wait", "", N_("正在查看 U 盘口")),
    "export_what": Words("choice", "", N_("导出哪些日志？"), N_("写到 U 盘，只有运维能打开。")),
    "second_id": Words("keypad", "", N_("请第二位工作人员输入编号"), primary=NEXT),
    "second_pin": Words("pin", "", N_("请第二位工作人员输入密码"), primary=N_("确认")),
    "export": Words("stick", "", N_("请插入 U 盘"), N_("插好后自动写入，请不要拔。")),
    "exported": Words("notice", "", N_("日志写好了"), N_("现在可以拔出 U 盘。"), primary=DONE),
    "close_reason": Words("choice", "", N_("为什么暂停服务？"), N_("市民会在屏幕上看到。")),
    "closing": Words("wait", "", N_("正在暂停服务")),
    "opening": Words("wait", "", N_("正在恢复服务")),
    "restart_sure": Words(
        "notice",
        "",
        N_("重新启动程序？"),
        N_("大约要一分钟。"),
        primary=N_("重新启动"),
        secondary=N_("关机"),
    ),
    "power_sure": Words(
        "notice",
        "",
        N_("关闭机器？"),
        N_("关机后要按机器上的电源键才能再开。"),
        primary=N_("关机"),
    ),
    "powering_off": Words("wait", "", N_("正在关机")),
    "network_seen": Words("wait", "", N_("正在检查网络")),
    "network": Words("rows", "", N_("网络"), primary=DONE),
    "levels_seen": Words("wait", "", N_("正在查看")),
    "levels": Words("rows", "", N_("声音和亮度"), primary=DONE),
    "level": Words("choice", "", N_("声音和亮度"), N_("按一下就变；合适了按“返回”。")),
    "level_set": Words("wait", "", N_("正在调")),
    "restarting": Words("wait", "", N_("正在重新启动")),
}

DEVICES: dict[str, str] = {
    "id_reader": N_("阅读器"),
    "social_card": N_("读卡器"),
    "printer": N_("打印机"),
    "camera": N_("摄像头"),
    "document_camera": N_("拍摄台"),
    "pin_pad": N_("密码键盘"),
    "media": N_("U 盘口"),
    "auxiliaries": N_("灯"),
    "sound": N_("声音"),
    "retain_bin": N_("回收箱"),
}

DETAILS: dict[str, str] = {
    "paper_out": N_("没有纸了"),
    "cover_open": N_("盖子没关好"),
    "media_jammed": N_("卡住了"),
    "cutter_error": N_("切刀卡住了"),
    "no_device": N_("没有接上"),
    "not_configured": N_("没有安装"),
    "offline": N_("离线"),
    "time_out": N_("没有回应"),
    "device_not_ready": N_("正被别的程序占用"),
    "camera_inoperable": N_("没有画面"),
    "not_mounted_safely": N_("U 盘的挂载方式不对"),
    "key_not_found": N_("没有密钥"),
    "retain_bin_full": N_("回收箱满了"),
    "export_root": N_("本机没有设置写日志的 U 盘口"),
    "operator_key": N_("没有运营方的密钥文件"),
}
"""What is the matter, by a fault's detail; any other is a fault of its hardware."""
BROKEN = N_("故障（{detail}）")

SEEN: dict[str, str] = {
    "slip printed": N_("打出了自检单"),
    "card read": N_("读到了证件"),
    "no card laid on": N_("能用；没有放证件"),
    "card not readable": N_("证件没有读出来"),
    "chime played": N_("放了提示音"),
    "lamps lit": N_("灯亮过，蜂鸣器响过"),
    "picture": N_("拍到了画面"),
}
"""What a device was seen to do; of a picture its first word."""

GUIDES: dict[str, tuple[str, ...]] = {
    "paper_out": (
        N_("打开打印机前盖，取出空纸芯"),
        N_("放入新纸卷，纸头朝前拉出一截"),
        N_("盖好前盖，撕掉多余的纸；再到“耗材”里登记"),
    ),
    "cover_open": (
        N_("看一看前盖，里面有没有东西挡着"),
        N_("两边一起往里按，听到“咔”一声"),
    ),
    "media_jammed": (
        N_("打开前盖，不要硬拉"),
        N_("把纸剪断，顺着出纸的方向慢慢取出碎纸"),
        N_("把纸头拉平，盖好前盖"),
    ),
    "cutter_error": (
        N_("打开前盖，看切刀里有没有碎纸"),
        N_("用镊子取出碎纸，不要用手"),
        N_("盖好前盖，切刀会自己复位"),
    ),
    "social_card media_jammed": (
        N_("打开机器前门，找到读卡器"),
        N_("转动绿色手轮，把卡慢慢退出来"),
        N_("核对卡号，按规定交接；关好前门"),
    ),
}
"""How a fault is mended, step by step: by the device and the detail, or by the detail."""
USUAL = (
    N_("看电源灯亮不亮，连线两头都要插紧"),
    N_("拔下来，等十秒，再插上"),
    N_("还是不行，请报修，并暂停服务"),
)
"""What is tried of any other fault."""

PAPER: dict[str, str] = {
    "ok": N_("打印机说够用"),
    "low": N_("打印机说快没了"),
    "empty": N_("打印机说没有了"),
    "unknown": N_("打印机没有回应"),
}

PARTS: dict[str, str] = {"print_head": N_("打印头"), "cutter": N_("切刀")}
"""The parts of the printer that wear out."""

HOPS: dict[str, tuple[str, str]] = {
    "dns": (N_("找到地址"), N_("找不到系统的地址。看网线和路由器；还不行，请报修网络（域名）。")),
    "tcp": (N_("接通"), N_("接不通系统。请报修网络（防火墙或线路）。")),
    "tls": (N_("安全连接"), N_("证书对不上。先看机器的时间对不对，再报运维（证书）。")),
    "answer": (N_("系统回答"), N_("系统没有回答。网络是通的，请报运维（系统）。")),
    "clock": (N_("时间"), N_("机器时间差了 {n} 秒。请报运维校时。")),
}
"""The steps of the way to the centre, and what is done when one fails."""

STANDS_AT: dict[str, str] = {
    "rows": N_("改名单里有问题的行"),
    "row": N_("改名单里的一行"),
    **dict.fromkeys(("mend_digits", "mend_letters", "mend_choice"), N_("改名单里的一格")),
}
"""Where a visit stands, for a helper: the steps whose own title holds what is of the citizen's."""
FAILED: dict[str, str] = {
    "F03": N_("证件已经到期"),
    "F11": N_("照片不合要求"),
    "F21": N_("密码不对"),
    "F34": N_("这次没有办成"),
    "F42": N_("名单有问题，没有提交"),
    "F44": N_("这批人员已提交过"),
    "not_this_way": N_("这项业务要由别的人来办"),
    "application_open": N_("已经申请过了"),
}
"""What failed, for a helper: the failures whose own sentence holds what is of the citizen's."""
