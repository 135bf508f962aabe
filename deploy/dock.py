"""The dock of the bench, from a program: what a person does there by tapping."""

from typing import Any, Self

import httpx


class Dock:
    """Orders to the simulated devices. httpx.HTTPStatusError tells of an order refused."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=10.0, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Leave the dock."""
        self._http.close()

    def place(self, person: str) -> None:
        """Put the ID card of a demo person (a key of the people file) on the reader."""
        self._post("api/id_reader/place", {"person": person})

    def remove(self) -> None:
        """Take away what lies on the reader."""
        self._post("api/id_reader/remove", {})

    def do(self, device: str, act: str, **words: object) -> None:
        """Do with a device what a hand does; /api/state lists the acts and their words."""
        self._post(f"api/{device}/{act}", words)

    def fault(self, device: str, fault: str) -> None:
        """Let a device go wrong, in the language of wire faults; "none" mends it."""
        self._post(f"api/{device}/fault", {"kind": fault})

    def made(self) -> dict[str, Any]:
        """The card that a station's reader had last."""
        return self._get("api/social_card/made").json()

    def slips(self) -> int:
        """How many slips were printed."""
        return self._get("api/printer/slips").json()["count"]

    def slip(self, which: str = "last") -> bytes:
        """A slip as PNG: `last`, or its number from 1."""
        return self._get(f"api/printer/slips/{which}.png").content

    def state(self) -> dict[str, Any]:
        """What is the matter with each device."""
        return self._get("api/state").json()

    def _get(self, path: str) -> httpx.Response:
        return self._http.get(path).raise_for_status()

    def _post(self, path: str, body: dict[str, Any]) -> None:
        self._http.post(path, json=body).raise_for_status()
