"""The objects of a token: master keys and pads' keys by name, and the keys for PIN blocks.

A key's use is bound when it is made: it may derive, or decipher, by one mechanism, is never shown,
and its label and `CKA_ID`, which say what it is for, cannot be changed (`CKA_MODIFIABLE` false).
"""

from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from pkcs11 import Attribute, KeyType, MechanismFlag, ObjectClass

from central.hsm.names import MASTERS, algorithm_of
from central.hsm.port import HsmRefused, PinKey
from central.hsm.software import RSA_BITS, public_pin_key
from central.hsm.token.cipher import Cipher
from central.hsm.token.sessions import Place
from central.problems import Kind

PIN_KEY = "PIN-KEY"
_CAPABILITIES = (
    Attribute.ENCRYPT,
    Attribute.DECRYPT,
    Attribute.SIGN,
    Attribute.VERIFY,
    Attribute.WRAP,
    Attribute.UNWRAP,
    Attribute.DERIVE,
)


@dataclass(frozen=True, slots=True)
class PinPair:
    """A private key for PIN blocks in the token, and its public part."""

    private: Any
    public: PinKey
    modulus: int


def is_master(name: str) -> bool:
    """Whether the name is a master key's, not a pad's."""
    return any(name in group for group in MASTERS.values())


def bound(name: str) -> dict[Attribute, Any]:
    """What a key of this name has to be, whoever made it."""
    use = Attribute.DERIVE if is_master(name) else Attribute.DECRYPT
    return {
        Attribute.ID: name.encode(),
        Attribute.SENSITIVE: True,
        Attribute.EXTRACTABLE: False,
        **{each: each is use for each in _CAPABILITIES},
    }


def create(place: Place, prefix: str, name: str, cipher: Cipher, key: bytearray) -> Any:
    """Put a key into the token for good."""
    mechanism = cipher.derive if is_master(name) else cipher.ecb
    return place.session.create_object(
        {
            Attribute.CLASS: ObjectClass.SECRET_KEY,
            Attribute.KEY_TYPE: cipher.key_type,
            Attribute.LABEL: prefix + name,
            Attribute.TOKEN: True,
            Attribute.PRIVATE: True,
            Attribute.MODIFIABLE: False,
            Attribute.ALLOWED_MECHANISMS: [mechanism],
            Attribute.VALUE: key,
            **bound(name),
        }
    )


def find(place: Place, prefix: str, name: str) -> Any:
    """The key of this name; None if there is none.

    Raises `CARD_KEYS_MISSING` for one that is not bound to its use: then none is trusted.
    """
    if name in place.found:
        return place.found[name]
    wanted = {Attribute.CLASS: ObjectClass.SECRET_KEY, Attribute.LABEL: prefix + name}
    there = list(place.session.get_objects(wanted))
    if not there:
        be_there(place)
        return None
    if len(there) > 1:
        raise HsmRefused(Kind.CARD_KEYS_MISSING, f"The token has two keys {prefix}{name}.")
    expected = bound(name)
    faults = [each.name for each, value in expected.items() if there[0][each] != value]
    if faults:
        raise HsmRefused(
            Kind.CARD_KEYS_MISSING,
            f"The token's key {prefix}{name} is not bound to its use ({', '.join(faults)}): "
            "load it again.",
        )
    place.found[name] = there[0]
    return there[0]


def pin_pairs(place: Place, prefix: str) -> dict[str, PinPair]:
    """The keys for PIN blocks by `key_id`; more than one while an old one is given up."""
    found = place.found.get(PIN_KEY)
    if not found:
        wanted = {Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.LABEL: prefix + PIN_KEY}
        pairs = [_pair(private) for private in place.session.get_objects(wanted)]
        if not pairs:
            be_there(place)
        found = {pair.public.key_id: pair for pair in pairs}
        place.found[PIN_KEY] = found
    return found


def make_pin_pair(place: Place, prefix: str) -> None:
    """Make one in the token, which alone ever has the private part."""
    place.session.generate_keypair(
        KeyType.RSA,
        RSA_BITS,
        label=prefix + PIN_KEY,
        store=True,
        capabilities=MechanismFlag.DECRYPT | MechanismFlag.ENCRYPT,
        private_template={Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False},
    )


def be_there(place: Place) -> None:
    """Raise what the token raises when it is away: some then say that they hold nothing."""
    place.session.token.slot.get_token()


def cards_of(name: str) -> str:
    """The 算法标识 of the cipher a key is for; raises `KEY_NAME_UNKNOWN`."""
    algorithm = algorithm_of(name)
    if algorithm is None:
        raise HsmRefused(Kind.KEY_NAME_UNKNOWN)
    return algorithm


def _pair(private: Any) -> PinPair:
    exponent, modulus = (
        int.from_bytes(private[each], "big")
        for each in (Attribute.PUBLIC_EXPONENT, Attribute.MODULUS)
    )
    public = rsa.RSAPublicNumbers(exponent, modulus).public_key()
    return PinPair(private, public_pin_key(public), modulus)
