"""What one version of a benefit adds, calculated once and shared by everyone who holds it."""

from functools import lru_cache
from uuid import UUID

from components.memberships.benefits.effects import Effects
from components.memberships.benefits.kinds import all_kinds


@lru_cache(maxsize=2_000)
def effects_of(kind: str, benefit_id: UUID, name: str, settings: str) -> Effects:
    """A kind the shop no longer knows adds nothing."""
    if kind not in all_kinds():
        return ()
    made_of = all_kinds()[kind]
    return made_of.effects(made_of.load(settings), benefit_id=benefit_id, name=name)
