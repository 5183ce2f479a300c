"""Finding products by words, in memory: whole words, beginnings of words, and words one slip of a finger away.

The index follows the snapshot by itself, and an answer costs no round trip to the database. A product that changes is
taken out of the large index by name and found through a small one.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from components.catalog.views import ProductView

MOST_TERMS = 8
MOST_BEGINNINGS = 200
DESCRIBED = 80
_WORD = re.compile(r"[^\W_]+")
_MARKUP = re.compile(r"<[^>]*>")
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


def words(text: str) -> list[str]:
    """Lower case, without accents: "Café-Au-Lait" → cafe, au, lait."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join(letter for letter in plain if not unicodedata.combining(letter)))


def _titled(product: ProductView) -> set[str]:
    return set(words(product.title))


def _described(product: ProductView) -> set[str]:
    parts = [product.kind, product.vendor, *product.tags]
    for variant in product.variants:
        parts += [*variant.options, variant.sku or ""]
    found = set(words(" ".join(parts)))
    found.update(words(_MARKUP.sub(" ", product.description))[:DESCRIBED])
    return found


@dataclass
class Postings:
    """Which products hold which word; those with the word in their title apart, for they come first."""

    ids: list[UUID] = field(default_factory=list)
    titled: dict[str, array[int]] = field(default_factory=dict)
    described: dict[str, array[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, products: Iterable[ProductView]) -> Postings:
        postings = cls()
        for product in products:
            number = len(postings.ids)
            postings.ids.append(product.id)
            in_title = _titled(product)
            for word in in_title:
                postings.titled.setdefault(word, array("I")).append(number)
            for word in _described(product) - in_title:
                postings.described.setdefault(word, array("I")).append(number)
        return postings

    @cached_property
    def vocabulary(self) -> list[str]:
        return sorted(self.titled.keys() | self.described.keys())

    def ranked(self, terms: list[str]) -> Iterator[UUID]:
        """Products that hold every term, those with most of them in the title first, then in the catalogue's order."""
        scores: dict[int, int] | None = None
        for term in terms:
            hits = self._hits(term)
            if scores is None:
                scores = hits
            else:
                scores = {number: score + hits[number] for number, score in scores.items() if number in hits}
            if not scores:
                return
        assert scores is not None
        for number in sorted(scores, key=lambda number: (-scores[number], number)):
            yield self.ids[number]

    def _hits(self, term: str) -> dict[int, int]:
        """Product → score: the whole word in the title 4, its beginning 3; elsewhere 2 and 1."""
        hits = self._gathered(self._beginning_with(term), exactly=term)
        return hits or self._gathered(self._slips(term), exactly=term)

    def _gathered(self, known: list[str], *, exactly: str) -> dict[int, int]:
        hits: dict[int, int] = {}
        for weight, postings in ((1, self.described), (3, self.titled)):
            for word in known:
                score = weight + (word == exactly)
                for number in postings.get(word, ()):
                    if hits.get(number, 0) < score:
                        hits[number] = score
        return hits

    def _beginning_with(self, term: str) -> list[str]:
        start = bisect_left(self.vocabulary, term)
        found = []
        for word in self.vocabulary[start : start + MOST_BEGINNINGS]:
            if not word.startswith(term):
                break
            found.append(word)
        return found

    def _slips(self, term: str) -> list[str]:
        if len(term) < 4:
            return []
        return [word for word in _one_away(term) if word in self.titled or word in self.described]


def _one_away(term: str) -> set[str]:
    """Words one letter left out, put in, changed or swapped away."""
    cuts = [(term[:i], term[i:]) for i in range(len(term) + 1)]
    left_out = {a + b[1:] for a, b in cuts if b}
    swapped = {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    changed = {a + letter + b[1:] for a, b in cuts if b for letter in _LETTERS}
    put_in = {a + letter + b for a, b in cuts for letter in _LETTERS}
    return (left_out | swapped | changed | put_in) - {term}


@dataclass(frozen=True)
class SearchIndex:
    """The large index, the products to leave out of it, and the small index of what has changed since."""

    settled: Postings
    moved: frozenset[UUID] = frozenset()
    fresh: Postings = field(default_factory=Postings)

    @classmethod
    def of(cls, products: Iterable[ProductView]) -> SearchIndex:
        return cls(Postings.of(products))

    def changed(self, moved: frozenset[UUID], products: Iterable[ProductView]) -> SearchIndex:
        """`moved` names all products that differ from the large index; `products` are those of them still sold."""
        return SearchIndex(self.settled, moved, Postings.of(products))

    def found(self, query: str) -> list[UUID]:
        """Ids of the products that hold every word of the query, best first; none for an empty query."""
        terms = words(query)[:MOST_TERMS]
        if not terms:
            return []
        fresh = list(self.fresh.ranked(terms))
        return fresh + [id for id in self.settled.ranked(terms) if id not in self.moved]
