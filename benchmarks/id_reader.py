"""How long a whole reading takes, against what the wire alone needs.

Run: python -m benchmarks.id_reader
"""

import statistics
import tempfile
import threading
import time
from pathlib import Path

from hardware.id_reader import commands
from hardware.id_reader.driver import IdReader, Reading
from hardware.id_reader.frames import build_reply
from hardware.id_reader.simulator import IdCard, IdReaderSimulator

BAUDRATE = 115200
ROUNDS = 20
AIM = 1.1
SPECIMEN = IdCard("11010519491231002X", "张三", address="重庆市渝中区人民路1号")


def wire_s() -> float:
    """Give the seconds that all bytes of a reading take at 8N1, both ways."""
    frames = (
        commands.FIND.frame,
        build_reply(commands.FOUND, bytes(4)),
        commands.SELECT.frame,
        build_reply(commands.OK, bytes(8)),
        commands.READ.frame,
        build_reply(commands.OK, SPECIMEN.payload()),
        commands.NEWEST_ADDRESS.frame,
        build_reply(commands.NONE),
    )
    return sum(map(len, frames)) * 10 / BAUDRATE


def measure() -> dict[str, float]:
    """Give the wire's limit, the median and the worst reading (seconds), and median over limit."""
    never = threading.Event()
    with tempfile.TemporaryDirectory() as folder:
        link = Path(folder) / "id_reader"
        with IdReaderSimulator(link, BAUDRATE) as simulator:
            simulator.place(SPECIMEN)
            reader = IdReader(str(link), BAUDRATE)
            reader.status()  # opening the port is not part of a reading
            times = [_once(reader, never) for _ in range(ROUNDS)]
            reader.close()
    limit, median = wire_s(), statistics.median(times)
    return {
        "id_read_wire_s": limit,
        "id_read_median_s": median,
        "id_read_worst_s": max(times),
        "id_read_ratio": median / limit,
    }


def _once(reader: IdReader, never: threading.Event) -> float:
    began = time.perf_counter()
    outcome = reader.read(never, 0)
    took = time.perf_counter() - began
    assert isinstance(outcome, Reading), "the specimen was not read"
    return took


if __name__ == "__main__":
    for name, value in measure().items():
        print(f"{name:18} {value:.4f}")
    print(f"{'aim':18} {AIM:.4f}")
