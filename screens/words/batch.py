"""A unit's list: where it is, what is wrong with it, handed in, and the slip."""

from screens.words.people import IDENTITY, WHO
from screens.words.word import N_, Words

LIST = N_("名单")
CHECK = N_("核对名单")
HAND_IN = N_("签名提交")
DONE = N_("完成")

STEPS: dict[str, Words] = {
    "new_batch.who": Words("choice", WHO, N_("您给谁办社保卡？"), N_("请按一下您的情况。")),
    "new_batch.notice": Words(
        "notice",
        WHO,
        N_("单位批量新办，请先看一看"),
        N_("首次办卡免费。名单当场核对，有问题当场改。"),
        N_("名单只用于本次业务，不留在机器里。卡制好后，在这个网点一次领走。"),
        N_("知道了，开始办理"),
    ),
    "new_batch.applicant": Words(
        "paper",
        IDENTITY,
        N_("请放经办人的身份证"),
        N_("您就是经办人。身份证放平，保持两秒；也可以插您的社保卡。"),
        N_("身份证只用于本次业务，资料加密保存，24 小时后清除。"),
        secondary=N_("我没有身份证"),
    ),
    "new_batch.person_check": Words(
        "notice",
        IDENTITY,
        N_("请确认是您本人"),
        N_("您是单位的经办人，证件是您本人的。"),
        N_("名单上的人都知道并同意单位替他们办卡，内容真实。"),
        N_("是我本人，继续"),
        N_("这不是我的证件"),
    ),
    "units": Words("wait", IDENTITY, N_("正在查您的单位，请稍等")),
    "unit": Words("choice", IDENTITY, N_("替哪个单位办？"), N_("请按一下单位。")),
    "list_source": Words("choice", LIST, N_("名单在哪里？"), N_("名单就是填好的制卡明细表。")),
    "template": Words("wait", LIST, N_("正在准备模板")),
    "template_shown": Words(
        "code",
        LIST,
        N_("用手机扫码，拿空白名单"),
        N_("填好以后，和照片、证件扫描件一起拷进 U 盘，或用手机上传。"),
        primary=N_("拿到了，选名单"),
    ),
    "stick": Words(
        "stick", LIST, N_("请插入 U 盘"), N_("U 盘里要有名单、照片和扫描件。读好后自动进入下一步。")
    ),
    "phone_code": Words("wait", LIST, N_("正在准备二维码")),
    "phone_files": Words(
        "code",
        LIST,
        N_("用手机扫码，上传名单"),
        N_("名单、照片和扫描件都要传，15 分钟内有效。"),
        primary=N_("都传好了"),
    ),
    "phone_lists": Words("wait", LIST, N_("正在看传来的文件")),
    "list_file": Words("choice", LIST, N_("哪一个是名单？"), N_("找到了几个表格，请按一下。")),
    "preflight": Words(
        "progress", CHECK, N_("正在逐行核对名单"), N_("请不要拔 U 盘，不要关手机页面。")
    ),
    "rows": Words("rows", CHECK, N_("有 {wrong} 行要改"), N_("共 {rows} 行，{good} 行没有问题。")),
    "errors_drawn": Words("wait", CHECK, N_("正在准备错误清单")),
    "errors": Words(
        "code",
        CHECK,
        N_("错误清单"),
        N_("可以用手机扫码带走，也可以打印。"),
        primary=N_("打印错误清单"),
        secondary=N_("回到名单"),
    ),
    "errors_printed": Words("wait", CHECK, N_("正在打印错误清单")),
    "row": Words("choice", CHECK, N_("第 {line} 行　{name}"), N_("请按要改的地方。")),
    "mend_digits": Words(
        "keypad",
        CHECK,
        N_("第 {line} 行，请输入{field}"),
        primary=N_("改好了"),
        secondary=N_("长期有效"),
    ),
    "mend_letters": Words(
        "letters", CHECK, N_("第 {line} 行，请输入{field}"), primary=N_("改好了")
    ),
    "mend_choice": Words("choice", CHECK, N_("第 {line} 行，请选{field}")),
    "mended": Words("wait", CHECK, N_("正在核对改过的这一行")),
    "centre_check": Words("progress", CHECK, N_("正在和系统核对"), N_("请稍等，不会提交。")),
    "batch_before": Words(
        "notice",
        HAND_IN,
        N_("这批人员已经提交过"),
        N_("不用再提交，也不会重复制卡。"),
        primary=N_("补打凭证"),
        secondary=N_("换一份名单"),
    ),
    "batch_review": Words(
        "review", HAND_IN, N_("请核对，再签名提交"), primary=N_("核对无误，去签名")
    ),
    "new_batch.signature": Words(
        "signature",
        HAND_IN,
        N_("请在框里签名"),
        N_("用手指写您的名字。签名后就提交，不能再改。"),
        primary=N_("签好了，提交"),
        secondary=N_("到窗口签字"),
    ),
    "new_batch.scene_photo": Words("camera", HAND_IN, N_("正在拍办理场景照片")),
    "batch_upload": Words(
        "progress", HAND_IN, N_("正在上传照片和扫描件"), N_("请不要拔 U 盘，不要关手机页面。")
    ),
    "batch_submit": Words("progress", HAND_IN, N_("正在提交名单"), N_("请不要离开，马上就好。")),
    "give_stick": Words("paper", DONE, N_("请先取回您的 U 盘"), N_("取走后，马上给您看结果。")),
    "new_batch.done": Words("done", DONE, N_("名单已受理"), primary=N_("我已取走，结束")),
    "batch_held": Words("done", DONE, N_("名单已保存，正在确认结果"), primary=N_("我已取走，结束")),
}

