"""E-mails: rendered once from templates, stored, and sent by SMTP or shown in the mailbox.

Leaves the reasons for sending to the components that announce them.
"""

from components.messaging import (
    letters,
    letters_for_gifts,
    letters_for_members,
    letters_for_orders,
    letters_for_people,
    letters_for_plans,
    mailbox,
    posting,
    sealing,
)
from components.messaging.tables import Letter

__all__ = [
    "Letter",
    "letters",
    "letters_for_gifts",
    "letters_for_members",
    "letters_for_orders",
    "letters_for_people",
    "letters_for_plans",
    "mailbox",
    "posting",
    "sealing",
]
