"""Invariants of the journal."""

from components.foundation.consistency import invariant_walks
from components.foundation.consistency.invariant_rules import Invariant

RULES = (
    Invariant(
        "an article for everyone has no delay",
        "Article {slug}: it is for everyone, but has a delay in days of membership.",
        "SELECT slug FROM article WHERE id = ANY($1) AND gate = 'public' AND drip_days > 0 ORDER BY slug",
        each="article",
    ),
)


async def invariants() -> list[str]:
    """Every article that breaks a rule, as a sentence."""
    return await invariant_walks.sentences(RULES)
