"""What a centre in production refuses to begin with: each row a sentence with its cure."""

import os
import stat
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path

from central.hsm.opening import DEMO
from central.images.vault import KEY, KEY_FILE
from central.operation.options import Options

SECRETS = (
    "secret",
    "pin_key.pem",
    "device_ca.key",
    "audit_key.pem",
    "voucher_key.pem",
    "image_key",
    "card_keys.sealed",
    "pin_key.sealed",
)
"""Files of the centre's folder that are nobody else's."""
NAMED = ("IMAGE_KEY_FILE", "HSM_KEK_FILE", "HSM_FIRST_PIN_FILE")
"""Variables that name files of secrets."""

Row = tuple[str, Callable[[Options], object]]

ROWS: tuple[Row, ...] = (
    (
        'trust is "open", which believes what anybody says: write [trust] mode = "tls" or "proxy"',
        lambda options: options.trust.mode == "open",
    ),
    (
        "behind a proxy the centre speaks plain HTTP: listen on 127.0.0.1, or end TLS here",
        lambda options: options.trust.mode == "proxy" and not _loopback(options),
    ),
    (
        "requests are not counted: take [trust] limits = false away",
        lambda options: options.trust.limits is False,
    ),
    (
        "the card keys are the public demo keys: name the HSM in [centre] hsm",
        lambda options: options.centre.hsm == DEMO,
    ),
    (
        "the image key would lie beside the images: name a file elsewhere in IMAGE_KEY_FILE",
        lambda _options: not (os.environ.get(KEY) or os.environ.get(KEY_FILE)),
    ),
)


def refusals(options: Options, folder: Path) -> list[str]:
    """Why the centre must not begin; empty in development."""
    if options.mode != "production":
        return []
    told = [sentence for sentence, wrong in ROWS if wrong(options)]
    return told + [_readable(path) for path in _secrets(options, folder) if _open(path)]


def _loopback(options: Options) -> bool:
    try:
        return ip_address(options.server.host).is_loopback
    except ValueError:
        return options.server.host == "localhost"


def _secrets(options: Options, folder: Path) -> list[Path]:
    named = (options.server.tls_key, options.trust.ca_key, options.store.database_url_file)
    told = [Path(os.environ[name]) for name in NAMED if os.environ.get(name)]
    return [folder / name for name in SECRETS] + [path for path in named if path] + told


def _open(path: Path) -> bool:
    return path.exists() and bool(path.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH))


def _readable(path: Path) -> str:
    return f"{path} is open to everybody on this machine: chmod 600 {path}"
