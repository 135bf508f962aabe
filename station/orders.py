"""What is wanted of the station from outside, by any thread."""

import threading


class Orders:
    """`cancel` ends the waiting for a card; `ended` the station, which writes to its end first."""

    def __init__(self) -> None:
        self.cancel = threading.Event()
        self.ended = threading.Event()

    def eject(self) -> None:
        """Give the card back, and up what waits for one."""
        self.cancel.set()

    def end(self) -> None:
        """End the station."""
        self.ended.set()
        self.cancel.set()

    def ejected(self) -> bool:
        """Whether the card is to be given back; it is heard once, and stays if the station ends."""
        wanted = self.cancel.is_set()
        if not self.ended.is_set():
            self.cancel.clear()
        return wanted
