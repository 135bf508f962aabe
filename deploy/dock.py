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

    def printer(self, **changes: str) -> None:
        """Change the printer: paper="full|low|out", cover="open|closed", cutter="ok|error"."""
        self._post("api/printer/state", changes)

    def fault(self, device: str, kind: str, **details: float) -> None:
        """Make a device fail, or mend it with kind="none"; /api/state lists the kinds."""
        self._post(f"api/{device}/fault", {"kind": kind, **details})

    def scene(self, camera: str, scene: str) -> None:
        """Put a "portrait" or a "page" before a camera."""
        self._post(f"api/{camera}/scene", {"scene": scene})

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
