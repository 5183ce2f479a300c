"""Invariants of the journal and the pages."""

from components.content.tables import PageVersion
from components.foundation.consistency import invariant_walks
from components.foundation.consistency.invariant_rules import Invariant, references

RULES = (
    Invariant(
        "an article for everyone has no delay",
        "Article {slug}: it is for everyone, but has a delay in days of membership.",
        "SELECT slug FROM article WHERE id = ANY($1) AND gate = 'public' AND drip_days > 0 ORDER BY slug",
        each="article",
    ),
    Invariant(
        "a page says what its latest version says",
        "Page {slug}: its text is not that of version {version}, or there is a later one",
        """SELECT p.slug, p.version FROM page p
           LEFT JOIN page_version v ON v.page = p.id AND v.number = p.version
           WHERE p.id = ANY($1) AND ((v.title, v.summary, v.body) IS DISTINCT FROM (p.title, p.summary, p.body)
             OR EXISTS (SELECT FROM page_version l WHERE l.page = p.id AND l.number > p.version))""",
        each="page",
    ),
)

REFERENCES = references((PageVersion,), ())


async def invariants() -> list[str]:
    """Every article and page that breaks a rule, as a sentence."""
    return await invariant_walks.sentences(RULES)
