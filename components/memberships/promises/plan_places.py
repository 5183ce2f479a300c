"""Places on a plan: no more members than there are, whoever comes at the same moment; and a list of who waits.

A place is taken by a membership that runs or is still to begin, by a subscription that is not over (paused ones too),
by a gift that was bought and has not begun, by a planned change of plan, by somebody whose payment page is open, and
by somebody from the list for whom one is held. Seats and what is earned by spending take none.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from piccolo.columns import Column
from piccolo.columns.combination import Combinable

from components.foundation import clock, database, ids, outbox
from components.foundation.database.advisory_locks import take_turns
from components.foundation.languages.words import N_
from components.foundation.operations import one_by_one
from components.foundation.refusals import Refusal
from components.memberships.facts import PlaceOffered
from components.memberships.plans import plan_cache
from components.memberships.promises.tables import PlanPlace
from components.memberships.tables import Plan

PAGE_OPEN = timedelta(hours=25)
"""Longer than any payment page can be paid; it is released sooner when the page is known to have expired."""
HELD = timedelta(hours=48)
MOST_UNPAID_GIFTS = 3
"""Each takes a place while its payment page is open: nobody takes them all without paying."""


class NoPlace(Refusal):
    message = N_("All places on this plan are taken. You can join the waiting list.")
    status = 409


class TooManyUnpaid(Refusal):
    message = N_(
        "You have begun several gifts of this plan that are not paid for yet, and its places are limited. "
        "Please pay for them first, or try again tomorrow."
    )
    status = 409


class NotFull(Refusal):
    message = N_("There are places on this plan: you can join straight away.")
    status = 409


@dataclass(frozen=True, slots=True)
class PlacesCount:
    """`free` is for newcomers: what the list waits for is not."""

    places: int
    taken: int
    waiting: int

    @property
    def free(self) -> int:
        return max(0, self.places - self.taken - self.waiting)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One claim of the list; `turn` counts from 1 among those without a place."""

    id: UUID
    person: UUID
    asked_at: datetime
    held_until: datetime | None


@dataclass(frozen=True, slots=True)
class Claim:
    """Where one person waits. `ahead` wait longer for the same plan; a place is held for them until `held_until`."""

    plan: UUID
    ahead: int
    held_until: datetime | None


def has_places(plan_id: UUID) -> bool:
    """Whether the plan has a number of places, as this process knows."""
    return any(plan.places for plan in plan_cache.current().plans if plan.id == plan_id)


async def take(plan_id: UUID, person_id: UUID, *, is_joining: bool = True) -> None:
    """Within the transaction that begins a membership, its payment or a change of plan. Whoever has or holds a place
    keeps it; everybody else needs a free one. Raises `NoPlace`."""
    if not has_places(plan_id):
        return
    await take_turn(plan_id)
    found = await _count(plan_id, but=person_id)
    if found is None:
        return
    if found.free <= 0 and not await holds(plan_id, person_id):
        raise NoPlace
    if is_joining:
        await database.execute(_HOLD, ids.new(), plan_id, person_id, clock.now(), clock.now() + PAGE_OPEN)


async def take_turn(plan_id: UUID) -> None:
    """Before anything of a joining is locked: until the transaction ends, nobody else takes or gives back a place."""
    if has_places(plan_id):
        await take_turns(f"places:{plan_id}")


async def take_for_gift(plan_id: UUID, buyer: UUID | None) -> None:
    """Within the transaction that stores a gift that is to be paid: it takes a place itself.

    Raises `NoPlace`, `TooManyUnpaid`.
    """
    if not has_places(plan_id):
        return
    await take_turns(f"places:{plan_id}")
    found = await _count(plan_id)
    if found is not None and found.free <= 0:
        raise NoPlace
    if found is not None and await database.fetch_value(_UNPAID, plan_id, clock.now(), buyer) >= MOST_UNPAID_GIFTS:
        raise TooManyUnpaid


async def release(plan_id: UUID, person_id: UUID) -> None:
    """Their payment page for this plan has expired; for another it may still be open. May run twice."""
    ended: dict[Column | str, Any] = {PlanPlace.ended_at: clock.now(), PlanPlace.why_ended: "lapsed"}
    is_open = (PlanPlace.kind == "joining") & PlanPlace.ended_at.is_null()
    await PlanPlace.update(ended).where((PlanPlace.plan == plan_id) & (PlanPlace.person == person_id) & is_open)