STAGES: dict[str, str] = {
    "rows": N_("已核对 {done} 行，共 {total} 行"),
    "pictures": N_("已看 {done} 张图片，共 {total} 张"),
    "centre": N_("已核对 {done} 人，共 {total} 人"),
    "upload": N_("已上传 {done} 人的图片，共 {total} 人"),
    "submit": N_("已提交 {done} 人，共 {total} 人"),
}
"""How far a long work is, by the stage that the work tells."""

FIELDS: dict[str, str] = {
    "name": N_("姓名"),
    "paper": N_("证件类型"),
    "number": N_("证件号码"),
    "sex": N_("性别"),
    "ethnicity": N_("民族"),
    "birth": N_("出生日期"),
    "valid_to": N_("证件有效期止"),
    "phone": N_("手机"),
    "address": N_("联系地址"),
    "bank": N_("制卡银行"),
    "minor": N_("是否未成年"),
    "guardian_name": N_("监护人姓名"),
    "guardian_number": N_("监护人证件号"),
    "portrait_file": N_("照片文件名"),
    "old_card": N_("原卡号"),
    "reason": N_("原因"),
    "new_portrait": N_("是否换照片"),
    "remark": N_("备注"),
    "portrait": N_("照片"),
    "id_front": N_("身份证人像面"),
    "id_back": N_("身份证国徽面"),
    "household_page": N_("户口簿本人页"),
    "household_changes": N_("户口簿增减页"),
}
"""The columns of a list, as `regulation.card_list.rows` names them, to be said in English too."""

FAULTS: tuple[str, ...] = (
    N_("这一行有合并的单元格，请取消合并后逐行填写"),
    N_("这一行是空行，请删去"),
    N_("这一行比表头长，请核对"),
    N_("{field}存成了数字，末几位已丢失，请把这一列设为文本后重新填写"),
    N_("{field}的公式没有算出结果，请直接填写内容"),
    N_("{field}只能填“是”或“否”"),
    N_("{field}没有填写，请补上"),
    N_("{field}含有不能识别的字符，请改正"),
    N_("{field}太长，请缩短"),
    N_("{field}不是可选的内容，请按模板说明填写"),
    N_("批量办理只收居民身份证和户口簿，其他证件请本人单独申领"),
    N_("成年人请填居民身份证"),
    N_("证件号码应为18位，请补全"),
    N_("15位老号码已停用，请填18位号码"),
    N_("证件号码中的出生日期不正确，请核对"),
    N_("证件号码的末位校验不符，请逐位核对"),
    N_("{field}与证件号码不一致，请核对"),
    N_("{field}应为8位日期（年月日）或“长期”"),
    N_("证件已过有效期，请换证后再申领"),
    N_("手机应为11位号码，或023开头的座机"),
    N_("监护人应为成年人，且不是本人，请核对"),
    N_("证件号码与第{row}行重复，请删去一行"),
    N_("{field}里不能有斜杠等路径符号，请只写文件名"),
    N_("缺少{field}影像，请补上"),
    N_("{field}有两个同名的文件，请只留一个"),
    N_("{field}文件太大，请压缩到2MB以内"),
    N_("{field}打不开，请重新存为JPG图片"),
    N_("{field}太小看不清，请换清晰的图片"),
    N_("{field}应为竖版一寸证件照，请裁剪后再交"),
    N_("{field}太暗，请换一张"),
    N_("{field}太亮，请换一张"),
    N_("{field}模糊，请换一张清晰的"),
    N_("{field}应为白色背景，请换一张"),
    N_("{field}与第{row}行的图片是同一张，请换成本人的"),
    N_("{field}在检查以后被改动过，请重新检查"),
    N_("{field}影像没有传到，请重新上传"),
    N_("未查到此人，请核对姓名和证件号码"),
    N_("此人没有参保登记，请先办理参保"),
    N_("此人已有社保卡，请删去这一行；需要补换的另行办理"),
    N_("此人已在另一个批次中，请删去这一行"),
    N_("此人正在个人申领，请删去这一行"),
    N_("系统没有通过这一行，请到窗口核对"),
)
"""The sentences of `regulation.card_list.faults`, marked to be said in English too."""
