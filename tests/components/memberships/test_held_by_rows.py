"""What somebody holds at an instant follows from the rows alone: random years against what is written down by hand."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from components.foundation import clock, database, ids
from components.memberships.editing import plan_benefits, plans, scheduled_changes
from components.memberships.editing.plan_revisions import Pair, Revision
from components.memberships.entitlements import entitlements, membership_periods
from components.memberships.invariants import invariants
from components.memberships.tables import Membership
from tests.support import make_plans

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
BY = UUID(int=7)
pytestmark = pytest.mark.usefixtures("db")


@dataclass
class State:
    """What the shop had said by one instant: promises and memberships as plain stretches."""

    promised: dict[tuple[UUID, UUID], list[list[datetime | None]]] = field(default_factory=dict)
    memberships: dict[UUID, tuple[UUID, UUID, datetime, datetime | None]] = field(default_factory=dict)

    def copy(self) -> "State":
        return State(
            {pair: [list(one) for one in many] for pair, many in self.promised.items()}, dict(self.memberships)
        )

    def held(self, person: UUID, at: datetime) -> set[UUID]:
        plans = {
            plan for who, plan, start, end in self.memberships.values() if who == person and within(start, end, at)
        }
        return {
            benefit
            for (plan, benefit), stretches in self.promised.items()
            if plan in plans and any(within(start, end, at) for start, end in stretches)
        }


def within(start: datetime | None, end: datetime | None, at: datetime) -> bool:
    return start is not None and start <= at and (end is None or at < end)


@pytest.mark.parametrize("seed", range(12))
async def test_what_is_held_at_an_instant_follows_from_the_rows_alone(at: datetime, seed: int) -> None:
    """A random year of promises, publications, memberships and moved ends, against what is written down by hand.

    What holds at an instant is what had been said by then: nothing that is done later changes it.
    """
    chance = random.Random(seed)
    people = [ids.new() for _ in range(2)]
    benefits = [await make_plans.benefit("perk", f"Perk {n}", promise=f"Perk {n}") for n in range(3)]
    plan_ids = [await _plan(f"plan-{n}") for n in range(2)]
    state, said, now = State(), [], at
    for _ in range(30):
        now += timedelta(hours=chance.randrange(1, 120))
        clock.set_everywhere(now)
        await _something(chance, state, people, benefits, plan_ids)
        assert await invariants() == []
        said.append((now, state.copy()))
    for _ in range(150):
        moment = chance.choice([then for then, _ in said]) + chance.choice([-SECOND, timedelta(0), SECOND, 7 * DAY])
        known = [one for then, one in said if then <= moment]
        for person in people:
            wanted = known[-1].held(person, moment) if known else set()
            found = {one.benefit_id for one in (await entitlements.for_person(person, moment)).entitlements}
            assert found == wanted, (moment, person)


async def _plan(slug: str) -> UUID:
    return await plans.create(slug=slug, name=slug.title(), summary="", price=900, interval="month", by=None)


async def _something(
    chance: random.Random, state: State, people: list[UUID], benefits: list[UUID], plan_ids: list[UUID]
) -> None:
    now, plan, benefit = clock.now(), chance.choice(plan_ids), chance.choice(benefits)
    stretches = state.promised.setdefault((plan, benefit), [])
    is_promised = any(within(start, end, now) for start, end in stretches)
    is_scheduled = any(
        edge is not None and edge > now for (_, one), many in state.promised.items() if one == benefit
        for stretch in many for edge in stretch
    )  # fmt: skip
    what = chance.choice(["begin", "move", "move", "promise", "promise", "publish"])
    if what == "begin":
        await _begin(chance, state, chance.choice(people), plan)
    elif what == "move" and state.memberships:
        await _move(chance, state)
    elif what == "promise" and not is_scheduled:
        if is_promised:
            await plan_benefits.detach(plan, benefit, by=BY)
            stretches[-1][1] = now
        else:
            await plan_benefits.attach(plan, benefit, by=BY)
            stretches.append([now, None])
    elif what == "publish" and not is_scheduled:
        day, pair = now + timedelta(days=chance.randrange(1, 40)), (Pair(plan, benefit),)
        draft = Revision({}, taken_back=pair) if is_promised else Revision({}, promised=pair)
        await scheduled_changes.publish(draft, from_at=day, name="Draft", by=BY)
        if chance.random() < 0.3:
            await scheduled_changes.withdraw(draft, from_at=day, name="Draft", by=BY)
        elif is_promised:
            stretches[-1][1] = day
        else:
            stretches.append([day, None])


async def _begin(chance: random.Random, state: State, person: UUID, plan: UUID) -> None:
    """Now or later, as a term that was paid for beforehand; never two of one person and plan at a time."""
    start = clock.now() + timedelta(days=chance.choice([0, 0, 10]))
    mine = [end for who, of, _, end in state.memberships.values() if (who, of) == (person, plan)]
    if any(end is None or end > start for end in mine):
        return
    end = chance.choice([None, start + timedelta(days=chance.randrange(1, 90))])
    made = await membership_periods.start(
        person, plan_id=plan, source="term", source_id=ids.new(), starts_at=start, ends_at=end
    )  # fmt: skip
    await database.execute("UPDATE membership SET source = 'comp' WHERE id = $1", made.id)
    state.memberships[made.id] = (person, plan, start, end)


async def _move(chance: random.Random, state: State) -> None:
    which = chance.choice(list(state.memberships))
    person, plan, start, end = state.memberships[which]
    if end is not None and end <= clock.now():
        return
    wanted = chance.choice([None, max(start, clock.now()) + timedelta(days=chance.randrange(0, 90))])
    others = [
        begun for one, (who, of, begun, _) in state.memberships.items() if one != which and (who, of) == (person, plan)
    ]
    if any(begun > start and (wanted is None or wanted > begun) for begun in others):
        return
    held = await Membership.objects().get(Membership.id == which)
    assert held is not None
    await membership_periods.move_end(held, wanted)
    state.memberships[which] = (person, plan, start, wanted)
