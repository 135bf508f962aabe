"""What the station shows: one word, a sentence for the clerk, since when; for a window lamp."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Lamp(StrEnum):
    """What the station does now."""

    STARTING = "starting"
    IDLE = "idle"
    OFFLINE = "offline"
    INSERT = "insert"
    WRITING = "writing"
    SETTLING = "settling"
    TAKE_CARD = "take_card"
    SPOILED = "spoiled"
    FAULT = "fault"
    ENDED = "ended"


SENTENCES = {
    Lamp.STARTING: "正在启动，请稍候。",
    Lamp.IDLE: "准备就绪，等待制卡任务。",
    Lamp.OFFLINE: "暂时连不上中心，恢复后自动继续，请不要取卡。",
    Lamp.INSERT: "请放入一张空白卡。",
    Lamp.WRITING: "正在写卡，请不要取卡。",
    Lamp.SETTLING: "正在向中心确认，请不要取卡。",
    Lamp.TAKE_CARD: "请取走卡片。",
    Lamp.SPOILED: "这张卡已作废，请取走并按规定销毁。",
    Lamp.FAULT: "读卡器有问题，请检查连接和卡片。",
    Lamp.ENDED: "制卡服务已停止。",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown: `detail` is the sentence, `write_id` the card write it is about, or ""."""

    state: Lamp
    detail: str
    write_id: str
    since: datetime


class Board:
    """What is shown now; any thread may look."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._shown = Shown(Lamp.STARTING, SENTENCES[Lamp.STARTING], "", clock())

    @property
    def shown(self) -> Shown:
        """What is shown now."""
        with self._lock:
            return self._shown

    def show(self, state: Lamp, write_id: str = "") -> None:
        """Show this; `since` stays if it is shown already."""
        with self._lock:
            if (self._shown.state, self._shown.write_id) != (state, write_id):
                self._shown = Shown(state, SENTENCES[state], write_id, self._clock())
