"""What both products want of whoever carries their short messages."""

import uuid
from typing import Protocol

LONGEST = 500  # characters; a carrier splits longer ones


class SmsError(Exception):
    """The message was not taken over; the message is for the log."""


class SmsDown(SmsError):
    """The carrier did not answer, or not with a word that counts: try again later with the same id."""


class SmsRefused(SmsError):
    """The carrier will never take this message: a number that cannot be, or a text that it does not carry."""


class SmsCarrier(Protocol):
    """短信通道. A call answers or raises within about five seconds."""

    def send(self, *, message_id: uuid.UUID, mobile: str, text: str) -> None:
        """Hand a message over; the same `message_id` is carried once however often it is handed over.

        Raises SmsDown, SmsRefused.
        """
