"""Another card in place of one: why, what it costs, the photo, and what happens at the window."""

from screens.words.handing import DONE, REVIEW
from screens.words.people import WHO
from screens.words.wishes import PHONE, PHOTO
from screens.words.word import N_, Words

WHY = N_("补换原因")

STEPS: dict[str, Words] = {
    "why": Words("choice", WHY, N_("为什么要补换卡？"), N_("请按一下您的情况。")),
    "replace_individual.who": Words("choice", WHO, N_("您给谁补换卡？"), N_("请按一下您的情况。")),
    "replace_individual.notice": Words(
        "notice",
        WHO,
        N_("办理前，请您看一看"),
        N_("本机收取资料，不收费；到服务窗口交费，当场制新卡。"),
        N_("会拍一张办理场景照片存档。您的资料只用于本次业务，加密保存，24 小时后清除。"),
        N_("知道了，开始办理"),
    ),
    "replace_individual.card_choice": Words(
        "choice", WHY, N_("要补换哪一张？"), N_("名下有几张社保卡，请按要补换的那一张。")
    ),
    "replace_individual.portrait_choice": Words(
        "choice", PHOTO, N_("卡上的照片要换吗？"), N_("不换最快；想换，现在就能拍。")
    ),
    "replace_individual.phone": Words(
        "keypad",
        PHONE,
        N_("请输入手机号码"),
        N_("11 位。新卡有消息时会联系您。"),
        primary=N_("确认号码"),
        secondary=N_("没有手机，跳过"),
    ),
    "replace_individual.review": Words(
        "review", REVIEW, N_("请核对，再提交"), primary=N_("核对无误，去签名")
    ),
    "replace_individual.done": Words(
        "done", DONE, N_("已受理，请到窗口"), primary=N_("我已取走，结束")
    ),
}
