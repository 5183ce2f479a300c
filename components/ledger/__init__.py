"""The ledger: cashback and store credit as double entry, from given to spent, expired or reversed.

Owns accounts, lots, postings and entries. Leaves who earns what to `memberships`, what is paid with it to `orders`.
"""

from components.ledger import cashback, credit, failed_refunds, purses, reservations, statements, timetable
from components.ledger.cashback import Cap, Earning
from components.ledger.purses import Purse
from components.ledger.reservations import NotEnoughCredit
from components.ledger.soundness import invariants

__all__ = [
    "Cap",
    "Earning",
    "NotEnoughCredit",
    "Purse",
    "cashback",
    "credit",
    "failed_refunds",
    "invariants",
    "purses",
    "reservations",
    "statements",
    "timetable",
]
