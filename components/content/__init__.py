"""The journal: articles, who can read them in full, and from when.

Leaves to `memberships` who holds which benefit.
"""

from components.content import articles, gates, markdown, writing
from components.content.articles import ArticleView, Entry, Listed, Opened
from components.content.gates import Reading, Why
from components.content.soundness import invariants
from components.content.writing import Draft

__all__ = [
    "ArticleView",
    "Draft",
    "Entry",
    "Listed",
    "Opened",
    "Reading",
    "Why",
    "articles",
    "gates",
    "invariants",
    "markdown",
    "writing",
]
