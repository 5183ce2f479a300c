"""Tax categories as other shops name them."""

from components.pricing.tax import STANDARD

_BY_CLASS = {"": STANDARD, "standard": STANDARD, "parent": STANDARD, "reduced-rate": "reduced", "zero-rate": "zero"}
_BY_CATEGORY = {STANDARD: "", "reduced": "reduced-rate", "zero": "zero-rate"}


def category_of(name: str) -> str:
    """WooCommerce's tax class as a tax category; one of its owner's making keeps its name."""
    plain = name.strip().lower().replace(" ", "-")[:30]
    return _BY_CLASS.get(plain, plain)


def class_of(category: str) -> str:
    return _BY_CATEGORY.get(category, category)
