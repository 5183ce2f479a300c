"""The settings of a gift."""

from typing import Literal
from uuid import UUID

import msgspec

Occasion = Literal["joining", "anniversary", "birthday", "streak", "spend"]
CHOICES: tuple[tuple[Occasion, str], ...] = (
    ("joining", "Joining"),
    ("anniversary", "Every anniversary of joining"),
    ("birthday", "Birthday"),
    ("streak", "Number of renewals in a row"),
    ("spend", "Amount spent within a year"),
)


class GiftSettings(msgspec.Struct, frozen=True):
    """`variants` to choose one from; to be claimed within `days`. `number` is renewals, `amount` minor units spent."""

    occasion: Occasion
    variants: tuple[UUID, ...]
    days: int = 60
    number: int = 0
    amount: int = 0
