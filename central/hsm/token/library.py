"""A vendor's PKCS#11 library, initialised for many threads.

python-pkcs11 calls `C_Initialize(NULL)`, by which a program promises never to call from two threads
(PKCS #11 2.40, 5.4); SoftHSM then leaves its locks out. So the library is initialised here, with
`CKF_OS_LOCKING_OK`, and python-pkcs11 is given it ready.
"""

import ctypes
from functools import cache
from pathlib import Path
from typing import Any, cast

from pkcs11 import Token
from pkcs11._pkcs11 import lib
from pkcs11.exceptions import GeneralError

_OS_LOCKING_OK = 2
_OK = 0
_ALREADY_INITIALIZED = 0x191
_NOT_INITIALIZED = 0x190


class _Arguments(ctypes.Structure):
    """`CK_C_INITIALIZE_ARGS`."""

    _fields_ = (
        ("create_mutex", ctypes.c_void_p),
        ("destroy_mutex", ctypes.c_void_p),
        ("lock_mutex", ctypes.c_void_p),
        ("unlock_mutex", ctypes.c_void_p),
        ("flags", ctypes.c_ulong),
        ("reserved", ctypes.c_void_p),
    )


class Library:
    """A library. Raises OSError where there is none, `PKCS11Error` for what it refuses."""

    def __init__(self, path: Path) -> None:
        self._functions = ctypes.CDLL(str(path))
        self._initialize()
        make = cast("Any", lib.__new__)
        self._lib: lib = make(lib, str(path))  # its `__init__` would initialise it once more

    def token(self, label: str) -> Token:
        """The token of this label; `NoSuchToken`, `MultipleTokensReturned`."""
        return self._lib.get_token(token_label=label)

    def restart(self) -> None:
        """Begin anew: every session is gone. No other thread may be calling."""
        self._check(self._functions.C_Finalize(None), _NOT_INITIALIZED)
        self._initialize()

    def _initialize(self) -> None:
        arguments = _Arguments(flags=_OS_LOCKING_OK)
        self._check(self._functions.C_Initialize(ctypes.byref(arguments)), _ALREADY_INITIALIZED)

    @staticmethod
    def _check(answer: int, also_right: int) -> None:
        if answer not in {_OK, also_right}:
            raise GeneralError


@cache
def library(path: Path) -> Library:
    """The library of a path, one in a process."""
    return Library(path)
