"""Reporting a card lost, and releasing it: short, for whoever lost a card is in a hurry."""

from screens.words.people import IDENTITY, WHO
from screens.words.word import N_, Words

LOSS = N_("确认挂失")
RELEASE = N_("确认解除挂失")
DONE = N_("完成")

STEPS: dict[str, Words] = {
    "loss_report.who": Words("choice", WHO, N_("谁的社保卡丢了？"), N_("请按一下您的情况。")),
    "loss_report.applicant_of_agent": Words(
        "paper",
        IDENTITY,
        N_("请放持卡人的身份证"),
        N_("先放丢了卡的那个人的身份证，放平，保持两秒。"),
        N_("身份证只用于本次业务，资料加密保存，24 小时后清除。"),
        secondary=N_("都没有带"),
    ),
    "loss_report.card_choice": Words(
        "choice", LOSS, N_("丢的是哪一张？"), N_("名下有几张社保卡，请按丢失的那一张。")
    ),
    "loss_report.in_hand": Words(
        "notice",
        LOSS,
        N_("您手中正是这张卡，仍要挂失吗？"),
        N_("刚才插入的，就是要挂失的这张社保卡。"),
        N_("挂失以后，这张卡马上不能用。卡没有丢，就不用挂失。"),
        N_("仍要挂失"),
        N_("不挂失了"),
    ),
    "loss_report.confirm": Words(
        "notice",
        LOSS,
        N_("要挂失这张卡吗？"),
        N_("签名提交后，马上生效。"),
        N_("按下按钮就是声明：我是本人；代他人办理的，已得到本人同意。"),
        N_("是我本人，要挂失"),
        N_("请工作人员确认"),
    ),
    "loss_report.signature": Words(
        "signature",
        LOSS,
        N_("请签名，确认挂失"),
        N_("用手指写您的名字。签好就提交，卡马上停用。"),
        primary=N_("签好了，立即挂失"),
        secondary=N_("到窗口签字"),
    ),
    "loss_report.scene_photo": Words("camera", LOSS, N_("正在拍办理场景照片")),
    "loss_report.seal": Words("wait", LOSS, N_("正在保存您的资料")),
    "loss_report.submit": Words("wait", LOSS, N_("正在挂失，请稍等"), N_("请不要离开，马上就好。")),
    "loss_report.slip": Words("wait", DONE, N_("正在准备回执")),
    "loss_report.voucher": Words("wait", DONE, N_("正在打印回执"), N_("回执从下方出纸口出来。")),
    "loss_report.done": Words("done", DONE, N_("已经挂失，卡已停用"), primary=N_("我已取走，结束")),
    "loss_cancel.who": Words("choice", WHO, N_("给谁的卡解除挂失？"), N_("请按一下您的情况。")),
    "loss_cancel.applicant": Words(
        "paper",
        IDENTITY,
        N_("请插入找到的社保卡"),
        N_("卡不在手边，放身份证也可以。"),
        N_("解除挂失以后，卡马上能用，所以请先确认卡在自己手里。"),
        secondary=N_("都没有带"),
    ),
    "loss_cancel.applicant_of_agent": Words(
        "paper",
        IDENTITY,
        N_("请插入找到的社保卡"),
        N_("卡不在手边，放持卡人的身份证也可以。"),
        N_("解除挂失以后，卡马上能用，所以请先确认卡在自己手里。"),
        secondary=N_("都没有带"),
    ),
    "loss_cancel.card_choice": Words(
        "choice", RELEASE, N_("找到的是哪一张？"), N_("请按找到的那一张。")
    ),
    "loss_cancel.confirm": Words(
        "notice",
        RELEASE,
        N_("要解除挂失吗？"),
        N_("签名提交后，马上生效。"),
        N_("按下按钮就是声明：卡已经找到；我是本人，代他人办理的已得到本人同意。"),
        N_("卡已找到，解除挂失"),
        N_("请工作人员确认"),
    ),
    "loss_cancel.signature": Words(
        "signature",
        RELEASE,
        N_("请签名，解除挂失"),
        N_("用手指写您的名字。签好就提交，卡马上能用。"),
        primary=N_("签好了，解除挂失"),
        secondary=N_("到窗口签字"),
    ),
    "loss_cancel.scene_photo": Words("camera", RELEASE, N_("正在拍办理场景照片")),
    "loss_cancel.seal": Words("wait", RELEASE, N_("正在保存您的资料")),
    "loss_cancel.submit": Words(
        "wait", RELEASE, N_("正在解除挂失，请稍等"), N_("请不要离开，马上就好。")
    ),
    "loss_cancel.slip": Words("wait", DONE, N_("正在准备回执")),
    "loss_cancel.voucher": Words("wait", DONE, N_("正在打印回执"), N_("回执从下方出纸口出来。")),
    "loss_cancel.done": Words(
        "done", DONE, N_("已解除挂失，卡能用了"), primary=N_("我已取走，结束")
    ),
    "loss_report.call": Words(
        "call",
        "",
        N_("现在连不上系统，没有挂失成功"),
        N_("电话挂失，和在这里挂失一样有效。"),
        primary=N_("再试一次"),
        secondary=N_("打印提示单"),
    ),
    "loss_report.call_unknown": Words(
        "call",
        "",
        N_("还不知道有没有挂失成功"),
        N_("电话里可以查；没成功的，当场就能挂失。"),
        primary=N_("再试一次"),
        secondary=N_("打印提示单"),
    ),
}
