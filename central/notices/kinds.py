"""What the centre tells people by text message: one row a kind, Chinese first, English after.

A message names no person, number or card: it may be read over a shoulder, or on a phone that has
another owner by now. `{…}` are its parameters; each must be told, and none may be personal.
"""

import string
from dataclasses import dataclass
from enum import Enum

MOST_PARAMETER = 200


@dataclass(frozen=True, slots=True)
class Words:
    """The two texts of a kind."""

    zh: str
    en: str

    @property
    def parameters(self) -> frozenset[str]:
        """The names both texts need."""
        return frozenset(
            name
            for text in (self.zh, self.en)
            for _, name, _, _ in string.Formatter().parse(text)
            if name
        )


class NoticeKind(Enum):
    """Every notice."""

    APPLICATION_ACCEPTED = Words(
        "您的社保卡业务{voucher_no}已受理，预计{due_on}前办好。办好后会再发短信告诉您，请放心。",
        "Your application {voucher_no} is accepted and should be done by {due_on}.",
    )
    REPLACEMENT_ACCEPTED = Words(
        "您的社保卡业务{voucher_no}已受理，一般现场制卡。办好后会再发短信告诉您，请放心。",
        "Your application {voucher_no} is accepted. The card is usually made on the spot.",
    )
    """No clause promises a replacement by a day (规程 3.1.3)."""
    APPLICATION_SENT_BACK = Words(
        "您的社保卡业务{voucher_no}暂时没能办成：{reason}。请按提示准备好后再来，咨询请拨打12333。",
        "Your application {voucher_no} was sent back. Please see the reason above or call 12333.",
    )
    CARD_READY = Words(
        "您的社保卡已制好，请带上身份证和凭证{voucher_no}到{window}领取。",
        "Your card is ready. Please bring your ID and voucher {voucher_no} to {window}.",
    )
    CARD_ENABLED = Words(
        "您的社保卡（凭证{voucher_no}）已启用，可以使用了。金融功能请到开户银行激活。",
        "Your card ({voucher_no}) is in use now. The bank activates its bank account.",
    )
    PIN_RESET_BY_AGENT = Words(
        "您的社保卡密码刚由代办人重置。如不是您的委托，请立即拨打12333挂失。",
        "Your card's PIN was just reset by an agent. If you did not ask for it, call 12333 now.",
    )
    PIN_RESET = Words(
        "您的社保卡密码刚刚重置。如不是您本人办理，请立即拨打12333挂失。",
        "Your card's PIN was just reset. If that was not you, call 12333 now.",
    )
    ONE_TIME_CODE = Words(
        "验证码{code}，10分钟内有效。有人持您的社保卡代办密码重置；如不是您的委托，"
        "请不要告诉任何人，并立即拨打12333挂失。",
        "Code {code}, good for 10 minutes, for an agent's reset of your card's PIN. "
        "If you asked nobody, tell no one and call 12333.",
    )
    LOSS_REPORTED = Words(
        "您的社保卡已挂失，社保功能已停用。银行账户请另向发卡银行挂失。"
        "如不是您本人办理，请拨打12333。",
        "Your card is reported lost. Report the bank account to the bank too. Questions: 12333.",
    )
    LOSS_RELEASED = Words(
        "您的社保卡已解除挂失，可以正常使用。如不是您本人办理，请立即拨打12333。",
        "Your card's loss report is lifted. If that was not you, call 12333 now.",
    )
    BATCH_READY = Words(
        "贵单位的批量制卡{batch_no}已完成，请经办人带上身份证和凭证到原网点领取。",
        "Your unit's batch {batch_no} is ready at the outlet where it was submitted.",
    )
    BATCH_ENABLED = Words(
        "您单位代领的社保卡已自动启用，可以使用了。如还没有拿到卡，请联系单位或拨打12333。",
        "The card your employer picked up is in use now. If you do not have it, call 12333.",
    )


def check(kind: NoticeKind, parameters: dict[str, str]) -> None:
    """Raise `ValueError` for parameters that are missing, needless, empty or too long."""
    wanted = kind.value.parameters
    if parameters.keys() != wanted:
        raise ValueError(f"{kind.name} takes {sorted(wanted)}, not {sorted(parameters)}")
    if not all(0 < len(value) <= MOST_PARAMETER for value in parameters.values()):
        raise ValueError(f"a parameter of {kind.name} is empty or too long")


def render(kind: NoticeKind, parameters: dict[str, str]) -> str:
    """The message as it is sent."""
    words = kind.value
    return f"【社保卡】{words.zh.format(**parameters)}\n{words.en.format(**parameters)}"
