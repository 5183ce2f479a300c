"""Choosing a variant by links: one row of values for each option, each link naming its variant."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from components.catalog.views import ProductView, VariantView
from components.foundation.text import slug


@dataclass(frozen=True, slots=True)
class OptionValue:
    words: str
    href: str
    is_chosen: bool
    is_gone: bool


@dataclass(frozen=True, slots=True)
class OptionRow:
    name: str
    values: tuple[OptionValue, ...]


def option_key(variant: VariantView) -> str:
    """A variant's name in an address: "moss-large"."""
    return slug(" ".join(variant.options)) or str(variant.id)


def chosen_variant(product: ProductView, asked: str, otherwise: VariantView) -> VariantView:
    """The variant named in an address (by handle or id); an unknown name is ignored."""
    if not asked:
        return otherwise
    return next((each for each in product.variants if asked in (option_key(each), str(each.id))), otherwise)


def option_rows(
    product: ProductView, variant: VariantView, *, is_there: Callable[[VariantView], bool]
) -> tuple[OptionRow, ...]:
    """`is_there` says whether a variant is available to this visitor. What comes in one size only says which."""
    return tuple(
        OptionRow(name, tuple(_value(product, variant, place, words, is_there) for words in _values(product, place)))
        for place, name in enumerate(product.option_names)
        if any(_values(product, place))
    )


def _values(product: ProductView, place: int) -> Sequence[str]:
    return tuple(dict.fromkeys(each.options[place] for each in product.variants))


def _value(
    product: ProductView, variant: VariantView, place: int, words: str, is_there: Callable[[VariantView], bool]
) -> OptionValue:
    """Leads to the variant with this value that keeps most of the other choices, preferably an available one."""
    having = [each for each in product.variants if each.options[place] == words]
    best = max(having, key=lambda each: (_alike(each, variant), is_there(each)))
    href = f"/products/{product.slug}?variant={option_key(best)}"
    return OptionValue(words, href, variant.options[place] == words, not is_there(best))


def _alike(one: VariantView, other: VariantView) -> int:
    return sum(a == b for a, b in zip(one.options, other.options, strict=True))
