"""Facts: events, announced once, in the same transaction as the change that caused them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from components.foundation import clock, database, ids, jobs, json
from components.foundation.tables import AnnouncedFact

_KINDS: dict[str, type["Fact"]] = {}


@dataclass(frozen=True)
class Fact:
    """Base of every fact. Fields are ids, words, numbers, instants or Money: enough to look the rest up."""

    known: ClassVar[dict[str, type["Fact"]]] = _KINDS

    def __init_subclass__(cls, **rest: Any) -> None:
        super().__init_subclass__(**rest)
        _KINDS[cls.__name__] = cls


async def announce(fact: Fact) -> UUID:
    """Store the fact and wake the worker when this transaction commits; nothing happens if it does not."""
    fact_id = ids.new()
    await AnnouncedFact.insert(
        AnnouncedFact(id=fact_id, name=type(fact).__name__, body=json.dump(fact), announced_at=clock.now())
    )
    await jobs.defer("deliver_fact", fact_id=str(fact_id))
    return fact_id


async def announced(fact_id: UUID) -> Fact | None:
    """The stored fact; None if it is unknown."""
    row = await AnnouncedFact.objects().where(AnnouncedFact.id == fact_id).first()
    if row is None or row.name not in _KINDS:
        return None
    return json.load_as(_KINDS[row.name], row.body)


async def announced_values(kind: type[Fact], field: str, values: Sequence[str]) -> set[str]:
    """Which of these a fact of this kind says."""
    return set(await database.fetch_values(_SAID, kind.__name__, field, list(values)))


_SAID = "SELECT body ->> $2 FROM announced_fact WHERE name = $1 AND body ->> $2 = ANY($3)"
