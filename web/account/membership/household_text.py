"""What a payer is told about their household before something changes it."""

from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from uuid import UUID

from components.foundation.formatting import day
from components.foundation.languages import enumerations
from components.foundation.languages.words import _, n_
from components.memberships.grants import seat_sync
from components.memberships.plans.plan_catalogue import PlanView
from components.memberships.tables import Seat


class Losing(Enum):
    """When a place is lost, where that is not a day."""

    THEN = "then"
    NOW = "as soon as they change"
    AT_ONCE = "straight away"


async def losing_sentences(subscription_id: UUID, plan: PlanView, *, when: datetime | Losing) -> tuple[str, ...]:
    """Who has no place on that plan; nothing where everybody has."""
    losing = await seat_sync.beyond(subscription_id, plan.seats)
    return (_shares(plan), *_gone(losing, when)) if losing else ()


def ending_sentences(seats: Sequence[Seat], *, on: datetime | None) -> tuple[str, ...]:
    """For the page on which one cancels: who loses their place with it, and which invitations end."""
    return _gone(seats, on or Losing.AT_ONCE)


def _gone(seats: Sequence[Seat], when: datetime | Losing) -> tuple[str, ...]:
    taken = [seat.email for seat in seats if seat.holder is not None]
    invited = [seat.email for seat in seats if seat.holder is None]
    words = []
    if taken:
        words.append(_lost(len(taken), when, who=enumerations.all_of(taken)))
    if invited:
        words.append(_withdrawn(len(invited), when, who=enumerations.all_of(invited)))
    return tuple(words)


def _lost(count: int, when: datetime | Losing, *, who: str) -> str:
    if isinstance(when, datetime):
        return n_(
            "%(who)s loses their place on %(day)s, and we’ll e-mail them then.",
            "%(who)s lose their places on %(day)s, and we’ll e-mail them then.",
            count,
            who=who,
            day=day(when),
        )
    if when is Losing.NOW:
        return n_(
            "%(who)s loses their place as soon as you change, and we’ll e-mail them then.",
            "%(who)s lose their places as soon as you change, and we’ll e-mail them then.",
            count,
            who=who,
        )
    if when is Losing.AT_ONCE:
        return n_(
            "%(who)s loses their place straight away, and we’ll e-mail them then.",
            "%(who)s lose their places straight away, and we’ll e-mail them then.",
            count,
            who=who,
        )
    return n_(
        "%(who)s loses their place then, and we’ll e-mail them then.",
        "%(who)s lose their places then, and we’ll e-mail them then.",
        count,
        who=who,
    )


def _withdrawn(count: int, when: datetime | Losing, *, who: str) -> str:
    if isinstance(when, datetime):
        return n_(
            "Your invitation to %(who)s is withdrawn on %(day)s.",
            "Your invitations to %(who)s are withdrawn on %(day)s.",
            count,
            who=who,
            day=day(when),
        )
    if when is Losing.NOW:
        return n_(
            "Your invitation to %(who)s is withdrawn as soon as you change.",
            "Your invitations to %(who)s are withdrawn as soon as you change.",
            count,
            who=who,
        )
    if when is Losing.AT_ONCE:
        return n_(
            "Your invitation to %(who)s is withdrawn straight away.",
            "Your invitations to %(who)s are withdrawn straight away.",
            count,
            who=who,
        )
    return n_(
        "Your invitation to %(who)s is withdrawn then.",
        "Your invitations to %(who)s are withdrawn then.",
        count,
        who=who,
    )


def resting_sentence(seats: Sequence[Seat]) -> str:
    """For the page that offers a pause; empty for somebody who shares with nobody."""
    if not any(seat.holder for seat in seats):
        return ""
    return _(
        "The people you share your membership with are without benefits as well during the pause. They keep their "
        "places, and we’ll e-mail them when it begins and when it’s over."
    )


def _shares(plan: PlanView) -> str:
    if not plan.seats:
        return _("%(plan)s can’t be shared.", plan=plan.name)
    return n_(
        "%(plan)s can be shared with one other person.",
        "%(plan)s can be shared with %(num)s other people.",
        plan.seats,
        plan=plan.name,
    )
