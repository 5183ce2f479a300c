"""What an act is: the way to its form, pressing it, and how the bank's books and the shop's words show it was done.

The rows are in the modules beside this one; `test_every_act_in_faults.py` lets every fault strike each of them.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from tests.scenarios.conftest import Kiln
from tests.support.pages import Browser, Page


@dataclass(frozen=True)
class Books:
    """What the bank has, read in the stand-in's own file, where no fault strikes."""

    charges: tuple[int, ...]
    refunds: tuple[int, ...]
    status: tuple[str, ...]
    cancels: tuple[bool, ...]
    renews: tuple[int, ...]
    prices: tuple[str, ...]
    discounts: int
    disputes: tuple[str, ...]
    evidence: int
    open_invoices: int


def books_of(kiln: Kiln) -> Books:
    with kiln.stand_in.engine.reading() as books:
        kept = list(books.find("subscription"))
        return Books(
            charges=tuple(sorted(one["amount_captured"] for one in books.find("charge") if one["amount_captured"])),
            refunds=tuple(sorted(one["amount"] for one in books.find("refund") if one["status"] == "succeeded")),
            status=tuple(one["status"] for one in kept),
            cancels=tuple(bool(one["cancel_at_period_end"] or one["cancel_at"]) for one in kept),
            renews=tuple(max(one["trial_end"] or 0, one["items"]["data"][0]["current_period_end"]) for one in kept),
            prices=tuple(one["items"]["data"][0]["price"]["id"] for one in kept),
            discounts=sum(len(one["discounts"]) for one in kept),
            disputes=tuple(one["status"] for one in books.find("dispute")),
            evidence=sum(one["evidence_details"]["submission_count"] for one in books.find("dispute")),
            open_invoices=sum(one["status"] == "open" and one["amount_due"] > 0 for one in books.find("invoice")),
        )


Done = Callable[[Books, Books], bool]


@dataclass(frozen=True, kw_only=True)
class Act:
    """`charged` and `refunded` are what it moves, once; `said` is what whoever did it reads. An act without `done`
    only opens a page at Stripe, where nothing is charged until somebody pays. A deletion has no key at Stripe."""

    name: str
    route: str
    begin: Callable[[Kiln], Awaitable[Browser]]
    press: Callable[[Browser], Awaitable[Page]]
    done: Done | None = None
    said: str = ""
    charged: tuple[int, ...] = ()
    refunded: tuple[int, ...] = ()

    @property
    def is_deletion(self) -> bool:
        return self.done is has_ended


ROWS: list[Act] = []


def act(name: str, route: str, begin: Any, press: Any, **more: Any) -> None:
    ROWS.append(Act(name=name, route=route, begin=begin, press=press, **more))


def has_ended(before: Books, after: Books) -> bool:
    return before.status != after.status and after.status == ("canceled",)


def was_cancelled(before: Books, after: Books) -> bool:
    return after.cancels == (True,) and before.cancels == (False,)


def was_kept(before: Books, after: Books) -> bool:
    return after.cancels == (False,) and before.cancels == (True,)


def renews_later(before: Books, after: Books) -> bool:
    return after.renews > before.renews


def renews_sooner(before: Books, after: Books) -> bool:
    return after.renews < before.renews


def was_charged(before: Books, after: Books) -> bool:
    return len(after.charges) > len(before.charges)


def was_refunded(before: Books, after: Books) -> bool:
    return len(after.refunds) > len(before.refunds)
