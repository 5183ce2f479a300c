"""A list of customers under a tag of its own, and the segment of whoever has the tag and is not a member."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from components.foundation import audit, clock, database
from components.foundation.languages.words import _
from components.people import customer_accounts
from components.segments import customer_tags, segment_editing, segments
from components.segments.rules import membership_rules


async def keep(typed: str, people: Iterable[UUID], *, by: UUID | None = None) -> tuple[UUID, int]:
    """From now on the tag is on these customers and on nobody else; the segment of them, and how many they are.

    The segment is made the first time. Raises `TagRefused`, and `SegmentRefused` where another has its name.
    """
    tag = customer_tags.normal(typed)
    async with database.transaction():
        held = sorted(await customer_accounts.held(people))
        left = await database.execute(_TAKE_OFF, held, tag)
        added = await database.execute(_PUT_ON, held, tag, clock.now(), by)
        segment_id = await _segment(tag, by)
        noted = {"tag": tag, "customers": added, "taken off": left}
        await audit.record(by, "segment tagged", "segment", segment_id, after=noted)
    return segment_id, len(held)


async def _segment(tag: str, by: UUID | None) -> UUID:
    wanted = ({"kind": "tag", "is": "yes", "tag": tag}, {"kind": "plan", "is": "no", "plan": membership_rules.ANY})
    for one in await segments.active():
        parts = one.rules.get("parts", ())
        if one.rules.get("match") == "all" and [_of(part) for part in parts] == [_of(rule) for rule in wanted]:
            return one.id
    rules = {"match": "all", "parts": list(wanted)}
    return await segment_editing.create(_("Tagged “%(tag)s”, and not a member", tag=tag), rules, by=by)


def _of(rule: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(rule.get(at) for at in ("kind", "is", "tag", "plan"))


_TAKE_OFF = "DELETE FROM customer_tag WHERE tag = $2 AND person <> ALL($1::uuid[])"
_PUT_ON = """INSERT INTO customer_tag (id, person, tag, at, by)
SELECT gen_random_uuid(), id, $2, $3, $4 FROM unnest($1::uuid[]) AS listed(id) ON CONFLICT DO NOTHING"""
