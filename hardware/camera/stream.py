"""The port of a simulated network camera: clients come, each is served on a thread of its own."""

import contextlib
import socket
import threading
from collections.abc import Callable

_LONGEST_REQUEST = 8192


class Client:
    """Somebody who looks; `request` is what was sent to begin with."""

    def __init__(self, connection: socket.socket, unplugged: threading.Event) -> None:
        self._connection = connection
        self._unplugged = unplugged
        self.request = b""

    def listen(self) -> bool:
        """Take a request up to its empty line; False if none came whole."""
        while b"\r\n\r\n" not in self.request and len(self.request) < _LONGEST_REQUEST:
            data = self._connection.recv(_LONGEST_REQUEST)
            if not data:
                return False
            self.request += data
        return b"\r\n\r\n" in self.request

    def send(self, data: bytes) -> None:
        """Send all of it; OSError if nobody looks any more."""
        self._connection.sendall(data)

    def wait(self, seconds: float) -> bool:
        """Let time pass; True as soon as the camera is unplugged, and if nobody looks any more."""
        if self._unplugged.wait(max(0.0, seconds)):
            return True
        try:
            return not self._connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:  # says nothing, and is there
            return False


class Port:
    """One plugging-in of the camera: it listens on 127.0.0.1 from the start, until `hang_up`.

    `serve` is called with each client on the client's own thread; its OSError ends that client.
    """

    def __init__(self, number: int, serve: Callable[[Client], None]) -> None:
        self._serve = serve
        self._unplugged = threading.Event()
        self._lock = threading.Lock()
        self._clients: dict[socket.socket, threading.Thread] = {}
        self._listener = socket.create_server(("127.0.0.1", number))
        self.number: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, name="camera-port", daemon=True)
        self._thread.start()

    def hang_up(self) -> None:
        """Cut every connection in the middle of whatever it sends, and take no new one."""
        self._unplugged.set()
        with self._lock, contextlib.suppress(OSError):  # hung up already
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            for connection in self._clients:
                with contextlib.suppress(OSError):  # it left by itself just now
                    connection.shutdown(socket.SHUT_RDWR)

    def join(self) -> None:
        """Wait until every thread but the caller's has ended."""
        with self._lock:
            threads = [self._thread, *self._clients.values()]
        for thread in threads:
            if thread is not threading.current_thread():
                thread.join()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:  # hung up
                return
            thread = threading.Thread(
                target=self._run, args=(connection,), name="camera-client", daemon=True
            )
            with self._lock:
                if self._unplugged.is_set():
                    connection.close()
                    return
                self._clients[connection] = thread
                thread.start()

    def _run(self, connection: socket.socket) -> None:
        client = Client(connection, self._unplugged)
        with contextlib.suppress(OSError):  # it left
            if client.listen():
                self._serve(client)
        with self._lock:
            del self._clients[connection]
        connection.close()
