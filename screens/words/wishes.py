"""How to reach the person, which bank, which photo."""

from screens.words.word import N_, Words

PHONE = N_("联系电话")
ADDRESS = N_("联系地址")
BANK = N_("开户银行")
PHOTO = N_("拍照")

STEPS: dict[str, Words] = {
    "phone": Words(
        "keypad",
        PHONE,
        N_("请输入手机号码"),
        N_("11 位。卡片有消息时会联系您。"),
        primary=N_("确认号码"),
        secondary=N_("没有手机，跳过"),
    ),
    "address": Words(
        "notice",
        ADDRESS,
        N_("这个地址对吗？"),
        N_("用来联系您。不对也没关系，到窗口再改。"),
        primary=N_("地址对，继续"),
        secondary=N_("不对，到窗口再改"),
    ),
    "bank": Words(
        "choice", BANK, N_("您想用哪家银行？"), N_("社保卡也是一张银行卡，银行由您自己选。")
    ),
    "portrait_choice": Words(
        "choice", PHOTO, N_("要给孩子拍照吗？"), N_("未成年人的卡可以不带照片，由您决定。")
    ),
    "portrait_ready": Words(
        "camera",
        PHOTO,
        N_("请站好，看着镜头"),
        N_("摘下帽子，露出耳朵和眉毛，头放在框里。坐着拍也可以。"),
        primary=N_("拍照片"),
        secondary=N_("扫描纸质照片"),
    ),
    "portrait_scan": Words(
        "camera",
        PHOTO,
        N_("请把照片放到拍摄台上"),
        N_("一寸白底免冠照片，正面朝上，放在框里。"),
        primary=N_("拍下照片"),
        secondary=N_("改用镜头拍照"),
    ),
    "portrait": Words("camera", PHOTO, N_("请看镜头，不要动")),
    "portrait_keep": Words(
        "picture",
        PHOTO,
        N_("这张照片满意吗？"),
        N_("这张照片会印在社保卡上。"),
        primary=N_("满意，用这张"),
        secondary=N_("重新拍一张"),
    ),
}
