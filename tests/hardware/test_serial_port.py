"""What is sent arrives whole, and only a line that takes nothing is gone."""

import itertools
import os
import select
import threading
import tty

import pytest
import serial.serialutil

from hardware.serial_port import PortGone, SerialPort

MORE_THAN_A_LINE_HOLDS = bytes(range(256)) * 400


@pytest.fixture
def line():
    """The device's end of a port, and the port."""
    device, host = os.openpty()
    tty.setraw(host)
    port = SerialPort(os.ttyname(host), 115200)
    port.open()
    yield device, port
    port.close()
    os.close(host)
    os.close(device)


def test_what_a_slow_device_takes_in_pieces_arrives_whole(line):
    device, port = line
    writer = threading.Thread(target=port.write, args=(MORE_THAN_A_LINE_HOLDS,))
    writer.start()
    came = b""
    while len(came) < len(MORE_THAN_A_LINE_HOLDS):
        came += os.read(device, 1000)
    writer.join(10)
    assert came == MORE_THAN_A_LINE_HOLDS


def test_a_line_that_takes_nothing_is_gone_and_can_be_opened_again(line):
    device, port = line
    with pytest.raises(PortGone) as caught:
        port.write(MORE_THAN_A_LINE_HOLDS)
    assert not caught.value.held
    while select.select([device], [], [], 0)[0]:
        os.read(device, 4096)
    assert port.open()
    port.write(b"again")
    assert os.read(device, 4096).endswith(b"again")


def test_a_host_that_was_busy_meanwhile_has_a_line_all_the_same(line, monkeypatch):
    """Every look at the clock is a minute later than the one before."""
    device, port = line
    monkeypatch.setattr(serial.serialutil.Timeout, "TIME", itertools.count(0, 60).__next__)
    port.write(b"status")
    assert os.read(device, 4096) == b"status"
