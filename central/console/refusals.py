"""What a clerk reads for a problem that brings no sentence of its own (`reason_zh`)."""

from central.console.words import N_
from central.problems import Kind

CHINESE = {
    Kind.NOT_FOUND: N_("没有这个页面"),
    Kind.METHOD_NOT_ALLOWED: N_("这个页面不能这样打开"),
    Kind.BAD_REQUEST: N_("请求无法识别，请返回重试"),
    Kind.INVALID: N_("填写不完整或格式不对，请核对后再提交"),
    Kind.TOO_LARGE: N_("内容太大，最多 2 MB"),
    Kind.INTERNAL: N_("系统出错了，刚才的操作没有完成。请重试；仍不行请联系系统管理员"),
    Kind.BUSY: N_("系统正忙，刚才的操作没有完成，请稍后重试"),
    Kind.FORM_NOT_OURS: N_("页面已过期，刚才的操作没有完成，请重新操作一次"),
    Kind.ROLE_MISSING: N_("您的岗位不能办理这一项，请找业务主管或系统管理员"),
    Kind.SIGN_IN_REFUSED: N_("登录名、密码或验证码不对，或账号暂时锁定"),
    Kind.PASSWORD_WEAK: N_("这个密码不够安全，请换一个"),
    Kind.VOUCHER_UNKNOWN: N_("没有这个凭证，请核对凭证号或重新扫描"),
    Kind.UNKNOWN_PERSON: N_("系统中没有这个人"),
    Kind.NOT_INSURED: N_("此人没有参保登记"),
    Kind.NOT_ALLOWED: N_("按规程不能这样办理"),
    Kind.SERVICE_NOT_BUILT: N_("本系统暂不受理这项业务"),
    Kind.PAPER_NOT_ACCEPTED: N_("这种证件不能办理这项业务"),
    Kind.NUMBER_IMPOSSIBLE: N_("证件号码不正确，请核对"),
    Kind.PAPER_EXPIRED: N_("证件已过期"),
    Kind.HAS_CARD: N_("已有一张有效的社保卡"),
    Kind.APPLICATION_OPEN: N_("已有一笔未办结的申请"),
    Kind.PORTRAIT_MISSING: N_("缺少登记照"),
    Kind.SIGNATURE_MISSING: N_("缺少签名"),
    Kind.PHONE_IMPOSSIBLE: N_("手机号码格式不正确"),
    Kind.CARD_STATE_FORBIDS: N_("卡片现在的状态不能办理这一项"),
    Kind.CASE_STATE_FORBIDS: N_("这笔业务现在的状态不能办这一步"),
    Kind.CARD_KEYS_MISSING: N_("本系统没有装入卡片密钥，不能制卡"),
}
