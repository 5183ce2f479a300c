"""The rows of the journal."""

from piccolo.columns import UUID, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class Article(Table):
    """One article. `gate` is public or members; `drip_days` count from when a member first held the benefit."""

    id = UUID(primary_key=True, default=None)
    slug = Varchar(length=160, unique=True)
    title = Varchar(length=200)
    teaser = Text()
    body = Text()
    cover = Text(default="")
    cover_alt = Text(default="")
    gate = Varchar(length=8, default="public")
    drip_days = Integer(default=0)
    published_at = Timestamptz(null=True, default=None, index=True)
    created_at = Timestamptz(default=None)
    changed_at = Timestamptz(default=None)


DDL: tuple[str, ...] = (
    "ALTER TABLE article ADD CONSTRAINT article_gate CHECK (gate IN ('public', 'members') AND drip_days >= 0)",
    """CREATE VIEW insights_articles AS
       SELECT id, slug, title, teaser, body, gate, drip_days, published_at, changed_at FROM article""",
)
