"""Look once more, sign, hand in, take the slip."""

from screens.words.word import N_, Words

REVIEW = N_("核对与签名")
DONE = N_("完成")

STEPS: dict[str, Words] = {
    "review": Words("review", REVIEW, N_("请核对，再提交"), primary=N_("核对无误，去签名")),
    "signature": Words(
        "signature",
        REVIEW,
        N_("请在框里签名"),
        N_("用手指写您的名字。签名后就提交，不能再改。"),
        primary=N_("签好了，提交"),
        secondary=N_("到窗口签字"),
    ),
    "scene_photo": Words("camera", REVIEW, N_("正在拍办理场景照片")),
    "seal": Words("wait", REVIEW, N_("正在保存您的资料")),
    "submit": Words("wait", REVIEW, N_("正在提交，请稍等"), N_("请不要离开，马上就好。")),
    "slip": Words("wait", DONE, N_("正在准备凭证")),
    "voucher": Words("wait", DONE, N_("正在打印凭证"), N_("凭证从下方出纸口出来。")),
    "done": Words("done", DONE, N_("已受理"), primary=N_("我已取走，结束")),
    "held": Words("done", DONE, N_("资料已保存，正在确认结果"), primary=N_("我已取走，结束")),
}
