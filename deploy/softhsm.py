"""A PKCS#11 token of our own in software (SoftHSM2), for tests and for trying.

`python -m deploy.softhsm -- COMMAND ...` makes one in a temporary folder, gives its settings file
to the command in CENTRE_HSM (`--hsm pkcs11:$CENTRE_HSM`), and removes it afterwards.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

NAME = "CENTRE_HSM"
CONF = "SOFTHSM2_CONF"
"""SoftHSM reads its configuration where this says, when the library is initialised."""
LABEL = "social-card"
PIN = "246813"
LIBRARY = Path("/usr/lib/softhsm/libsofthsm2.so")


class SoftHsmError(Exception):
    """There is no token; the text says what is missing."""


class SoftHsm:
    """A token in a folder: its library, label and PIN file. It may be taken away and put back."""

    def __init__(self, folder: Path) -> None:
        if not LIBRARY.exists():
            raise SoftHsmError(f"there is no {LIBRARY}: install Debian's package softhsm2")
        self.library, self.label = LIBRARY, LABEL
        self.pin_file = folder / "pin"
        self.pin_file.write_text(PIN)
        self.pin_file.chmod(0o600)
        self._tokens, self._away = folder / "tokens", folder / "away"
        self._tokens.mkdir()
        self.conf = folder / "softhsm2.conf"
        self.conf.write_text(
            f"directories.tokendir = {self._tokens}\nobjectstore.backend = file\n"
            "log.level = ERROR\n"
        )
        command = ["softhsm2-util", "--init-token", "--free", "--label", LABEL]
        done = subprocess.run(
            [*command, "--so-pin", PIN[::-1], "--pin", PIN],
            env=os.environ | {CONF: str(self.conf)},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SoftHsmError(f"softhsm2-util: {done.stderr or done.stdout}")

    def settings(self, more: str = "") -> str:
        """A settings file for `--hsm pkcs11:`; SoftHSM 2.6 knows OAEP with SHA-1 alone."""
        return (
            f'library = "{self.library}"\ntoken = "{self.label}"\npin_file = "{self.pin_file}"\n'
            f'pin_key_unwrap = "raw"\n{more}'
        )

    def take_away(self) -> None:
        """The token is gone, as if pulled out."""
        self._tokens.rename(self._away)
        self._tokens.mkdir()

    def put_back(self) -> None:
        """It is there again."""
        self._tokens.rmdir()
        self._away.rename(self._tokens)


@contextmanager
def softhsm() -> Generator[SoftHsm]:
    """A fresh token, which this process's SoftHSM finds."""
    folder = Path(tempfile.mkdtemp(prefix="centre-softhsm-"))
    before = os.environ.get(CONF)
    try:
        token = SoftHsm(folder)
        os.environ[CONF] = str(token.conf)
        yield token
    finally:
        os.environ.pop(CONF, None)
        if before is not None:
            os.environ[CONF] = before
        shutil.rmtree(folder, ignore_errors=True)


def main(arguments: list[str]) -> int:
    """Run the command; its exit code."""
    with softhsm() as token:
        settings = token.conf.with_name("hsm.toml")
        settings.write_text(token.settings())
        return subprocess.call(arguments, env=os.environ | {NAME: str(settings)})


if __name__ == "__main__":
    sys.exit(main(sys.argv[2:] if sys.argv[1:2] == ["--"] else sys.argv[1:]))
