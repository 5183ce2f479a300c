"""Tags: words that staff put on customers, to find them again."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from components.foundation import audit, clock, database, ids
from components.foundation.languages.words import N_, _
from components.foundation.refusals import NotFound, Refusal
from components.people import customer_accounts
from components.people.facts import PersonErased
from components.segments import segments
from components.segments.tables import CustomerTag

LONGEST, MOST_EACH = 40, 50


class TagRefused(Refusal):
    message = N_("A tag has 1 to 40 characters and no comma.")


class TagPanel(NamedTuple):
    """The tags of one customer, and those there are."""

    own: tuple[str, ...]
    known: tuple[str, ...]


def normal(typed: str) -> str:
    """As it is kept: in small letters, with single spaces. Raises `TagRefused`."""
    tag = " ".join(typed.split()).lower()
    if not 0 < len(tag) <= LONGEST or "," in tag or not tag.isprintable():
        raise TagRefused
    return tag


async def of_person(person_id: UUID) -> tuple[str, ...]:
    found = await CustomerTag.select(CustomerTag.tag).where(CustomerTag.person == person_id).order_by(CustomerTag.tag)
    return tuple(row["tag"] for row in found)


async def all_tags() -> tuple[str, ...]:
    """Every tag that anybody has."""
    return tuple(await database.fetch_values("SELECT DISTINCT tag FROM customer_tag ORDER BY tag LIMIT 500"))


async def panel(person_id: UUID) -> TagPanel:
    return TagPanel(await of_person(person_id), await all_tags())


async def add(person_id: UUID, typed: str, *, by: UUID | None = None) -> str:
    """The tag as it is kept. Twice is once. Raises `TagRefused`, and `NotFound` for nobody, or somebody erased."""
    tag = normal(typed)
    async with database.transaction():
        if not await customer_accounts.held([person_id]):
            raise NotFound(_("There is no customer at this address."))
        if len(await of_person(person_id)) >= MOST_EACH:
            raise TagRefused(_("A customer has at most %(most)s tags.", most=MOST_EACH))
        if await database.execute(_ADD, ids.new(), person_id, tag, clock.now(), by):
            await audit.record(by, "tag added", "person", person_id, after={"tagged": True})
    return tag


_ADD = """INSERT INTO customer_tag (id, person, tag, at, by) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING"""


async def remove(person_id: UUID, tag: str, *, by: UUID | None = None) -> None:
    """What is not there is removed already."""
    async with database.transaction():
        gone = (
            await CustomerTag.delete()
            .where(CustomerTag.person == person_id, CustomerTag.tag == tag)
            .returning(CustomerTag.id)
        )
        if gone:
            await audit.record(by, "tag removed", "person", person_id, after={"tagged": False})


async def add_to_segment(segment_id: UUID, typed: str, *, by: UUID | None = None) -> tuple[str, int]:
    """Everybody who fits a saved segment now is tagged; how many had not been. Raises `CountTooSlow`, `TagRefused`."""
    tag = normal(typed)
    segment = await segments.by_id(segment_id)
    return tag, await _add_to_all(segment.rules, tag, segment_id, by)


async def _add_to_all(rules: Mapping[str, Any], tag: str, segment_id: UUID, by: UUID | None) -> int:
    sql, args = segments.compiled(rules)
    async with segments.patiently():
        fitting = await customer_accounts.held(await database.fetch_values(sql, *args))
        added = await database.execute(_ADD_TO_ALL, sorted(fitting), tag, clock.now(), by)
        await audit.record(by, "segment tagged", "segment", segment_id, after={"tag": tag, "customers": added})
    return added


_ADD_TO_ALL = """INSERT INTO customer_tag (id, person, tag, at, by)
SELECT gen_random_uuid(), id, $2, $3, $4 FROM unnest($1::uuid[]) AS fitting(id) ON CONFLICT DO NOTHING"""


async def erase_person(fact: PersonErased) -> None:
    """What was noted about them goes."""
    await CustomerTag.delete().where(CustomerTag.person == fact.person_id)
