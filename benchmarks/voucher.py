"""How long a voucher takes to build, and how many bytes it is, as text and as raster.

`python -m benchmarks.voucher` prints the figures; `measure` gives them to the other benchmarks.
"""

import statistics
import time

from hardware.printer import raster, slip
from hardware.printer.document import Document, Feed, Pair, Qr, Rule, Text

VOUCHER: Document = (
    Text("自助业务受理凭证", size=2, bold=True, align="center"),
    Rule(),
    Pair("业务", "新办社会保障卡"),
    Pair("凭证号", "CQ-0001-20260115-0001-K"),
    Pair("申办人", "张*"),
    Pair("证件", "110***********002X"),
    Pair("手机", "138****1234"),
    Pair("受理时间", "2026-01-15 09:30"),
    Pair("机构", "渝中区社会保险服务大厅 0001"),
    Pair("下一步", "请持本凭证到 3 号窗口等待制卡；一般现场制卡，最长不超过 24 小时。"),
    Pair("费用", "首次办卡免费"),
    Pair("查询", "023-12333"),
    Rule(),
    Qr("v1|CQ-0001-20260115-0001-K|9F3A6C0D5B7E41A2"),
    Feed(1),
    Text("规程 3.1.2(2)", align="center"),
)
WIDTHS = {58: 384, 80: 576}
ROUNDS = 30


def measure() -> dict[str, float]:
    """Median milliseconds to build (fonts warm), and bytes, by paper width and mode."""
    figures: dict[str, float] = {}
    modes: tuple[slip.Mode, ...] = ("text", "raster")
    for width_mm, dots in WIDTHS.items():
        for mode in modes:
            took: list[float] = []
            sent = _bytes(dots, mode)
            for _ in range(ROUNDS):
                start = time.perf_counter()
                _bytes(dots, mode)
                took.append(time.perf_counter() - start)
            figures[f"voucher_{width_mm}mm_{mode}_ms"] = statistics.median(took) * 1000
            figures[f"voucher_{width_mm}mm_{mode}_bytes"] = sent
    start = time.perf_counter()
    raster.picture(VOUCHER, WIDTHS[80])
    figures["voucher_picture_ms"] = (time.perf_counter() - start) * 1000
    return figures


def _bytes(dots: int, mode: slip.Mode) -> int:
    parts = slip.parts(VOUCHER, dots, mode)
    return len(slip.HEAD) + sum(len(part.data) for part in (*parts, slip.TAIL))


if __name__ == "__main__":
    for name, figure in measure().items():
        print(f"{name:32} {figure:10.2f}")
