"""What one version of a benefit adds, calculated once and shared by everyone who holds it."""

from functools import lru_cache
from uuid import UUID

from components.memberships.benefits.kinds import all_kinds
from components.memberships.benefits.protocol import BenefitEffects

NOTHING = BenefitEffects()


@lru_cache(maxsize=2_000)
def effects_of(kind: str, benefit_id: UUID, name: str, settings: str) -> BenefitEffects:
    """A kind the shop no longer knows adds nothing."""
    if kind not in all_kinds():
        return NOTHING
    made_of = all_kinds()[kind]
    return made_of.share(made_of.load(settings), benefit_id=benefit_id, name=name)
