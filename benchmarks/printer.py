"""How long a slip takes as a picture, over what the link alone needs.

Run: python -m benchmarks.printer

Serial: the time that the slip's bytes take at 8N1. TCP: the same bytes in one piece to the same
printer, until it says that they are used up. The driver looks at the status before, between bands
and after, and waits for each band. The printer is simulated in a process of its own; its paper
moves as fast as its bytes come, so nothing but the link and the waiting is measured, and the time
that the driver leaves the cutter (0.3 s) is not.
"""

import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from benchmarks.voucher import VOUCHER
from hardware.printer import frames, slip
from hardware.printer.driver import DOTS, Printer
from hardware.printer.simulator import PrinterSimulator

BAUDRATE = 115200
SERIAL_ROUNDS, TCP_ROUNDS = 3, 15
AIM = 1.1
"""Of the serial line: the driver's time over the wire's."""


def measure() -> dict[str, float]:
    """Give kB of the slip, seconds of both ways with their limits, and the ratios."""
    command = [sys.executable, "-m", "benchmarks.printer", "serve"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        address, path = server.stdout.readline().split()
        data = _bytes()
        serial_s = [_driver(path) for _ in range(SERIAL_ROUNDS)]
        pairs = [(_bare(address, data), _driver(address)) for _ in range(TCP_ROUNDS)]
    wire_s = len(data) * 10 / BAUDRATE
    bare_s, tcp_s = (statistics.median(pair[side] for pair in pairs) for side in (0, 1))
    return {
        "printer_slip_kb": len(data) / 1000,
        "printer_serial_wire_s": wire_s,
        "printer_serial_s": statistics.median(serial_s),
        "printer_serial_ratio": statistics.median(serial_s) / wire_s,
        "printer_tcp_bare_s": bare_s,
        "printer_tcp_s": tcp_s,
        "printer_tcp_ratio": statistics.median(driver / bare for bare, driver in pairs),
    }


def _bytes() -> bytes:
    parts = [part.data for part in slip.parts(VOUCHER, DOTS[80], "raster")]
    return b"".join([slip.HEAD, *parts, slip.TAIL.data])


def _driver(port: str) -> float:
    printer = Printer(port, 80, "raster", BAUDRATE, stroke_s=0.0)
    printer.reset()  # finds out what it knows, and measures the link: once in a printer's life
    return _timed(lambda: printer.print(VOUCHER))


def _bare(address: str, data: bytes) -> float:
    host, port = address.removeprefix("tcp://").split(":")

    def send() -> None:
        with socket.create_connection((host, int(port)), timeout=30) as line:
            line.sendall(data + frames.ECHO)
            assert line.recv(1), "used up"

    return _timed(send)


def _timed(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def serve() -> None:
    """Be the printer until the input ends."""
    with PrinterSimulator(baudrate=BAUDRATE) as simulator:
        sys.stdout.write(f"{simulator.address} {simulator.path}\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        serve()
    else:
        for name, value in measure().items():
            print(f"{name:24} {value:.4f}")
        print(f"{'aim (serial)':24} {AIM:.4f}")
