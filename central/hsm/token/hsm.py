"""The HSM as a PKCS#11 token: keys of cards and the PIN key lie in it and are used in it.

What a standard token cannot do is translate a PIN block: the clear PIN is in this process between
its block and the RELOAD, in buffers that are overwritten where they are ours (`docs/hsm.md`).
"""

from collections.abc import Callable

from pkcs11 import MGF, Mechanism
from pkcs11.exceptions import ArgumentsBad, MechanismInvalid, MechanismParamInvalid, PKCS11Error

from central.hsm import arithmetic, names, oaep, pin_block, weak
from central.hsm.arithmetic import diversify, wipe
from central.hsm.names import CIPHERS, PROVES, Master, of_card
from central.hsm.port import (
    Card,
    Challenge,
    Guesses,
    HsmRefused,
    Opens,
    PinBlock,
    PinKey,
    TerminalKey,
    WrappedKey,
)
from central.hsm.software import SM4_BYTES
from central.hsm.token import objects
from central.hsm.token.cipher import TDES, Cipher, Derivations, TokenKey, sm4
from central.hsm.token.sessions import Place, Sessions
from central.hsm.token.settings import TokenSettings
from central.problems import Kind

_SHA256 = (Mechanism.SHA256, MGF.SHA256, None)
_Make = Callable[[arithmetic.Scheme[TokenKey], TokenKey], bytes]


