"""What must always be true of the journal."""

from components.foundation import database


async def invariants() -> list[str]:
    """In words, every article that breaks a rule."""
    rows = await database.fetch("SELECT slug FROM article WHERE gate = 'public' AND drip_days > 0 ORDER BY slug")
    return [f"Article {row['slug']}: it is for everyone, but has a delay in days of membership." for row in rows]
