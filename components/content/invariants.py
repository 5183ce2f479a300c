"""Invariants of the journal."""

from components.foundation import database


async def invariants() -> list[str]:
    """Every article that breaks a rule, as a sentence."""
    rows = await database.fetch("SELECT slug FROM article WHERE gate = 'public' AND drip_days > 0 ORDER BY slug")
    return [f"Article {row['slug']}: it is for everyone, but has a delay in days of membership." for row in rows]