class TokenHsm:
    """The port `Hsm` over a token."""

    def __init__(self, sessions: Sessions, settings: TokenSettings) -> None:
        self._sessions = sessions
        self._settings = settings
        self._first_pin = pin_block.counted_bcd(settings.first_pin)
        self._ciphers = ciphers(settings)

    def internal(self, card: Card, challenge: Challenge) -> bytes:
        """Give A under the card's IRK."""
        return self._authenticate(Master.IRK, card, challenge)

    def external(self, opens: Opens, card: Card, challenge: Challenge) -> bytes:
        """Give A under the card's RKSSSE, RPK or UKSSSE."""
        return self._authenticate(PROVES[opens], card, challenge)

    def unblock(self, card: Card, challenge: bytes) -> bytes:
        """Give UNBLOCK, with its MAC under the card's PUK."""
        return self._sessions.use(
            lambda place: self._by_card(
                place,
                Master.PUK,
                card,
                lambda scheme, key: arithmetic.unblock(scheme, key, challenge),
            )
        )

    def reload(
        self,
        card: Card,
        header: bytes,
        challenge: bytes,
        pin: PinBlock,
        guesses: Guesses | None = None,
    ) -> bytes:
        """Give RELOAD: the PIN comes out of its block and goes under the card's RPK."""

        def work(place: Place) -> bytes:
            self._master(place, Master.RPK, card)  # without a key no block is judged
            clear = self._read(place, card, pin)
            try:
                if guesses is not None:
                    weak.refuse(clear, self._first_pin, guesses)
                return self._reload(place, card, header, challenge, clear)
            finally:
                wipe(clear)

        return self._sessions.use(work)

    def initial_pin(self, card: Card, header: bytes, challenge: bytes) -> bytes:
        """Give RELOAD with the initial PIN, under the card's RPK."""

        def work(place: Place) -> bytes:
            clear = bytearray(self._first_pin)
            try:
                return self._reload(place, card, header, challenge, clear)
            finally:
                wipe(clear)

        return self._sessions.use(work)

    def pin_key(self) -> PinKey:
        """Give the public PIN key; the token, which has to be there, makes it the first time."""

        def look(place: Place) -> PinKey | None:
            objects.be_there(place)
            pairs = objects.pin_pairs(place, self._settings.prefix)
            return pairs[min(pairs)].public if pairs else None

        found = self._sessions.use(look)
        if found is None:
            self._sessions.use(
                lambda place: objects.make_pin_pair(place, self._settings.prefix), writes=True
            )
            found = self._sessions.use(look)
        if found is None:
            raise HsmRefused(Kind.HSM_UNAVAILABLE, "The token made no PIN key.")
        return found

    def close(self) -> None:
        """Give the sessions back."""
        self._sessions.close()

    def _authenticate(self, master: Master, card: Card, challenge: Challenge) -> bytes:
        def make(scheme: arithmetic.Scheme[TokenKey], key: TokenKey) -> bytes:
            return arithmetic.authenticate(scheme, key, challenge.factor, challenge.source)

        return self._sessions.use(lambda place: self._by_card(place, master, card, make))

    def _reload(
        self, place: Place, card: Card, header: bytes, challenge: bytes, clear: bytearray
    ) -> bytes:
        def make(scheme: arithmetic.Scheme[TokenKey], key: TokenKey) -> bytes:
            return arithmetic.reload(scheme, key, header, challenge, clear)

        return self._by_card(place, Master.RPK, card, make)

    def _by_card(self, place: Place, master: Master, card: Card, make: _Make) -> bytes:
        cipher, key = self._master(place, master, card)
        with Derivations(place.session, cipher) as derived:
            return make(derived.scheme, diversify(derived.scheme, key, card.id))

    def _master(self, place: Place, master: Master, card: Card) -> tuple[Cipher, TokenKey]:
        cipher, name = self._ciphers.get(card.algorithm), of_card(master, card)
        lacking = cipher.missing(self._sessions.mechanisms) if cipher else "no numbers are set"
        if cipher is None or lacking:
            told = CIPHERS.get(card.algorithm, "this algorithm")
            raise HsmRefused(
                Kind.CARD_ALGORITHM_NOT_TAKEN,
                f"The HSM's token cannot do {told} ({lacking}).",
            )
        found = objects.find(place, self._settings.prefix, name)
        if found is None:
            raise HsmRefused(Kind.CARD_ALGORITHM_NOT_TAKEN, f"The HSM has no key {name}.")
        return cipher, TokenKey(found)

    def _read(self, place: Place, card: Card, pin: PinBlock) -> bytearray:
        account = pin_block.account(card.id)
        if pin.account != account:
            raise HsmRefused(Kind.PIN_BLOCK_NOT_TAKEN, "Its account is not this card's.")
        try:
            if isinstance(pin.key, TerminalKey):
                return pin_block.read_by(self._pad(place, pin.key), pin.block, account)
            work_key = self._unwrapped(place, pin.key)
            try:
                return pin_block.read(pin.block, bytes(work_key), account)
            finally:
                wipe(work_key)
        except pin_block.NoPinError:
            raise HsmRefused(Kind.PIN_BLOCK_NOT_TAKEN) from None

    def _pad(self, place: Place, key: TerminalKey) -> Callable[[bytes], bytearray]:
        """Deciphers by a pad's work key, which is in the token."""
        cipher = self._ciphers.get(names.SM4)
        if cipher is None or cipher.missing(self._sessions.mechanisms):
            raise HsmRefused(
                Kind.HSM_LACKS_MECHANISM, "The HSM's token cannot do SM4, as pads' PIN blocks need."
            )
        found = objects.find(place, self._settings.prefix, key.name)
        if found is None:
            raise HsmRefused(Kind.PIN_KEY_UNKNOWN)
        return lambda block: bytearray(found.decrypt(block, mechanism=cipher.ecb))

    def _unwrapped(self, place: Place, key: WrappedKey) -> bytearray:
        """The key of one PIN block: out of the token, for it goes with the block."""
        pair = objects.pin_pairs(place, self._settings.prefix).get(key.key_id)
        if pair is None:
            raise HsmRefused(Kind.PIN_KEY_UNKNOWN)
        if int.from_bytes(key.wrapped, "big") >= pair.modulus:
            raise HsmRefused(Kind.PIN_BLOCK_NOT_TAKEN)
        if self._settings.pin_key_unwrap == "raw":
            plain = oaep.unpad(pair.private.decrypt(key.wrapped, mechanism=Mechanism.RSA_X_509))
        else:
            plain = self._by_oaep(place, pair, key.wrapped)
        if plain is None or len(plain) != SM4_BYTES:
            raise HsmRefused(Kind.PIN_BLOCK_NOT_TAKEN)
        return bytearray(plain)

    @staticmethod
    def _by_oaep(place: Place, pair: objects.PinPair, wrapped: bytes) -> bytes | None:
        """What the token makes of it; None if it says no while it is well."""
        mechanism = Mechanism.RSA_PKCS_OAEP
        try:
            return pair.private.decrypt(wrapped, mechanism=mechanism, mechanism_param=_SHA256)
        except (ArgumentsBad, MechanismInvalid, MechanismParamInvalid):
            raise HsmRefused(
                Kind.HSM_LACKS_MECHANISM,
                'The token knows no OAEP with SHA-256: set pin_key_unwrap = "raw".',
            ) from None
        except PKCS11Error:
            place.session.generate_random(8)  # raises if the token is away: that is another matter
            return None


def ciphers(settings: TokenSettings) -> dict[str, Cipher]:
    """What the token may be asked for, by 算法标识."""
    found = {names.TDES: TDES}
    if settings.sm4 is not None:
        found[names.SM4] = sm4(settings.sm4)
    return found
