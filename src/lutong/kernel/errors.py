"""The four ways a request can be refused. Every domain error is one of them."""


class Refusal(Exception):
    """Something the user asked for and we declined; the message is a Chinese sentence safe to show.

    `fields` maps a form field to its sentence, so that the page can put it at the field.
    """

    status = 400
    code = "refused"

    def __init__(self, message: str, *, fields: dict[str, str] | None = None, **facts: object) -> None:
        super().__init__(message)
        self.message = message
        self.fields = fields or {}
        self.facts = facts


class NotFound(Refusal):
    """No such thing, or not visible to this actor: both look the same."""

    status, code = 404, "not_found"


class NotAllowed(Refusal):
    """Visible, but this act needs another power; the sentence says what would cure it."""

    status, code = 403, "not_allowed"


class Conflict(Refusal):
    """Legal in general, but not in the present state."""

    status, code = 409, "conflict"


class Invalid(Refusal):
    """What was sent does not fit; `fields` says where."""

    status, code = 422, "invalid"
