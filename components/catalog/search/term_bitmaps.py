"""Which products contain which word, as sets of bits: a hundred thousand products are matched in a few microseconds.

Product number n is bit n. Words that many products contain are stored as such a set, the others as short lists of
numbers.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

MOST_BEGINNINGS = 200
RARE = 64
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
_FILLED = re.compile(rb"[^\0]")
_BITS = tuple(tuple(bit for bit in range(8) if byte >> bit & 1) for byte in range(256))

Words = dict[str, "array[int] | int"]


@dataclass
class TermBitmaps:
    """Words of titles, and words of all texts of a product (title included)."""

    ids: list[UUID] = field(default_factory=list)
    titled: Words = field(default_factory=dict)
    said: Words = field(default_factory=dict)

    @classmethod
    def of(cls, worded: Iterable[tuple[UUID, set[str], set[str]]]) -> TermBitmaps:
        """From ids with the words of the title and those of the rest, in the order in which equal matches are
        listed."""
        postings = cls()
        titled: dict[str, array[int]] = {}
        said: dict[str, array[int]] = {}
        for number, (id, title, rest) in enumerate(worded):
            postings.ids.append(id)
            for word in title:
                titled.setdefault(word, array("I")).append(number)
            for word in title | rest:
                said.setdefault(word, array("I")).append(number)
        size = len(postings.ids)
        postings.titled = {word: _packed(numbers, size) for word, numbers in titled.items()}
        postings.said = {word: _packed(numbers, size) for word, numbers in said.items()}
        return postings

    @cached_property
    def vocabulary(self) -> list[str]:
        return sorted(self.said)

    @cached_property
    def numbers(self) -> dict[UUID, int]:
        return {id: number for number, id in enumerate(self.ids)}

    def bits(self, ids: Iterable[UUID]) -> int:
        return _set_of((self.numbers[id] for id in ids if id in self.numbers), len(self.ids))

    def tiers(self, terms: list[str]) -> tuple[int, ...]:
        """Sets of products that contain every term: as whole words of the title, in the title, anywhere."""
        exact = titled = said = -1
        for term in terms:
            known = self._beginning_with(term) or self._slips(term)
            if not known:
                return ()
            exact &= self._union([term], self.titled)
            titled &= self._union(known, self.titled)
            said &= self._union(known, self.said)
        return (exact, titled & ~exact, said & ~titled)

    def _union(self, words: list[str], postings: Words) -> int:
        found, rare = 0, array("I")
        for word in words:
            numbers = postings.get(word)
            if isinstance(numbers, int):
                found |= numbers
            elif numbers is not None:
                rare.extend(numbers)
        return found | _set_of(rare, len(self.ids)) if rare else found

    def _beginning_with(self, term: str) -> list[str]:
        start = bisect_left(self.vocabulary, term)
        near = self.vocabulary[start : start + MOST_BEGINNINGS]
        return [word for word in near if word.startswith(term)]

    def _slips(self, term: str) -> list[str]:
        return [word for word in _one_away(term) if word in self.said] if len(term) > 3 else []

    def listed(self, bits: int) -> Iterator[UUID]:
        """The products of a set, in order, found as they are needed."""
        data = bits.to_bytes(len(self.ids) // 8 + 1, "little")
        for found in _FILLED.finditer(data):
            first = found.start() * 8
            for bit in _BITS[data[found.start()]]:
                yield self.ids[first + bit]


def _packed(numbers: array[int], size: int) -> array[int] | int:
    return numbers if len(numbers) * RARE < size else _set_of(numbers, size)


def _set_of(numbers: Iterable[int], size: int) -> int:
    data = bytearray(size // 8 + 1)
    for number in numbers:
        data[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(data, "little")


def _one_away(term: str) -> set[str]:
    """Words with one letter left out, added, changed or swapped."""
    cuts = [(term[:i], term[i:]) for i in range(len(term) + 1)]
    left_out = {a + b[1:] for a, b in cuts if b}
    swapped = {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    changed = {a + letter + b[1:] for a, b in cuts if b for letter in _LETTERS}
    put_in = {a + letter + b for a, b in cuts for letter in _LETTERS}
    return (left_out | swapped | changed | put_in) - {term}
