"""People: accounts, operators and roles, passwords, sign-in links, sessions, addresses, erasure.

Leaves member benefits to `memberships`, and sending e-mails to `messaging`.
"""

from components.people import (
    accounts,
    addresses,
    confirmations,
    erasure,
    links,
    operators,
    passwords,
    sessions,
    sweeping,
    takeout,
    tries,
)
from components.people.sessions import SignedIn
from components.people.tables import Address, Person

__all__ = [
    "Address",
    "Person",
    "SignedIn",
    "accounts",
    "addresses",
    "confirmations",
    "erasure",
    "links",
    "operators",
    "passwords",
    "sessions",
    "sweeping",
    "takeout",
    "tries",
]