async def of_plan(plan_id: UUID) -> PlacesCount | None:
    """None for a plan with any number of members."""
    return await _count(plan_id) if has_places(plan_id) else None


async def holds(plan_id: UUID, person_id: UUID) -> bool:
    """Whether they have or hold a place."""
    return bool(await database.fetch_value(f"SELECT $3::uuid IN ({_TAKEN})", plan_id, clock.now(), person_id))


async def wait(plan_id: UUID, person_id: UUID) -> PlanPlace:
    """Put them on the list, once. Raises `NotFull`."""
    async with database.transaction():
        await take_turns(f"places:{plan_id}")
        if (known := await waiting(plan_id, person_id)) is not None:
            return known
        found = await _count(plan_id)
        if found is None or found.free > 0:
            raise NotFull
        place = PlanPlace(id=ids.new(), plan=plan_id, person=person_id, kind="waiting", asked_at=clock.now())
        await PlanPlace.insert(place)
    return place


async def leave(plan_id: UUID, person_id: UUID) -> None:
    """Off the list; a place that was held is offered to the next. May be repeated."""
    await _end((PlanPlace.plan == plan_id) & (PlanPlace.person == person_id), "left")
    await offer_free()


async def waiting(plan_id: UUID, person_id: UUID) -> PlanPlace | None:
    is_theirs = (PlanPlace.plan == plan_id) & (PlanPlace.person == person_id) & (PlanPlace.kind == "waiting")
    return await PlanPlace.objects().where(is_theirs & PlanPlace.ended_at.is_null()).first()


async def waiting_list(plan_id: UUID) -> list[Waiting]:
    """Who has a place held first, then in the order they asked."""
    return await database.fetch_as(Waiting, _LIST, plan_id)


async def claims(person_id: UUID) -> list[Claim]:
    """The lists that they wait on, and what is held for them there, the oldest first; not where they are a member."""
    return await database.fetch_as(Claim, _CLAIMS, person_id, clock.now())


async def by_id(place_id: UUID) -> PlanPlace | None:
    return await PlanPlace.objects().where(PlanPlace.id == place_id).first()


async def offer_free() -> None:
    """Scheduled: what was held in vain ends, and each free place is held for whoever has waited longest."""
    now = clock.now()
    is_over = PlanPlace.held_until <= now
    await _end(is_over, "lapsed", kinds=("joining", "waiting"))
    await one_by_one.each(await database.fetch_values(_WAITED_FOR), _offer, what="plan with a waiting list")


async def erase_person(person_id: UUID) -> None:
    await _end(PlanPlace.person == person_id, "left", kinds=("joining", "waiting"))


def _unoffered(plan_id: UUID) -> Combinable:
    one = PlanPlace
    waits = (one.plan == plan_id) & (one.kind == "waiting")
    return waits & one.ended_at.is_null() & one.held_until.is_null()


async def _offer(plan_id: UUID) -> None:
    async with database.transaction():
        await take_turns(f"places:{plan_id}")
        now = clock.now()
        await database.execute(_JOINED, plan_id, now)
        limit = await Plan.select(Plan.places).where(Plan.id == plan_id).first()
        taken = len(await database.fetch_values(_TAKEN, plan_id, now))
        places = limit["places"] if limit else 0
        free = places - taken if places else 1_000  # no number any more: everybody who waits may come
        waiting = PlanPlace.select(PlanPlace.id).where(_unoffered(plan_id)).order_by(PlanPlace.asked_at, PlanPlace.id)
        for place_id in await waiting.limit(max(0, free)).output(as_list=True):
            offered: dict[Column | str, Any] = {PlanPlace.offered_at: now, PlanPlace.held_until: now + HELD}
            await PlanPlace.update(offered).where(PlanPlace.id == place_id)
            await outbox.announce(PlaceOffered(place_id))


async def _count(plan_id: UUID, *, but: UUID | None = None) -> PlacesCount | None:
    """By the rows; of people, `but` this one. None for any number."""
    limit = await Plan.select(Plan.places).where(Plan.id == plan_id).first()
    if not limit or not limit["places"]:
        return None
    taken = await database.fetch_values(_TAKEN, plan_id, clock.now())
    wait = await PlanPlace.select(PlanPlace.person).where(_unoffered(plan_id)).output(as_list=True)
    return PlacesCount(
        limit["places"], len([one for one in taken if one != but]), len([one for one in wait if one != but])
    )


