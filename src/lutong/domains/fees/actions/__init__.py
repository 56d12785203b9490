"""Acts upon bills and payments. Those that talk to the gateway do so outside every transaction."""

from lutong.domains.fees.actions.billing import attach_receipt, issue_bill, lapse_overdue, set_due
from lutong.domains.fees.actions.booking import Booking, book_notice, refresh_order
from lutong.domains.fees.actions.paying import open_order

__all__ = [
    "Booking",
    "attach_receipt",
    "book_notice",
    "issue_bill",
    "lapse_overdue",
    "open_order",
    "refresh_order",
    "set_due",
]
