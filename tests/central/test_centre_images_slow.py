"""Heads and bodies without end, bodies of 2 GB, bodies that trickle: each is ended."""

import json
import queue
import socket
import threading

import pytest

from central.app import build_app
from central.guard import MAX_BODY, Guard
from central.operation.connection import MOST_HEAD
from central.server import Server, listen

PATH = f"/v1/images/{'0' * 64}"
IN_TIME_S = 20


@pytest.fixture(scope="module")
def address():
    """A server whose bodies have half a second."""
    app, ready = build_app(None), queue.SimpleQueue()
    for middleware in app.user_middleware:
        if middleware.cls is Guard:
            middleware.kwargs["body_s"] = 0.5
    with listen("127.0.0.1", 0) as listener:
        server = Server(app, listener, ready.put)
        thread = threading.Thread(target=server.run)
        thread.start()
        ready.get(timeout=IN_TIME_S)
        yield app, listener.getsockname()
        server.should_exit = True
        thread.join()


@pytest.fixture
def connect(address, centre):
    app, where = address
    app.state.centre = centre
    opened = []

    def connect(*headers):
        wire = socket.create_connection(where, timeout=IN_TIME_S)
        opened.append(wire)
        lines = (f"PUT {PATH} HTTP/1.1", "Host: centre", "Content-Type: image/jpeg", *headers)
        wire.sendall("".join(f"{line}\r\n" for line in lines).encode() + b"\r\n")
        return wire

    yield connect
    for wire in opened:
        wire.close()
    app.state.centre = None


def ended(wire):
    """The status and the problem of an answer after which the server hangs up."""
    answer = b""
    while part := wire.recv(65536):
        answer += part
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"connection: close" in head.lower()
    return int(head.split()[1]), json.loads(body)["type"].rpartition(":")[2]


def test_2_gb_announced_are_refused_before_a_byte_is_read(connect):
    wire = connect(f"Content-Length: {2 << 30}")
    assert ended(wire) == (413, "too-large")


def test_a_head_without_end_is_cut(address):
    _, where = address
    sent, piece = 0, b"a" * MOST_HEAD
    with socket.create_connection(where, timeout=IN_TIME_S) as wire:
        wire.sendall(b"GET /v1/health HTTP/1.1\r\nX-Long: ")
        with pytest.raises(OSError):
            while sent < 256 * MOST_HEAD:
                wire.sendall(piece)
                sent += len(piece)
    assert sent < 256 * MOST_HEAD


def test_an_answer_that_comes_before_the_body_is_read_to_its_end(connect):
    wire = connect(f"Content-Length: {MAX_BODY}", "X-Device: nobody")
    assert wire.recv(65536).startswith(b"HTTP/1.1 401 ")
    wire.sendall(bytes(MAX_BODY))
    wire.sendall(b"GET /healthz HTTP/1.1\r\nHost: centre\r\n\r\n")
    assert wire.recv(65536).startswith(b"HTTP/1.1 200 ")


def test_a_body_without_end_is_cut(connect):
    wire = connect("Transfer-Encoding: chunked")
    piece = bytes(65536)
    chunk = f"{len(piece):x}\r\n".encode() + piece + b"\r\n"
    sent = 0
    with pytest.raises(OSError):
        while sent < 64 * MAX_BODY:
            wire.sendall(chunk)
            sent += len(piece)
    assert sent < 64 * MAX_BODY


def test_a_body_just_too_large_without_length_reads_why(connect):
    wire = connect("Transfer-Encoding: chunked")
    wire.sendall(f"{MAX_BODY + 1:x}\r\n".encode() + bytes(MAX_BODY + 1))
    assert ended(wire) == (413, "too-large")


@pytest.mark.parametrize("how", ["Content-Length: 1000", "Transfer-Encoding: chunked"])
def test_a_body_that_trickles_is_ended(connect, how):
    wire = connect(how)
    answer, byte = queue.SimpleQueue(), b"x" if "Length" in how else b"1\r\nx\r\n"
    reader = threading.Thread(target=lambda: answer.put(ended(wire)))
    reader.start()
    while reader.is_alive():
        try:
            wire.sendall(byte)
        except OSError:
            break
        reader.join(0.05)  # the pace of the trickle
    assert answer.get(timeout=IN_TIME_S) == (408, "too-slow")
