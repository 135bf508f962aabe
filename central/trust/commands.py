"""`python -m central enrol|confirm|revoke|devices|device-ca`: for who has the machine."""

import argparse
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from central.audit.records import SYSTEM, Actor
from central.clock import china_now
from central.database import Database, StoreError
from central.trust import devices, records
from central.trust.authority import open_authority
from central.trust.caller import device
from central.trust.records import Certificate

NOTHING = 1


def install(commands: Any, data: argparse.ArgumentParser) -> None:
    """Add the commands to the program's."""
    which = argparse.ArgumentParser(add_help=False)
    which.add_argument("kind", choices=sorted(kind.value for kind in devices.DEVICES))
    which.add_argument("id", help="0017, W301-1, a name of letters, digits and dashes")
    enrol = commands.add_parser(
        "enrol", parents=[data, which], help="a one-time code for a device, good for 15 minutes"
    )
    enrol.add_argument("--confirm", action="store_true", help="then compare its key: `confirm`")
    enrol.set_defaults(run=_enrol)
    confirm = commands.add_parser(
        "confirm", parents=[data, which], help="the key a device shows is the device's"
    )
    confirm.add_argument("fingerprint")
    confirm.set_defaults(run=_confirm)
    revoke = commands.add_parser(
        "revoke", parents=[data, which], help="refuse a device from now on"
    )
    revoke.set_defaults(run=_revoke)
    listing = commands.add_parser("devices", parents=[data], help="every certificate as JSON")
    listing.set_defaults(run=_devices)
    authority = commands.add_parser("device-ca", parents=[data], help="the device CA's certificate")
    authority.add_argument("--ca-key", type=Path, help="of a CA from elsewhere, PEM")
    authority.add_argument("--ca-certificate", type=Path)
    authority.set_defaults(run=_authority)


def _enrol(chosen: argparse.Namespace) -> int:
    with Database(chosen.data, create=False) as database, database.write() as session:
        named = _device(chosen)
        code = devices.invite(session, named, SYSTEM, china_now(), confirm=chosen.confirm)
    _print({"device": str(named), "code": code, "minutes": devices.CODE_LASTS.seconds // 60})
    return 0


def _confirm(chosen: argparse.Namespace) -> int:
    with Database(chosen.data, create=False) as database, database.write() as session:
        named = _device(chosen)
        right = devices.confirm(session, named, chosen.fingerprint, SYSTEM, china_now())
    if not right:
        sys.stderr.write(f"no key with this fingerprint waits for {named}: do not let it in\n")
        return NOTHING
    _print({"device": str(named), "confirmed": True})
    return 0


def _revoke(chosen: argparse.Namespace) -> int:
    with Database(chosen.data, create=False) as database, database.write() as session:
        named = _device(chosen)
        count = devices.revoke(session, named, SYSTEM, china_now())
    _print({"device": str(named), "revoked": count})
    return 0 if count else NOTHING


def _devices(chosen: argparse.Namespace) -> int:
    now = china_now()
    with Database(chosen.data, create=False) as database, database.read() as session:
        _print([shown(row, now) for row in records.every(session, most=100_000)])
    return 0


def shown(row: Certificate, now: datetime) -> dict[str, Any]:
    """A certificate as an operator reads it."""
    return {
        "device": row.device,
        "serial": row.serial,
        "issued_at": row.issued_at,
        "ends_at": row.ends_at,
        "end": row.end.lower(),
        "live": row.not_before <= now.isoformat() < row.ends_at,
        "used": row.used_at is not None,
    }


def _authority(chosen: argparse.Namespace) -> int:
    """For the proxy that looks at client certificates; made when there is none."""
    with Database(chosen.data):
        made = open_authority(chosen.data, chosen.ca_key, chosen.ca_certificate)
        sys.stdout.write(made.pem)
    return 0


def _device(chosen: argparse.Namespace) -> Actor:
    found = device(f"{chosen.kind}:{chosen.id}")
    if found is None:
        raise StoreError(f"{chosen.id}: a kiosk has four digits, others letters, digits, dashes")
    return found


def _print(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")
