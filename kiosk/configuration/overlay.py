"""The kiosk's own settings with some of them changed from afar. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from kiosk.settings import KEYS, LISTS, Key, Settings, fault, too_early

PATIENCE = "patience"


class KeyRefusedError(ValueError):
    """A key may not be set so; the message names it and says what to write instead."""


def afar() -> Mapping[str, Key]:
    """The rows a configuration may set, by `section.key`."""
    return {
        f"{section}.{key}": row
        for section, keys in KEYS.items()
        for key, row in keys.items()
        if row.afar
    }


def changed(own: Settings, values: Mapping[str, Any]) -> Settings:
    """The settings with these values, by `section.key`; raises `KeyRefusedError`."""
    rows, patience, fields = afar(), dict(own.patience), dict[str, Any]()
    for name, value in values.items():
        row = rows.get(name)
        if row is None:
            raise KeyRefusedError(
                f"{name[:60]!r} is not set from afar; there are {', '.join(rows)}"
            )
        if why := fault(row, value):
            raise KeyRefusedError(f"{name}: {why}")
        section, _, key = name.partition(".")
        if section == PATIENCE:
            patience[key] = value
        else:
            named = row.field or f"{section}_{key}"
            fields[named] = tuple(value) if named in LISTS else value
    if early := too_early(patience):
        raise KeyRefusedError(f"{PATIENCE}.{early[0]}: {early[1]}")
    return replace(own, **fields, patience=MappingProxyType(patience))
