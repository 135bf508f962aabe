"""An order to the bench that cannot be carried out."""

from http import HTTPStatus


class Refusal(Exception):  # noqa: N818 - an answer to whoever asked
    """The text says why, `status` is HTTP's."""

    def __init__(self, text: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(text)
        self.status = status
