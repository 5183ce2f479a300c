"""Who fits, by the shop's one statement and by going through the rows one by one: always the same people."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from components.behaviour import view_writing, visit_consents
from components.behaviour.page_views import SeenPage
from components.foundation import clock, database, json
from components.memberships.billing.states import current_states
from components.memberships.billing.states.membership_states import MembershipState
from components.memberships.entitlements import entitlements
from components.segments import rule_registry, segments
from tests.support import databases, people, segment_oracle, segment_people, visits
from tests.support.segment_people import BENEFITS, DAYS, NOW, PRODUCTS, SHELF, TAGS

GONE = "00000000-0000-0000-0000-0000000000ff"
YES, DAY, EVER = st.sampled_from(["yes", "no"]), st.sampled_from(DAYS), st.sampled_from([None, *DAYS])
LESS = st.sampled_from(["at_least", "less_than"])
IN_RULES: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "orders": {"is": st.sampled_from(["at_least", "at_most"]), "number": st.integers(0, 3), "days": EVER},
    "spent": {"is": LESS, "amount": st.sampled_from([0, 1, 2500, 5000, 5001]), "days": EVER},
    "last_order": {"is": st.sampled_from(["within", "before"]), "days": DAY},
    "product": {"is": YES, "product": st.sampled_from([*map(str, PRODUCTS), GONE]), "days": EVER},
    "collection": {"is": YES, "collection": st.sampled_from([str(SHELF), GONE]), "days": EVER},
    "product_type": {"is": YES, "type": st.sampled_from(["mug", "bowl", "gone"]), "days": EVER},
    "plan": {"is": YES, "plan": st.sampled_from(["*", "gold", "silver", "nothing", "gone"])},
    "membership_state": {"is": YES, "state": st.sampled_from([state.value for state in MembershipState])},
    "member_for": {"is": LESS, "days": DAY},
    "joined_by": {
        "is": YES,
        "way": st.sampled_from(["trial", "subscription", "term", "gift", "seat", "comp", "earned"]),
    },
    "benefit_used": {"is": YES, "benefit": st.sampled_from(["*", *map(str, BENEFITS), GONE]), "days": EVER},
    "store_credit": {"is": LESS, "amount": st.sampled_from([0, 1, 100, 250, 251])},
    "at_risk": {"is": YES, "risk": st.sampled_from(["*", "orders", "habits", "ending"])},
    "customer_for": {"is": LESS, "days": DAY},
    "tag": {"is": YES, "tag": st.sampled_from([*TAGS, "unknown"])},
    "country": {"is": YES, "country": st.sampled_from(["GB", "DE", "FR"])},
    "language": {"is": YES, "language": st.sampled_from(["en", "de"])},
    "account": {"is": YES},
    "agreed": {"is": YES, "emails": st.sampled_from(["*", "news", "tips", "gone"])},
    "viewed_product": {"is": YES, "product": st.sampled_from([*map(str, PRODUCTS), GONE]), "days": EVER},
    "viewed_collection": {"is": YES, "collection": st.sampled_from([str(SHELF), GONE]), "days": EVER},
    "viewed_article": {"is": YES, "article": st.sampled_from(["clay", "p0", "gone"]), "days": EVER},
    "searched": {
        "is": YES,
        "words": st.sampled_from(["mug", "red mug", "ed m", "mu_", "not kept", "gone"]),
        "days": EVER,
    },
    "birthday": {"is": YES, "month": st.sampled_from(["now", "1", "2", "3", "4"])},
}


def rule(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"kind": st.just(kind), **IN_RULES[kind]})


def group(parts: st.SearchStrategy[Any], most: int) -> st.SearchStrategy[dict[str, Any]]:
    match = st.sampled_from(["all", "any", "none"])
    return st.fixed_dictionaries({"match": match, "parts": st.lists(parts, min_size=1, max_size=most)})


RULES = st.sampled_from(sorted(IN_RULES)).flatmap(rule)
NESTED = group(st.one_of(RULES, group(RULES, 3)), 4)
SEEDS = st.integers(0, 10_000)
CROWD = 80


@pytest.fixture(autouse=True)
def visits_are_kept() -> Iterator[None]:
    with visits.counting("visits"):
        yield


@pytest.fixture
async def crowd(pool: None) -> UUID:
    """One of many."""
    await databases.empty()
    world = segment_people.drawn(7, CROWD)
    await segment_people.insert(world)
    return world["person"][-1]["id"]  # type: ignore[no-any-return]


async def _agree(seed: int, tried: list[dict[str, Any]]) -> None:
    await databases.empty()
    world = segment_people.drawn(seed)
    await segment_people.insert(world)
    for rules in tried:
        sql, args = segments.compiled(rules, at=NOW)
        found = await database.fetch_values(sql, *args)
        assert len(found) == len(set(found))
        assert set(found) == segment_oracle.fitting(world, rules), rules
        assert await segments.count(rules, at=NOW) == len(found)
        somebody = world["person"][0]["id"]
        assert await segments.fits(rules, somebody, at=NOW) == (somebody in found)


def test_every_kind_is_tried() -> None:
    assert set(IN_RULES) == set(rule_registry.all_kinds())
    for kind, fields in IN_RULES.items():
        assert set(fields) == {one.name for one in rule_registry.all_kinds()[kind].fields}


@pytest.mark.parametrize("kind", sorted(IN_RULES))
@given(data=st.data(), seed=SEEDS)
@settings(max_examples=6, phases=[Phase.explicit, Phase.generate])
async def test_each_kind_finds_whom_its_rows_say(pool: None, kind: str, data: st.DataObject, seed: int) -> None:
    """At every edge, too: half of what is drawn happened at the very instant at which a rule begins to hold."""
    alone = group(rule(kind), 1)
    await _agree(seed, [data.draw(alone) for _ in range(12)])


@given(data=st.data(), seed=SEEDS)
@settings(max_examples=20, phases=[Phase.explicit, Phase.generate])
async def test_groups_of_rules_find_whom_their_rows_say(pool: None, data: st.DataObject, seed: int) -> None:
    await _agree(seed, [data.draw(NESTED) for _ in range(12)])


async def test_states_are_those_of_the_one_table_of_states(db: None) -> None:
    """Asked person by person of what every page and every verb goes by; in these worlds every state occurs twice."""
    seen = set()
    for seed in (77, 101, 3, 2, 22, 5, 27, 19):
        await databases.empty()
        world = segment_people.drawn(seed, people=12)
        await segment_people.insert(world)
        with clock.frozen(NOW):
            for person in world["person"]:
                if person["erased_at"]:
                    continue
                held = (await entitlements.for_person(person["id"])).plan
                state = (await current_states.of_person(person["id"], held)).state
                part = {"kind": "membership_state", "is": "yes", "state": state.value}
                assert await segments.fits({"match": "all", "parts": [part]}, person["id"], at=NOW), (seed, state)
                seen.add(state)
    assert seen == set(MembershipState), set(MembershipState) - seen


async def test_only_visits_kept_with_a_consent_count(db: None) -> None:
    """Whoever did not agree, or withdrew it, fits neither yes nor no; and nobody does where no visits are kept."""
    person, visitor = await people.customer(), await visit_consents.give(None)
    looked = SeenPage(at=NOW, kind="article", subject="clay", visitor=visitor, person=person.id)
    await view_writing.write([looked, SeenPage(at=NOW, kind="article", subject="clay", person=person.id)])

    async def fits(rule: dict[str, Any]) -> list[bool]:
        parts = ({"kind": "viewed_article", "article": "clay", **rule, "is": way} for way in ("yes", "no"))
        return [await segments.fits({"match": "all", "parts": [one]}, person.id, at=NOW) for one in parts]

    assert await fits({}) == [True, False] and await fits({"article": "glaze"}) == [False, True]
    with visits.counting("counts"):
        assert await fits({}) == [False, False]
    await visit_consents.withdraw(visitor, person.id)
    assert await fits({}) == [False, False] and await fits({"article": "glaze"}) == [False, False]


async def test_erased_people_fit_nothing(db: None) -> None:
    world = segment_people.drawn(1)
    for person in world["person"]:
        person["erased_at"] = NOW + timedelta(days=1)
    await segment_people.insert(world)
    for match in ("all", "any", "none"):
        rules = {"match": match, "parts": [{"kind": "orders", "is": "at_least", "number": 1, "days": None}]}
        assert await segments.count(rules, at=NOW) == 0


@pytest.mark.parametrize("kind", sorted(IN_RULES))
@given(data=st.data())
@settings(
    max_examples=6, phases=[Phase.explicit, Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_of_one_person_only_their_rows_are_compared(crowd: UUID, kind: str, data: st.DataObject) -> None:
    """What a basket asks with each page: PostgreSQL carries no condition into an EXCEPT by itself."""
    rules = {"match": "none", "parts": [data.draw(rule(kind))]}
    sql, args = segments.compiled(rules, at=NOW, person=crowd)
    plan = json.load(await database.fetch_value(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", *args))
    assert _most_compared(plan[0]["Plan"]) < CROWD / 4, (rules, sql)


def _most_compared(node: dict[str, Any]) -> float:
    """The most rows that go into a set operation anywhere in a plan."""
    parts = node.get("Plans", [])
    own = [part["Actual Rows"] for part in parts] if node["Node Type"] in ("SetOp", "Append") else []
    return max([0.0, *own, *map(_most_compared, parts)])
