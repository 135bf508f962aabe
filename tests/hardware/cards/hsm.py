"""The centre's HSM for the tests, from docs/devices/social_card.md: the demo keys, nothing else."""

import hmac

from hardware.social_card.arithmetic import DEMO_KEYS, SCHEMES, card_key
from hardware.social_card.keys import Algorithm, KeysRefused, KeysUnreachable


class Hsm:
    """`CardKeys`; a PIN block is the PIN's digits. `offline_at`: this function does not answer."""

    def __init__(self, offline_at=""):
        self.offline_at = offline_at
        self.asked = []

    def holder(self, card_id, algorithm, internal, external):
        scheme, key = self._ask("holder", algorithm), self._key("IRK", card_id, algorithm)
        right = scheme.answer(key, internal.factor, internal.source)
        if not hmac.compare_digest(right, internal.answer):
            raise KeysRefused("not_genuine")
        return self._external("RKSSSE", card_id, algorithm, external)

    def reset(self, card_id, algorithm, challenge):
        self._ask("reset", algorithm)
        return self._external("RPK", card_id, algorithm, challenge)

    def reload(self, card_id, algorithm, challenge, header, pin):
        scheme, key = self._ask("reload", algorithm), self._key("RPK", card_id, algorithm)
        sealed = scheme.seal(key, bytes.fromhex(pin + "f" * (len(pin) % 2)))
        return header + sealed + scheme.mac(key, challenge, header + sealed)

    def unblock(self, card_id, algorithm, challenge):
        scheme, key = self._ask("unblock", algorithm), self._key("PUK", card_id, algorithm)
        header = bytes.fromhex("8424000004")
        return header + scheme.mac(key, challenge, header)

    def _ask(self, function, algorithm):
        self.asked.append(function)
        if function == self.offline_at:
            raise KeysUnreachable
        if algorithm not in SCHEMES:
            raise KeysRefused("algorithm_not_supported")
        return SCHEMES[Algorithm(algorithm)]

    def _key(self, name, card_id, algorithm):
        return card_key(SCHEMES[Algorithm(algorithm)], DEMO_KEYS[name], card_id)

    def _external(self, name, card_id, algorithm, challenge):
        scheme, key = SCHEMES[Algorithm(algorithm)], self._key(name, card_id, algorithm)
        return scheme.answer(key, challenge.factor, challenge.source) + challenge.factor
