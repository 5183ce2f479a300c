"""What each act on a membership will do, in sentences for staff: dates, sums, and who is told."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation.formatting import day, money
from components.foundation.languages import enumerations
from components.foundation.refusals import Refusal
from components.memberships.billing import cancellations, pauses, payments_due
from components.memberships.billing.states import next_charges, pause_lengths
from components.memberships.billing.states.current_states import CurrentState
from components.memberships.billing.states.membership_states import MembershipState
from components.memberships.billing.states.next_charges import NextCharge
from components.memberships.entitlements.membership_history import MembershipSpan
from components.memberships.grants import seat_carriers
from components.memberships.tables import Subscription
from components.payments import cards
from web.account.membership.cancellations import paid_until
from web.account.membership.pausing.pause_forms import local_day

NO_REFUND = "Nothing is refunded by this. To give money back, use Refund beside the payment."
TOLD = "The member gets an e-mail about it."
TOLD_IF_BACK = "Otherwise the member gets an e-mail, and a receipt."
FOR_GOOD = "This can’t be undone."


@dataclass(frozen=True, kw_only=True)
class Consequences:
    """`due` is the sum that the card is charged, in minor units; the same must be sent back with the form, and so must
    what was `chosen`, by the names of the form's fields."""

    heading: str
    sentences: tuple[str, ...]
    label: str
    is_grave: bool = False
    due: int = 0
    chosen: tuple[tuple[str, str], ...] = ()


async def of_cancelling(current: CurrentState, running: Subscription) -> Consequences:
    until, said = paid_until(current, running), list[str]()
    if until is None:
        said.append("Nothing is paid for any more, so the membership ends straight away, and with it all benefits.")
        if owed := await payments_due.of_subscription(running):
            said.append(f"The {money(owed.amount)} that is due isn’t asked for any more.")
        said += [*await household(running.id, "straight away"), TOLD, FOR_GOOD]
    else:
        said.append(f"{_benefits(current, until)} It doesn’t renew after that, and nothing more is charged.")
        if current.state is MembershipState.PAUSE_PLANNED:
            said.append("The planned pause is dropped.")
        said += [
            *await household(running.id, f"on {day(until)}"),
            *_no_refund(current),
            TOLD,
            f"It can be undone until {day(until)}.",
        ]
    return Consequences(
        heading="Cancel this membership?", sentences=tuple(said), label="Cancel membership", is_grave=True
    )


async def household(source_id: UUID, when: str) -> tuple[str, ...]:
    """Who loses their place with this subscription, gift or term."""
    guests = [seat.email for seat in await seat_carriers.open_seats(source_id) if seat.holder is not None]
    if not guests:
        return ()
    what = "loses their place" if len(guests) == 1 else "lose their places"
    who = enumerations.all_of(guests)
    return (f"{who} {what} in the household {when}, and get{'s' if len(guests) == 1 else ''} an e-mail.",)


def _no_refund(current: CurrentState) -> tuple[str, ...]:
    """Nothing has been paid in a trial."""
    return () if current.state is MembershipState.TRIAL else (NO_REFUND,)


def _benefits(current: CurrentState, until: datetime) -> str:
    if current.is_paused and current.pause:
        return f"Benefits come back on {day(current.pause.until_at)}, when the pause ends, and stay until {day(until)}."
    if current.state is MembershipState.TRIAL:
        return f"The free trial goes on until {day(until)}."
    return f"It is paid for until {day(until)}, and benefits stay until then."


async def of_ending(current: CurrentState, running: Subscription) -> Consequences:
    until = paid_until(current, running)
    goes_on = "the free trial would go on" if current.state is MembershipState.TRIAL else "it is paid for"
    lost = f" although {goes_on} until {day(until)}" if until else ""
    said = [f"All benefits end straight away{lost}.", " ".join(("Nothing more is charged.", *_no_refund(current)))]
    said += [*await household(running.id, "straight away"), TOLD, f"{FOR_GOOD} They would have to join again."]
    return Consequences(
        heading="End this membership now?", sentences=tuple(said), label="End now without a refund", is_grave=True
    )


async def of_keeping(current: CurrentState, running: Subscription) -> Consequences:
    said = ["The pause goes on as planned."] if current.is_paused else []
    if running.current_period_end:
        coming = _sum(await next_charges.of_renewal(running))
        said.append(f"It renews on {day(running.current_period_end)} and the card is charged {coming} then.")
    return Consequences(heading="Undo the cancellation?", sentences=(*said, TOLD), label="Undo the cancellation")


