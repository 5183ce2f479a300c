"""What becomes of each subscription or member of an earlier system. Pure; the table in docs/bring-an-old-shop-along.md.

One rule over all others: nobody is billed twice, and nobody is billed for anything but what they had agreed to there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from components.adoption.candidates import CARD, KEPT, NO_CARD, UNBILLED, Candidate

SOONEST = timedelta(hours=1)
"""A first charge that comes sooner may be one that the earlier software is just making."""
INTERVALS = ("week", "month", "year")

READY = {
    "adopt": "Adopted as it is: same subscription at Stripe, same price, same billing dates",
    "move": "A new subscription at Stripe with the card that is there; first charged when the paid time is over",
    "until": "A membership until the paid time is over; there is no card to charge, so it doesn’t renew",
    "give": "A complimentary membership; nobody is charged",
}
LEFT = {
    "ours": "It is this shop’s own already.",
    "other shop": "Another shop that runs this software looks after it. Undo the adoption there first.",
    "ended": "It has ended there.",
    "pending": "Its first payment was never made.",
    "on hold": "It is on hold there: a payment is owed, or it was suspended. Settle that there, then read it again.",
    "paused": "It is paused at Stripe. Resume it there, then read it again.",
    "not collected": "Its payments are not collected at the moment (paused collection). Resume that at Stripe first.",
    "by invoice": "It is paid by invoice. This shop charges cards: let Stripe charge it automatically first.",
    "quantity": "It is for more than one. A membership here is for one person; set the quantity to 1 at Stripe first.",
    "several items": "It bills several prices at once. Split it at Stripe first.",
    "metered": "Its price depends on use, or is no whole amount. This shop has fixed fees only.",
    "interval": "It is billed every few days. Fees here are by weeks, months or years.",
    "currency": "It is billed in another currency than this shop’s.",
    "schedule": "A schedule at Stripe would change it later. Release the schedule there first.",
    "change waits": "A change of it waits for the customer’s bank. Read it again when that is settled.",
    "shared": "A part of each payment goes to another account, which this shop would not know of.",
    "ends later": "It is to end after more charges. Let it end with its period, or not at all, then read it again.",
    "ends": "It is to end at Stripe at a date that is past.",
    "no e-mail": "There is no e-mail address, so nobody could sign in.",
    "customer gone": "Its customer was deleted at Stripe.",
    "erased": "They had their account here deleted at their wish. They are not brought back.",
    "billed here": "They have a membership here that renews. Nobody is billed twice.",
    "second": "They have another one above, which is adopted. One membership is billed for each person here.",
    "trial before": "They have had a free trial here. Adopt it once the trial there is over.",
    "held": "They have this membership here already.",
    "no date": "The file does not say when the next payment comes, or not in a way that can only be read as one date.",
    "past": "Its next payment was due before now, or comes within the hour. Let it be made there, then export again.",
    "bad row": "This row cannot be read.",
}
NOTES = {
    "owes": "A payment is owed. It stays owed here, with the grace from the day it was due.",
    "cancelling": "Cancelled there: it ends with what is paid for.",
    "trial": "On a free trial, which goes on.",
    "discount": "Has a discount at Stripe, which goes on there. The figures count the full fee.",
    "no card": "No card at Stripe: the next charge fails unless they enter one here first.",
    "other e-mail": "KnownHere here under another e-mail address, by their customer at Stripe.",
    "classic": "Older way of billing at Stripe (“classic”). It stays, and everything here works with it.",
    "platform": "Made by an app or platform at Stripe. Disconnect it there, so that it changes nothing any more.",
    "tax on top": "Stripe adds tax on top of its price, as before.",
    "other customer": "Their card for orders here is another customer at Stripe. They enter it anew at the next order.",
    "new person": "A new account, without an e-mail to them.",
}
_AT_STRIPE = {
    "ours": "ours", "other shop": "other shop", "customer gone": "customer gone", "schedule": "schedule",
    "change waits": "change waits", "shared": "shared", "by invoice": "by invoice", "not collected": "not collected",
    "bad row": "bad row",
}  # fmt: skip
_STATES = {"ended": "ended", "pending": "pending", "on_hold": "on hold", "paused": "paused"}


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownHere:
    """What this shop knows of whoever has it; `known_as` is their e-mail here."""

    currency: str
    known_as: str = ""
    is_erased: bool = False
    is_billed: bool = False
    had_trial: bool = False
    has_other: bool = False
    holds: bool = False
    has_other_customer: bool = False


@dataclass(frozen=True, slots=True)
class AdoptionVerdict:
    kind: str
    notes: tuple[str, ...] = ()

    @property
    def is_ready(self) -> bool:
        return self.kind in READY


def decide(one: Candidate, known: KnownHere, now: datetime) -> AdoptionVerdict:
    left = next(_reasons(one, known, now), None)
    if left is not None:
        return AdoptionVerdict(left)
    return AdoptionVerdict(_ready(one), tuple(_notes(one, known)))


def _ready(one: Candidate) -> str:
    if one.billing == UNBILLED:
        return "give"
    if one.billing == KEPT:
        return "adopt"
    return "move" if one.billing == CARD and one.status != "ending" else "until"


def _reasons(one: Candidate, known: KnownHere, now: datetime) -> Iterator[str]:
    """Why it is left where it is, the most telling first."""
    yield from (word for fact, word in _AT_STRIPE.items() if fact in one.facts)
    if one.status in _STATES:
        yield _STATES[one.status]
    if not one.email:
        yield "no e-mail"
    if known.is_erased:
        yield "erased"
    if one.billing != UNBILLED:
        yield from _price_reasons(one, known)
    yield from _date_reasons(one, now)
    if known.is_billed:
        yield "billed here"
    if known.has_other:
        yield "second"
    if one.billing == KEPT and one.status == "trialing" and "paid time" not in one.facts and known.had_trial:
        yield "trial before"
    if known.holds and one.billing in (NO_CARD, UNBILLED):
        yield "held"


def _price_reasons(one: Candidate, known: KnownHere) -> Iterator[str]:
    if one.items > 1:
        yield "several items"
    if one.quantity > 1:
        yield "quantity"
    if one.amount is None:
        yield "metered"
    if one.interval not in INTERVALS:
        yield "interval"
    if one.currency != known.currency:
        yield "currency"


def _date_reasons(one: Candidate, now: datetime) -> Iterator[str]:
    if one.billing == KEPT:
        if one.ends_at is not None and one.ends_at <= now:
            yield "ends"
        if one.ends_at is not None and one.paid_until is not None and one.ends_at > one.paid_until:
            yield "ends later"
        return
    until = one.ends_at if one.status == "ending" or one.billing == UNBILLED else one.paid_until
    if until is None:
        if one.billing != UNBILLED or "no date" in one.facts:
            yield "no date"
        return
    if until <= now + SOONEST:
        yield "ended" if one.status == "ending" or one.billing == UNBILLED else "past"


def _notes(one: Candidate, known: KnownHere) -> Iterator[str]:
    if one.status in ("past_due", "unpaid"):
        yield "owes"
    if one.ends_at is not None and one.billing == KEPT:
        yield "cancelling"
    if one.status == "trialing" and "paid time" not in one.facts:
        yield "trial"
    yield from (fact for fact in ("discount", "no card", "classic", "platform", "tax on top") if fact in one.facts)
    if known.known_as and known.known_as != one.email:
        yield "other e-mail"
    if known.has_other_customer:
        yield "other customer"
    if not known.known_as:
        yield "new person"
