"""Fields for weights: typed in the shop's own unit, kept in grams."""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from components.foundation.shop_settings import shop_settings
from web.forms.fields import Field, Wrong
from web.forms.numbers import in_own_digits

GRAMS = {"kg": Decimal(1000), "lb": Decimal("453.59237"), "g": Decimal(1)}
NAMES = {"kg": "kilograms", "lb": "pounds", "g": "grams"}
_TYPED = re.compile(r"([0-9]{1,6})(?:[.,]([0-9]{1,3}))?\s*(?:kg|lbs?|g)?", re.IGNORECASE)
_STEPS = (Decimal("1"), Decimal("0.1"), Decimal("0.01"), Decimal("0.001"))


class Weight(Field[int]):
    """A weight such as 2.5, in kilograms or pounds."""

    example = "2 or 0.5"

    def __init__(self, label: str, *, least: int = 1, **rest: Any) -> None:
        super().__init__(label, **rest)
        self.least = least
        self.attributes["inputmode"] = "decimal"

    @property
    def unit(self) -> str:
        return shop_settings.current().weight_unit

    @property
    def wants(self) -> str:  # type: ignore[override]
        return f"In {NAMES[self.unit]}, for example {in_own_digits(self.example)}."

    def read(self, typed: str) -> int:
        found, unit = _TYPED.fullmatch(typed), self.unit
        named = re.sub(r"[^a-z]", "", typed.lower()).removesuffix("s")
        if found is None or (unit == "g" and found.group(2)):
            raise Wrong(f"Enter a weight in {NAMES[unit]} like {in_own_digits(self.example)}.")
        if named and named != unit:
            raise Wrong(f"Weights are in {NAMES[unit]} here. Enter a number like {in_own_digits(self.example)}.")
        grams = Decimal(f"{found.group(1)}.{found.group(2) or 0}") * GRAMS[unit]
        if (grams and grams < 1) or grams < self.least:
            raise Wrong(f"Enter a weight of at least {self.write(self.least)} {unit}.")
        return int(grams.quantize(Decimal(1), rounding=ROUND_HALF_UP))

    def write(self, value: int | None) -> str:
        """With as few decimals as are read back as the same grams."""
        if value is None:
            return ""
        exact = Decimal(value) / GRAMS[self.unit]
        tried = (exact.quantize(step, rounding=ROUND_HALF_UP) for step in _STEPS)
        return next(
            in_own_digits(f"{one:f}")
            for one in tried
            if _grams(one, self.unit) == value or one.as_tuple().exponent == -3
        )


class ItemWeight(Weight):
    """That of one item: in grams where the shop has kilograms. None is 0."""

    absent = 0

    def __init__(self, label: str, **rest: Any) -> None:
        super().__init__(label, **{"least": 0, "required": False, **rest})

    @property
    def unit(self) -> str:
        return "g" if super().unit == "kg" else super().unit

    @property
    def wants(self) -> str:  # type: ignore[override]
        return f"In {NAMES[self.unit]}, for example {'450' if self.unit == 'g' else '1.5'}."

    @property
    def example(self) -> str:  # type: ignore[override]
        return "450" if self.unit == "g" else "1.5"


def shown(grams: int) -> str:
    """ "2.5 kg", in the shop's own unit."""
    return f"{Weight('').write(grams)} {shop_settings.current().weight_unit}"


def _grams(weight: Decimal, unit: str) -> int:
    return int((weight * GRAMS[unit]).quantize(Decimal(1), rounding=ROUND_HALF_UP))