def _sum(coming: NextCharge) -> str:
    """With the discount and the store credit that it is less of."""
    sum = f"about {money(coming.left)}" if coming.is_about else money(coming.left)
    less = [coming.discount.staff_words] if coming.discount else []
    less += [f"{money(coming.credit)} of their store credit is used"] if coming.credit else []
    return f"{sum} ({'; '.join(less)})" if less else sum


async def of_pausing(running: Subscription, choice: str, *, begins: datetime, months: int) -> Consequences:
    """Raises `PauseTooLate`."""
    found = pause_lengths.preview(begins, months, paid_until=running.current_period_end)
    charge = f"{_sum(await next_charges.of_renewal(running, at=found.renews_at))} on {day(found.renews_at)}"
    said = (
        f"The pause starts on {day(begins)} and ends on {day(found.until)}. Benefits are off in between.",
        f"Nothing is charged meanwhile. The next charge is {charge}.",
        TOLD,
        "The membership can be resumed sooner.",
    )
    chosen = (("choice", choice), ("until", local_day(found.until).isoformat()))
    heading = f"Pause this membership until {day(found.until)}?"
    return Consequences(heading=heading, sentences=said, label="Pause membership", chosen=chosen)


async def of_resuming(current: CurrentState, running: Subscription) -> Consequences:
    """Raises what asking Stripe for the sum raises."""
    if not current.is_paused:
        renews_at = cancellations.ends_if_cancelled(current)
        at = f" on {day(renews_at)}" if renews_at else ""
        dropped = ("The membership is not paused after all.", f"It renews{at} as if no pause had been planned.", TOLD)
        return Consequences(heading="Drop the planned pause?", sentences=dropped, label="Drop the planned pause")
    found = await pauses.coming_back(running.id)
    said = ("The pause ends now and benefits are back straight away.", *_charged(found, current))
    label = f"Resume and charge {money(found.due)}" if found.due else "Resume at no charge"
    return Consequences(
        heading="Resume this membership?", sentences=said, label=label, is_grave=bool(found.due), due=found.due.amount
    )


def _charged(found: pauses.ComingBack, current: CurrentState) -> tuple[str, ...]:
    if found.due:
        most = "at most " if found.is_at_most else ""
        declined = "If the card is declined, the membership stays paused and nothing is owed."
        return f"The member’s card is charged {most}{money(found.due)} now.", declined, TOLD_IF_BACK, FOR_GOOD
    if current.state is MembershipState.CANCELLING_PAUSED:
        ends = f" on {day(found.renews_at)}" if found.renews_at else ""
        return (f"Nothing is charged. It ends{ends} with what is paid for, because it is cancelled.", TOLD)
    renews = f" The next charge is on {day(found.renews_at)}." if found.renews_at else ""
    return (f"Nothing is charged now.{renews}", TOLD)


async def of_retrying(owed: payments_due.PaymentDue) -> Consequences:
    known = await cards.shown(owed.subscription_id)
    card = f"The card on file ({known.brand.title()} ending in {known.last4})" if known else "The card on file"
    back = "benefits stay on" if owed.has_benefits else "its benefits are back"
    said = (
        f"{card} is charged {money(owed.amount)} for {owed.plan_name} now.",
        f"If it goes through, the membership is active again and {back}. A payment can only be refunded, not undone.",
        "If it is declined, nothing is charged and the member still owes it.",
        "The member gets an e-mail if it goes through.",
    )
    return Consequences(
        heading="Try the card again?", sentences=said, label=f"Charge {money(owed.amount)}", due=owed.amount.amount
    )


def of_ending_comp(span: MembershipSpan) -> Consequences:
    until = f"was given until {day(span.ends_at)}" if span.ends_at else "was given without an end date"
    said = (
        f"This {span.plan_name} membership {until}. Its benefits end straight away.",
        "Nothing was paid for it, so there is nothing to refund.",
        "The member gets an e-mail about it, unless they have another membership that goes on.",
        "It can’t be undone; you can give a new one.",
    )
    return Consequences(heading="End this complimentary membership?", sentences=said, label="End now", is_grave=True)


def refused(refusal: Refusal) -> str:
    return getattr(refusal, "detail", "") or str(refusal)
