"""Placeholders of an e-mail: what each stands for, where its value comes from, and an example of it (marked `N_`).

A value is a text, an address, rows of words and amounts, a list of sentences, or a yes or no. All are plain data, so
that they can be stored with the e-mail and shown again. A secret is never a value: its own mark is.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from components.foundation import clock, formatting, settings
from components.foundation.languages.words import _
from components.foundation.money import Money
from components.foundation.shop_settings import shop_settings
from components.messaging import secret_placeholders

Fields = Mapping[str, Any]
Value = str | bool | list[str] | list[list[str]]


class PlaceholderType(StrEnum):
    TEXT = "text"
    LINK = "address"
    CODE = "code"
    ROWS = "table"
    LIST = "list"
    LINKS = "list of links"
    FLAG = "condition"


BLOCKS = (PlaceholderType.ROWS, PlaceholderType.LIST, PlaceholderType.LINKS)


@dataclass(frozen=True, slots=True)
class Placeholder:
    """`field` is its name in the fields of the e-mail. `sample` makes an example of what stands there.

    What is required must be said in every case where there is something to say.
    """

    name: str
    meaning: str
    field: str
    type: PlaceholderType
    read: Callable[[Any], Value]
    sample: Callable[[], Any]
    is_required: bool = False
    may_be_empty: bool = False

    def value(self, fields: Fields) -> Value:
        return self.read(fields.get(self.field))

    @property
    def required(self) -> "Placeholder":
        return replace(self, is_required=True)

    @property
    def optional(self) -> "Placeholder":
        return replace(self, may_be_empty=True)

    @property
    def is_block(self) -> bool:
        return self.type in BLOCKS


def text(name: str, meaning: str, sample: Any, *, field: str = "") -> Placeholder:
    return _made(name, meaning, field, PlaceholderType.TEXT, lambda given: str(given or ""), lambda: _said(sample))


def money(name: str, meaning: str, sample: int, *, field: str = "") -> Placeholder:
    """`sample` in minor units; without a value where the amount is zero or there is none."""
    return _made(name, meaning, field, PlaceholderType.TEXT, _money, lambda: sum_of(sample))


def day(name: str, meaning: str, days: int | None, *, field: str = "") -> Placeholder:
    """The example is in so many days; None where there usually is nothing."""
    sample = lambda: None if days is None else clock.in_days(days)  # noqa: E731
    return _made(name, meaning, field, PlaceholderType.TEXT, _written(formatting.day), sample)


def moment(name: str, meaning: str, days: int, *, field: str = "") -> Placeholder:
    return _made(name, meaning, field, PlaceholderType.TEXT, _written(formatting.moment), lambda: clock.in_days(days))


def link(name: str, meaning: str, path: str, *, field: str = "") -> Placeholder:
    """An address; `path` below the shop's own. It may hold `[[secret:…]]`."""
    return _made(name, meaning, field, PlaceholderType.LINK, str, lambda: f"{settings.current().base_url}{path}")


def code(name: str, meaning: str, *, field: str = "") -> Placeholder:
    """A secret, of which an e-mail holds the mark only."""
    return _made(name, meaning, field, PlaceholderType.CODE, str, lambda: secret_placeholders.placeholder("code"))


def rows(name: str, meaning: str, sample: tuple[tuple[Any, ...], ...], *, field: str = "") -> Placeholder:
    """Objects with `words` and `amount`."""
    return _made(name, meaning, field, PlaceholderType.ROWS, _rows, lambda: sample_rows(sample))


def names(name: str, meaning: str, sample: tuple[tuple[Any, ...], ...], *, field: str = "") -> Placeholder:
    """The words of such objects without their amounts."""
    read: Callable[[Any], Value] = lambda given: [row.words for row in given or ()]  # noqa: E731
    return _made(name, meaning, field, PlaceholderType.LIST, read, lambda: sample_rows(sample))


def sentences(name: str, meaning: str, sample: tuple[str, ...], *, field: str = "") -> Placeholder:
    return _made(name, meaning, field, PlaceholderType.LIST, lambda given: list(given or ()), lambda: _said(sample))


def links(name: str, meaning: str, sample: tuple[tuple[str, str, str], ...], *, field: str = "") -> Placeholder:
    """Lists of three: what it is, why, and its address (in the example below the shop's own)."""

    def example() -> list[list[str]]:
        return [[_(title), _(why), f"{settings.current().base_url}{path}"] for title, why, path in sample]

    read: Callable[[Any], Value] = lambda given: [list(one) for one in given or ()]  # noqa: E731
    return _made(name, meaning, field, PlaceholderType.LINKS, read, example)


def lines(name: str, meaning: str, sample: tuple[str, ...], *, field: str = "") -> Placeholder:
    """Several lines of text, such as an address."""
    read: Callable[[Any], Value] = lambda given: "\n".join(given or ())  # noqa: E731
    return _made(name, meaning, field, PlaceholderType.TEXT, read, lambda: _said(sample))


def flag(
    name: str, meaning: str, field: str, *, sample: Any = False, equals: Any = None, above: int | None = None
) -> Placeholder:
    """A yes or no for `{if …}`: whether the field is true, equals something or is above a number."""

    def read(given: Any) -> Value:
        if above is not None:
            return (given or 0) > above
        return given == equals if equals is not None else bool(given)

    return Placeholder(name, meaning, field, PlaceholderType.FLAG, read, lambda: sample)


@dataclass(frozen=True, slots=True)
class SampleRow:
    words: str
    minor: int
    is_total: bool = False

    @property
    def amount(self) -> Money:
        return sum_of(self.minor)


def sample_rows(rows: tuple[tuple[Any, ...], ...]) -> tuple[SampleRow, ...]:
    return tuple(SampleRow(_(words), *more) for words, *more in rows)


def _said(sample: Any) -> Any:
    """An example in the language spoken."""
    if isinstance(sample, tuple):
        return tuple(map(_said, sample))
    return _(sample) if isinstance(sample, str) else sample


def sum_of(minor: int) -> Money:
    return Money(minor, shop_settings.current().currency)


def _made(
    name: str, meaning: str, field: str, kind: PlaceholderType, read: Callable[[Any], Value], sample: Callable[[], Any]
) -> Placeholder:
    return Placeholder(name, meaning, field or name.replace(" ", "_"), kind, read, sample)


def _money(given: Money | None) -> str:
    return formatting.money(given) if given else ""


def _written(words: Callable[[Any], str]) -> Callable[[Any], Value]:
    return lambda given: words(given) if given else ""


def _rows(given: Any) -> Value:
    """The third says of a row that it is the sum of all."""
    return [
        [row.words, formatting.money(row.amount), *(["whole"] if getattr(row, "is_total", False) else [])]
        for row in given or ()
    ]
