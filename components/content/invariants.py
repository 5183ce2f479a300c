"""What must always be true of the journal."""

from components.content.tables import Article


async def invariants() -> list[str]:
    """In words, every article that breaks a rule."""
    drips = (Article.gate == "public") & (Article.drip_days > 0)
    rows = await Article.select(Article.slug).where(drips).order_by(Article.slug)
    return [f"Article {row['slug']}: it is for everybody and yet waits for days of membership." for row in rows]
