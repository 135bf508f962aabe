"""Keys loaded into a token: components sealed by a key of the token, the key made by its objects.

PKCS #11's own XOR of keys is not to be had in every token, so the components meet in this process
for the moment of `C_CreateObject`, in buffers that are overwritten.
"""

from collections.abc import Sequence
from typing import Any

from pkcs11 import Attribute, GCMParams, KeyType, Mechanism, MechanismFlag, ObjectClass
from pkcs11.exceptions import PKCS11Error

from central.hsm.arithmetic import wipe
from central.hsm.loader import CHECK_BYTES, OTHERS, Sealed, check_value, combined
from central.hsm.port import HsmRefused
from central.hsm.token import objects
from central.hsm.token.cipher import Cipher
from central.hsm.token.hsm import ciphers
from central.hsm.token.sessions import Place, Sessions
from central.hsm.token.settings import TokenSettings
from central.problems import Kind

LOADING_KEY = "LOADING-KEY"
_AES_BITS = 256
_ID_BYTES = 8
_NONCE_BITS = 96
_NONCE_BYTES = 12
_TAG_BITS = 128


class TokenLoader:
    """The port `KeyLoader` over a token."""

    def __init__(self, sessions: Sessions, settings: TokenSettings) -> None:
        self._sessions = sessions
        self._prefix = settings.prefix
        self._ciphers = ciphers(settings)

    def seal(self, component: bytearray, bound: str) -> Sealed:
        """Close a component up: the key's `CKA_ID` ‖ nonce ‖ AES-256-GCM."""

        def work(place: Place) -> Sealed:
            key = self._loading_key(place)
            nonce = place.session.generate_random(_NONCE_BITS)
            parameter = GCMParams(nonce, bound.encode(), _TAG_BITS)
            text = key.encrypt(
                bytes(component), mechanism=Mechanism.AES_GCM, mechanism_param=parameter
            )
            return Sealed(key[Attribute.ID] + nonce + text, bound)

        return self._sessions.use(work, writes=True)

    def load(self, name: str, components: Sequence[Sealed]) -> str:
        """Combine the components, put the key into the token, and see that it took the right."""

        def work(place: Place) -> str:
            cipher = self._cipher(name)
            if objects.find(place, self._prefix, name) is not None:
                raise HsmRefused(Kind.KEY_ALREADY_LOADED)
            key = combined([self._opened(place, one) for one in components])
            try:
                made = objects.create(place, self._prefix, name, cipher, key)
                return _checked(made, check_value(name, key))
            finally:
                wipe(key)

        return self._sessions.use(work, writes=True)

    def loaded(self, name: str) -> str | None:
        """Give a key's check value, as the token says it; raises what `load` would."""

        def work(place: Place) -> str | None:
            self._cipher(name)
            found = objects.find(place, self._prefix, name)
            return None if found is None else _told(found)

        return self._sessions.use(work)

    def _cipher(self, name: str) -> Cipher:
        cipher = self._ciphers.get(objects.cards_of(name))
        if cipher is None or cipher.missing(self._sessions.mechanisms):
            raise HsmRefused(Kind.HSM_LACKS_MECHANISM, f"The HSM's token cannot do {name}.")
        return cipher

    def _opened(self, place: Place, sealed: Sealed) -> bytearray:
        box = sealed.box
        wanted = {Attribute.LABEL: self._prefix + LOADING_KEY, Attribute.ID: box[:_ID_BYTES]}
        found: list[Any] = list(place.session.get_objects(wanted))
        if len(found) != 1:
            raise HsmRefused(Kind.KEY_COMPONENT_REFUSED, "The token's own key for it is gone.")
        nonce, text = box[_ID_BYTES : _ID_BYTES + _NONCE_BYTES], box[_ID_BYTES + _NONCE_BYTES :]
        parameter = GCMParams(nonce, sealed.bound.encode(), _TAG_BITS)
        try:
            plain = found[0].decrypt(text, mechanism=Mechanism.AES_GCM, mechanism_param=parameter)
        except PKCS11Error:
            place.session.generate_random(8)  # raises if the token is away: that is another matter
            raise HsmRefused(Kind.KEY_COMPONENT_REFUSED, OTHERS) from None
        return bytearray(plain)

    def _loading_key(self, place: Place) -> Any:
        wanted = {
            Attribute.CLASS: ObjectClass.SECRET_KEY,
            Attribute.LABEL: self._prefix + LOADING_KEY,
        }
        found = list(place.session.get_objects(wanted))
        return found[0] if found else self._made(place)

    def _made(self, place: Place) -> Any:
        return place.session.generate_key(
            KeyType.AES,
            _AES_BITS,
            id=place.session.generate_random(8 * _ID_BYTES),
            label=self._prefix + LOADING_KEY,
            store=True,
            capabilities=MechanismFlag.ENCRYPT | MechanismFlag.DECRYPT,
            template={Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False},
        )


def _told(key: Any) -> str:
    return key[Attribute.CHECK_VALUE][:CHECK_BYTES].hex().upper()


def _checked(made: Any, right: str) -> str:
    if _told(made) != right:
        made.destroy()
        raise HsmRefused(Kind.KEY_COMPONENT_REFUSED, "The token took another key than was given.")
    return right