async def _end(which: Combinable, why: str, *, kinds: tuple[str, ...] = ("waiting",)) -> None:
    is_open = PlanPlace.ended_at.is_null() & PlanPlace.kind.is_in(list(kinds))
    ended: dict[Column | str, Any] = {PlanPlace.ended_at: clock.now(), PlanPlace.why_ended: why}
    await PlanPlace.update(ended).where(which & is_open)


_MEMBERS = """
SELECT m.holder FROM membership m WHERE m.plan = $1 AND m.source IN ('subscription', 'comp', 'free', 'gift', 'term')
  AND holds('-infinity', m.ends_at, $2)
UNION SELECT s.payer FROM subscription s JOIN plan_version v ON v.id = s.plan_version
  WHERE v.plan = $1 AND s.status NOT IN ('pending', 'cancelled', 'lapsed')
"""
_OPEN_GIFT = "g.paid_at IS NULL AND g.lapsed_at IS NULL AND g.created_at > $2::timestamptz - interval '25 hours'"
_UNPAID = f"""
SELECT count(*) FROM gift_membership g JOIN plan_version v ON v.id = g.plan_version
WHERE v.plan = $1 AND g.buyer = $3 AND {_OPEN_GIFT}
"""
_TAKEN = f"""{_MEMBERS}
UNION SELECT s.payer FROM plan_change c JOIN plan_version v ON v.id = c.to_version
  JOIN subscription s ON s.id = c.subscription
  WHERE v.plan = $1 AND c.applied_at IS NULL AND c.dropped_at IS NULL
UNION SELECT g.id FROM gift_membership g JOIN plan_version v ON v.id = g.plan_version
  WHERE v.plan = $1 AND g.begun_at IS NULL AND g.refunded_at IS NULL AND g.voided_at IS NULL AND g.lapsed_at IS NULL
    AND (g.redeemed_at IS NOT NULL OR holds('-infinity', g.expires_at, $2))
    AND (g.paid_at IS NOT NULL OR g.created_at > $2::timestamptz - interval '25 hours')
UNION SELECT p.person FROM plan_place p WHERE p.plan = $1 AND p.ended_at IS NULL AND p.held_until > $2
"""
_HOLD = """
INSERT INTO plan_place (id, plan, person, kind, asked_at, held_until) VALUES ($1, $2, $3, 'joining', $4, $5)
ON CONFLICT (plan, person, kind) WHERE ended_at IS NULL DO UPDATE
  SET held_until = EXCLUDED.held_until, asked_at = EXCLUDED.asked_at
"""
_JOINED = f"""
UPDATE plan_place SET ended_at = $2, why_ended = 'joined'
WHERE plan = $1 AND ended_at IS NULL AND (person IN ({_MEMBERS})
  OR kind = 'joining' AND EXISTS (SELECT FROM membership m WHERE m.plan = $1 AND m.holder = plan_place.person
    AND m.source IN ('subscription', 'term') AND m.starts_at >= plan_place.asked_at))
"""
"""Also whose membership has ended before anybody looked: the page that they had paid takes no place any more."""
_WAITED_FOR = "SELECT DISTINCT plan FROM plan_place WHERE ended_at IS NULL"
_LIST = """
SELECT id, person, asked_at, held_until FROM plan_place WHERE plan = $1 AND kind = 'waiting' AND ended_at IS NULL
ORDER BY held_until IS NULL, asked_at, id
"""
_CLAIMS = """
SELECT p.plan, p.held_until, (SELECT count(*) FROM plan_place o WHERE o.plan = p.plan AND o.kind = 'waiting'
  AND o.ended_at IS NULL AND o.held_until IS NULL AND (o.asked_at, o.id) < (p.asked_at, p.id)) AS ahead
FROM plan_place p
WHERE p.person = $1 AND p.kind = 'waiting' AND p.ended_at IS NULL AND holds('-infinity', p.held_until, $2)
  AND NOT EXISTS (SELECT 1 FROM membership m WHERE m.plan = p.plan AND m.holder = $1
    AND m.source IN ('subscription', 'comp', 'free', 'gift', 'term') AND holds('-infinity', m.ends_at, $2))
ORDER BY p.asked_at, p.id
"""
