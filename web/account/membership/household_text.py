"""What a payer is told about their household before something changes it."""

from collections.abc import Sequence
from uuid import UUID

from components.memberships.grants import seat_sync
from components.memberships.plans.plan_catalogue import PlanView
from components.memberships.tables import Seat


async def losing_sentences(subscription_id: UUID, plan: PlanView, *, when: str) -> tuple[str, ...]:
    """Who has no place on that plan; nothing where everybody has. `when` is "on 1 May 2027" or the like."""
    losing = await seat_sync.beyond(subscription_id, plan.seats)
    return (f"{plan.name} {_shares(plan.seats)}.", *_gone(losing, when)) if losing else ()


def ending_sentences(seats: Sequence[Seat], *, when: str) -> tuple[str, ...]:
    """For the page on which one cancels: who loses their place with it, and which invitations end."""
    return _gone(seats, when)


def _gone(seats: Sequence[Seat], when: str) -> tuple[str, ...]:
    taken = [seat.email for seat in seats if seat.holder is not None]
    invited = [seat.email for seat in seats if seat.holder is None]
    words = []
    if taken:
        what = "loses their place" if len(taken) == 1 else "lose their places"
        words.append(f"{listed(taken)} {what} {when}, and we’ll e-mail them then.")
    if invited:
        what = "is" if len(invited) == 1 else "are"
        words.append(f"Your invitation{'s' if len(invited) > 1 else ''} to {listed(invited)} {what} withdrawn {when}.")
    return tuple(words)


def resting_sentence(seats: Sequence[Seat]) -> str:
    """For the page that offers a pause; empty for somebody who shares with nobody."""
    if not any(seat.holder for seat in seats):
        return ""
    return (
        "The people you share your membership with are without benefits as well during the pause. They keep their "
        "places, and we’ll e-mail them when it begins and when it’s over."
    )


def _shares(count: int) -> str:
    if not count:
        return "can’t be shared"
    return f"can be shared with {'one other person' if count == 1 else f'{count} other people'}"


def listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
