"""Where a unit's files come from: a stick, or what a phone has sent; and why one is not taken."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, Self

LIST_ENDINGS = (".xlsx", ".csv", ".xls", ".xlsm", ".et")
"""What a list may be called; the content decides whether it is one."""


class FileFault(StrEnum):
    """Why a file is no list that can be taken, and what to do (F41)."""

    zh: str

    def __new__(cls, value: str, zh: str) -> Self:
        """A member is its code; its sentence comes along."""
        fault = str.__new__(cls, value)
        fault._value_ = value
        fault.zh = zh
        return fault

    NO_LIST = "no-list", "没有找到制卡明细表，请把名单（.xlsx或.csv）拷入后再试"
    EMPTY = "empty", "名单里没有人员，请按模板填写"
    NO_HEAD = "no-head", "没有找到表头，请使用模板，不要改动列名"
    HEAD = "head", "{reason}"
    TOO_MANY_ROWS = "too-many-rows", "名单最多{most}人，请分成几份"
    TOO_LARGE = "too-large", "文件太大，请删去无关的内容或分成几份"
    DAMAGED = "damaged", "文件打不开，请用模板另存为.xlsx或.csv"
    OLD_OFFICE = "old-office", "这是旧格式的表格，请另存为.xlsx"
    ENCRYPTED = "encrypted", "文件有密码，请去掉密码后再试"
    MACRO = "macro", "文件里有宏，请另存为不含宏的.xlsx"
    BOMB = "bomb", "文件解开后异常庞大，不能读取，请用模板重新制作"
    NESTED = "nested", "压缩包里还有压缩包，请只压缩一层"
    TOO_MANY_FILES = "too-many-files", "文件太多，请分成几次办理"
    NAME = "name", "有的文件名不能使用，请改成普通文字"
    CHANGED = "changed", "文件在读取时被改动，请不要操作U盘，重新读取"
    GONE = "gone", "文件不见了，请重新读取"
    NOT_READABLE = "not-readable", "文件无法读取，请换一个U盘"


class NotTaken(Exception):  # noqa: N818 - an answer
    """A file, or all of them, cannot be taken; `zh` is the sentence, without a name of a file."""

    def __init__(self, fault: FileFault, **words: object) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.zh = fault.zh.format(**words)


class Cancelled(Exception):  # noqa: N818 - an answer
    """Nobody waits for it any more."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file, in an archive or not: `path` tells it from all others, `size` in bytes."""

    path: str = field(repr=False)
    size: int

    @property
    def name(self) -> str:
        """Its name without folders."""
        return self.path.rpartition("/")[2]


class Source(Protocol):
    """Files of a unit; for one thread at a time.

    Both methods may raise `NotTaken`, `Cancelled`, and the `DeviceFault` of what they read from.
    Archives of pictures are given as their members.
    """

    def entries(self) -> Sequence[Entry]:
        """The files there are, archive by archive; cheap to ask again."""
        ...

    def read(self, entry: Entry) -> bytes:
        """A file whole, as long as its entry says; in the order of `entries` it is cheapest."""
        ...


def lists_of(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Those that may be the list; NO_LIST is raised where there is none."""
    found = tuple(each for each in entries if each.name.lower().endswith(LIST_ENDINGS))
    if not found:
        raise NotTaken(FileFault.NO_LIST)
    return found
