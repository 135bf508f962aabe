"""By which channel a request of `/v1` may come, and who is said to have sent it.

A device has one channel: a kiosk the kiosk's, the APP online, 12333 the phone. The window is the
console's own, with somebody signed in: from `/v1` it is believed only where everything is believed,
in development, of a caller who does not say who they are.
"""

from central.audit.records import Actor, Kind
from central.problems import Kind as Problem
from central.problems import ProblemError
from central.trust.caller import CHANNELS, act_as
from regulation.rules import Channel

_SAYS_SO = {
    Channel.WINDOW: Kind.USER,
    Channel.KIOSK: Kind.KIOSK,
    Channel.ONLINE: Kind.APP,
    Channel.PHONE: Kind.PHONE,
}
NOBODY = "unnamed"
"""The id of a caller who is believed without a name."""


def door(caller: Actor | None, channel: Channel, place: str | None = None) -> Actor:
    """Who acts, if the caller may come by the channel and for the place.

    `caller` is None only where callers are believed (`central.trust`). `place` is the kiosk or the
    outlet the request names. Raises `DEVICE_FORBIDDEN` or `KIOSK_IS_ANOTHER`.
    """
    if caller is None:
        return Actor(_SAYS_SO[channel], place or NOBODY)
    if CHANNELS.get(caller.kind) is not channel:
        raise ProblemError(
            Problem.DEVICE_FORBIDDEN, f"It is no channel of a {caller.kind}: {channel}."
        )
    if place is not None:
        act_as(caller, place)
    return caller
