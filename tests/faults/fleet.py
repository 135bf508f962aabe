"""A kiosk that takes its configuration from afar, and the operator who signs for it."""

from dataclasses import replace

from kiosk.push import Rhythm
from tests.kiosk.configuration.repository import Repository, Server
from tests.logged import rows

QUICK = Rhythm(wait_s=1.0, poll_s=0.2, first_s=0.05, spread_s=0.0, chance=lambda: 1.0)
PROBATION_S = 60.0
TITLE = "请把身份证放在亮灯处"
OTHER_TITLE = "请把身份证平放在亮灯处"


class Fleet:
    """Signs documents, and sees what becomes of them. `citizen` stands before the kiosk."""

    def __init__(self, port, folder, open_kiosk):
        self.repository = Repository()
        self.server = Server(self.repository, port)
        self.root = folder / "root.json"
        self.root.write_bytes(self.repository.first_root)
        self._open, self.citizen, self._since = open_kiosk, None, 0

    def start(self, at="home", **settings):
        """Start the kiosk, as it is started anew after an end; gives who stands before it."""
        self._since = len(self.server.reports)
        root = {"central_url": self.server.url, "central_fleet_root": str(self.root)}
        citizen = self.citizen = self._open(**root, central_probation_s=PROBATION_S, **settings)
        citizen.kiosk.afar.start()
        citizen.wait(at)
        return citizen

    def stop(self):
        """End the kiosk as SIGTERM would."""
        if self.citizen is not None:
            self.citizen.kiosk.afar.close()
            self.citizen.close()
            self.citizen = None

    def close(self):
        self.stop()
        self.server.close()

    def document(self, revision, **members):
        """A document of this kiosk that rewords the title of home."""
        good = {"schema": 1, "kiosk": "0017", "revision": revision, "mode": "in_service"}
        texts = {TITLE: {"zh": f"{OTHER_TITLE} {revision}"}}
        return good | {"texts": texts} | members

    def put(self, revision, **members):
        """Sign a document, and tell the kiosk that waits."""
        self._since = len(self.server.reports)
        self.repository.put(self.document(revision, **members), revision)
        self.server.push(revision)

    def until(self, truth):
        """Let the kiosk go on until `truth()` holds."""

        def there():
            self.citizen.kiosk.tick()
            return truth()

        self.citizen.until(there)

    def reported(self, state, revision, **members):
        """Wait for a report since the start, or the last `put`; gives it."""
        wanted = {"state": state, "revision": revision} | members
        found = []

        def there():
            told = self.server.reports[self._since :]
            found[:] = [row for row in told if wanted.items() <= row.items()]
            return found

        self.until(there)
        return found[-1]

    def commits(self, revision, **members):
        """Have a document applied, and prove itself."""
        self.put(revision, **members)
        self.reported("probation", revision)
        self.citizen.silence(PROBATION_S + 1)
        return self.reported("committed", revision, serving=revision)

    def events(self, *names):
        """What the kiosk wrote down, of these events."""
        return rows(self.citizen.kiosk.settings.data_dir, *names)

    def refusals(self):
        rows = self.events("configuration_refused")
        return [(row["revision"], row["step"], row["reason"]) for row in rows]

    @property
    def title(self):
        return self.citizen.view.title


def quick(pace):
    """A kiosk's patience that asks for its configuration all the time."""
    return replace(pace, push=QUICK)
