"""The words of the pages that say something about money, and when they are true. One table to change with the pages."""

import re
from collections.abc import Callable

from tests.random_lives.bank import Agreement
from tests.random_lives.model import Life

NO_CHARGE = re.compile(r"(?i)(not been charged|nothing (has been|was|is|more was) charged|no payment was taken)")
NEVER_AGAIN = re.compile(r"(?i)(won.t be charged again|nothing more will be charged)")
NEXT_CHARGE = re.compile(r"Next (?:charge|renewal) £([\d,]+\.\d\d)")
NEXT_CREDIT = re.compile(r"£([\d,]+\.\d\d) of your store credit will be used")
CREDIT_LEFT = (re.compile(r"Available now £([\d,]+\.\d\d)"), re.compile(r"Reserved £([\d,]+\.\d\d)"))
NOT_KNOWN_YET = re.compile(r"(?i)((still )?waiting for|asking your bank|try again in a minute|can.t (be )?reach)")

Now = Callable[[Agreement | None], bool]

# What a notice says about the agreement, and what must then be so at the bank.
CLAIMS: tuple[tuple[str, Now], ...] = (
    (r"Membership cancelled", lambda now: now is None or now.is_over or now.cancel_at is not None),
    (r"no longer cancelled", lambda now: now is not None and not now.is_over and now.cancel_at is None),
    (r"Welcome back", lambda now: now is not None and not now.is_over),
)

# What whoever did something must be told, by the address of the form.
SAID_WHEN_DONE = {
    "/account/membership/cancellation": r"Membership cancelled",
    "/account/membership/cancellation/withdrawal": r"no longer cancelled",
    "/account/membership/pause": r"is on hold|is planned",
    "/account/membership/pause/end": r"Welcome back|won.t be paused",
}


def denies_a_charge(said: str) -> bool:
    return NO_CHARGE.search(said) is not None


def next_charge(said: str) -> int | None:
    """In pence; None when the page names none."""
    return _pence(NEXT_CHARGE, said)


def next_credit(said: str) -> int:
    """What of the next charge is paid with store credit."""
    return _pence(NEXT_CREDIT, said) or 0


def credit_left(said: str) -> int:
    """What may be spent, and what is reserved."""
    return sum(_pence(one, said) or 0 for one in CREDIT_LEFT)


def _pence(pattern: re.Pattern[str], said: str) -> int | None:
    found = pattern.search(said)
    return int(found[1].replace(",", "").replace(".", "")) if found else None


def is_true(notice: str, agreement: Agreement | None) -> bool:
    return all(holds(agreement) for claim, holds in CLAIMS if re.search(claim, notice))


def is_told(address: str, notice: str) -> bool:
    """Whoever did something is told so."""
    wanted = SAID_WHEN_DONE.get(address)
    return wanted is None or re.search(wanted, notice) is not None


def suits(page: str, life: Life, agreement: Agreement | None) -> bool:
    """The page about the membership, when all news has arrived."""
    if NEXT_CHARGE.search(page) and life.asked in ("cancelled", "nothing"):
        return False
    if NEVER_AGAIN.search(page) and life.asked == "running":
        return False
    return not ("has ended" in page and agreement is not None and agreement.status in ("active", "trialing"))
