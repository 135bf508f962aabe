"""What the page of a kiosk that is not enrolled says, and how it is enrolled."""

from screens.words.word import N_, Words

STEPS: dict[str, Words] = {
    "enrolment.code": Words(
        "keypad", "", N_("请输入登记码"), primary=N_("登记本机"), secondary=N_("我是工作人员")
    ),
    "enrolled": Words("wait", "", N_("正在登记本机"), N_("登记好后会重新启动，大约要一分钟。")),
}
