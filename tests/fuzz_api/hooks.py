"""What schemathesis cannot know of the contract: how a piece of an upload is sent."""

import schemathesis


@schemathesis.serializer("application/partial-upload")
def piece(_context, value):
    return value if isinstance(value, bytes) else str(value).encode()
