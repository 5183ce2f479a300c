"""Invariants of the journal."""

from components.content.tables import Article


async def invariants() -> list[str]:
    """Every article that breaks a rule, as a sentence."""
    drips = (Article.gate == "public") & (Article.drip_days > 0)
    rows = await Article.select(Article.slug).where(drips).order_by(Article.slug)
    return [f"Article {row['slug']}: it is for everyone, but has a delay in days of membership." for row in rows]
