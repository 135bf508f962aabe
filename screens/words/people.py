"""Who stands here and for whom."""

from screens.words.word import N_, Words

WHO = N_("办理对象")
IDENTITY = N_("核对身份")

STEPS: dict[str, Words] = {
    "who": Words("choice", WHO, N_("您给谁办？"), N_("请按一下您的情况。")),
    "new_individual.who": Words("choice", WHO, N_("您给谁办社保卡？"), N_("请按一下您的情况。")),
    "new_individual.notice": Words(
        "notice",
        WHO,
        N_("办理前，请您看一看"),
        N_("首次办卡免费。本机收取资料，卡片在服务窗口制作。"),
        N_("会拍一张办理场景照片存档。您的资料只用于本次业务，加密保存，24 小时后清除。"),
        N_("知道了，开始办理"),
    ),
    "applicant": Words(
        "paper",
        IDENTITY,
        N_("请把身份证放在亮灯处"),
        N_("放平，保持两秒，读好后自动进入下一步。"),
        N_("身份证只用于本次业务，资料加密保存，24 小时后清除。"),
        secondary=N_("我没有身份证"),
    ),
    "applicant_of_agent": Words(
        "paper",
        IDENTITY,
        N_("请放申办人的身份证"),
        N_("先放要办卡的那个人的身份证，放平，保持两秒。"),
        N_("身份证只用于本次业务，资料加密保存，24 小时后清除。"),
        secondary=N_("申办人没有身份证"),
    ),
    "other_paper": Words(
        "choice", IDENTITY, N_("您带了哪种证件？"), N_("请按一下您手里的证件，要原件。")
    ),
    "page_ready": Words(
        "camera",
        IDENTITY,
        N_("请把证件放到拍摄台上"),
        N_("有照片和号码的一页朝上，放正放平。"),
        primary=N_("拍下这一页"),
    ),
    "page": Words("camera", IDENTITY, N_("正在拍摄，请不要移动证件")),
    "page_keep": Words(
        "picture",
        IDENTITY,
        N_("这一页看得清吗？"),
        N_("字迹清楚、没有反光、四角完整就可以。"),
        primary=N_("看得清，用这张"),
        secondary=N_("重新拍一张"),
    ),
    "paper_number": Words(
        "keypad",
        IDENTITY,
        N_("请输入证件号码"),
        N_("照着证件上的号码，一位一位地按。"),
        primary=N_("确认号码"),
    ),
    "paper_name": Words(
        "letters",
        IDENTITY,
        N_("请输入证件上的姓名"),
        N_("要和证件上的一模一样。"),
        primary=N_("确认姓名"),
    ),
    "paper_until": Words(
        "keypad",
        IDENTITY,
        N_("证件有效期到哪一天？"),
        N_("按 8 位数字，例如 2030 年 5 月 1 日，按 20300501。"),
        primary=N_("确认日期"),
    ),
    "agent": Words(
        "paper",
        IDENTITY,
        N_("请放代办人的身份证"),
        N_("您就是代办人。请放您自己的身份证，放平，保持两秒。"),
        N_("代办人须年满 18 周岁。"),
    ),
    "person_check": Words(
        "notice",
        IDENTITY,
        N_("请确认是您本人"),
        N_("证件是您本人的，内容真实；代他人办理的，已得到本人同意。"),
        N_("到窗口领卡时，工作人员还会核对原件。"),
        N_("是我本人，继续"),
        N_("这不是我的证件"),
    ),
    "swap_paper": Words(
        "paper", IDENTITY, N_("请取回这张证件"), N_("取走后，再换上您自己的证件。")
    ),
    "eligibility": Words("wait", IDENTITY, N_("正在查询能不能办，请稍等")),
}
