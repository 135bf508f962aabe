"""One answer of the regulation, and the ids of its questions as `config/rules.toml` has them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from regulation.papers import Paper


class Service(StrEnum):
    """The services of the regulation."""

    NEW_INDIVIDUAL = "new_individual"
    NEW_BATCH = "new_batch"
    BATCH_TO_INDIVIDUAL = "batch_to_individual"
    ACTIVATE = "activate"
    REPLACE_INDIVIDUAL = "replace_individual"
    REPLACE_BATCH = "replace_batch"
    INFO_CHANGE = "info_change"
    PIN_CHANGE = "pin_change"
    PIN_RESET = "pin_reset"
    LOSS_REPORT = "loss_report"
    LOSS_CANCEL = "loss_cancel"
    UNLOCK = "unlock"
    STATUS_QUERY = "status_query"
    CANCEL = "cancel"
    ROLLBACK = "rollback"


class Applicant(StrEnum):
    """Who stands there, and for whom: `agent_adult` acts for an adult."""

    zh: str

    def __new__(cls, value: str, zh: str) -> Self:
        """A member is its id; its name comes along."""
        applicant = str.__new__(cls, value)
        applicant._value_ = value
        applicant.zh = zh
        return applicant

    SELF = "self", "本人"
    AGENT_ADULT = "agent_adult", "代成年人"
    AGENT_MINOR = "agent_minor", "代未成年人"
    UNIT_CLERK = "unit_clerk", "单位经办人"


class Channel(StrEnum):
    """Where."""

    zh: str

    def __new__(cls, value: str, zh: str) -> Self:
        """A member is its id; its name comes along."""
        channel = str.__new__(cls, value)
        channel._value_ = value
        channel.zh = zh
        return channel

    WINDOW = "window", "服务窗口"
    KIOSK = "kiosk", "自助一体机"
    ONLINE = "online", "“重庆人社”APP"
    PHONE = "phone", "电话12333"


class Verdict(StrEnum):
    """What the regulation says to it."""

    ALLOW = "allow"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Cell:
    """One answer of the regulation: one service, for one kind of applicant, in one channel.

    `papers` and `agent_papers`: any one of each suffices; both are empty where refused. `clause`
    cites the regulation, several with commas. `photo` .. `next` are the words of the table, ""
    where it has none. `route` is where a refusal sends people. `listed`: the table has a row.
    """

    service: Service
    applicant: Applicant
    channel: Channel
    verdict: Verdict
    clause: str
    route: str
    papers: tuple[Paper, ...] = ()
    agent_papers: tuple[Paper, ...] = ()
    photo: str = ""
    sign: str = ""
    voucher: str = ""
    make: str = ""
    activation: str = ""
    fee: str = ""
    next: str = ""
    listed: bool = False

    @property
    def allowed(self) -> bool:
        """Whether the regulation lets it be done."""
        return self.verdict is Verdict.ALLOW


@dataclass(frozen=True, slots=True)
class ServiceWords:
    """What a service is called, where refusals go, and the clauses that name its ways."""

    zh: str
    en: str
    route: str
    clause: str
    at: Mapping[Channel, str]
