"""Full-text search for products in memory: whole words, prefixes, and words with one typing error.

The index is updated with the snapshot, and a search needs no database query. A changed product is excluded from the
large index and found through a small one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from uuid import UUID

from components.catalog.search.term_bitmaps import TermBitmaps
from components.catalog.views import ProductView

MOST_TERMS = 8
DESCRIBED = 80
_WORD = re.compile(r"[^\W_]+")
_MARKUP = re.compile(r"<[^<>]*>")


def words(text: str) -> list[str]:
    """Lower case, without accents: "Café-Au-Lait" → cafe, au, lait."""
    if not text.isascii():
        text = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return _WORD.findall(text.casefold())


def _worded(product: ProductView) -> tuple[UUID, set[str], set[str]]:
    """The words of its title, and the words of its other texts."""
    parts = [product.kind, product.vendor, *product.tags]
    for variant in product.variants:
        parts += [*variant.options, variant.sku or ""]
    said = set(words(" ".join(parts)))
    said.update(words(_MARKUP.sub(" ", product.description))[:DESCRIBED])
    return product.id, set(words(product.title)), said


@dataclass(frozen=True)
class SearchHits:
    """Products that contain every word of a query, best first; counted without listing them."""

    tiers: tuple[tuple[TermBitmaps, int], ...]

    @cached_property
    def total(self) -> int:
        return sum(bits.bit_count() for _, bits in self.tiers)

    def ids(self) -> Iterator[UUID]:
        return chain.from_iterable(postings.listed(bits) for postings, bits in self.tiers if bits)


NOTHING = SearchHits(())


@dataclass(frozen=True)
class SearchIndex:
    """The large index, the products to exclude from it, and the small index of later changes."""

    settled: TermBitmaps = field(default_factory=TermBitmaps)
    moved: frozenset[UUID] = frozenset()
    fresh: TermBitmaps = field(default_factory=TermBitmaps)

    @classmethod
    def of(cls, products: Iterable[ProductView]) -> SearchIndex:
        return cls(TermBitmaps.of(map(_worded, products)))

    def changed(self, moved: frozenset[UUID], products: Iterable[ProductView]) -> SearchIndex:
        """`moved` names all products that differ from the large index; `products` are those of them still sold."""
        return SearchIndex(self.settled, moved, TermBitmaps.of(map(_worded, products)))

    def found(self, query: str, *, without: frozenset[UUID]) -> SearchHits:
        """Products that contain every word of the query, except those in `without`; none for an empty query."""
        terms = words(query)[:MOST_TERMS]
        if not terms:
            return NOTHING
        settled = self._left(self.settled, terms, without | self.moved)
        fresh = self._left(self.fresh, terms, without)
        return SearchHits(tuple(tier for pair in zip(fresh, settled, strict=False) for tier in pair) or fresh + settled)

    def _left(
        self, postings: TermBitmaps, terms: list[str], without: frozenset[UUID]
    ) -> tuple[tuple[TermBitmaps, int], ...]:
        tiers = postings.tiers(terms)
        gone = postings.bits(without) if without and tiers else 0
        return tuple((postings, bits & ~gone) for bits in tiers)
