"""What a kind of rule is. Each is a `RuleKind` in the `KINDS` of one module of `components/segments/rules`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from components.segments.rule_fields import RuleField, Value
from components.segments.statement import Statement

Values = Mapping[str, Value]
GROUPS = ("membership", "orders", "products", "visits", "benefits", "customer")
"""In the order in which staff choose from them."""


@dataclass(frozen=True, kw_only=True)
class RuleKind:
    """`select` writes the SELECT of ids of the people it is true of; `says` is what they do, as it goes on after
    "Customers who …", and `alone` the whole sentence of a segment of this rule only, where that reads better, else
    nothing. All are given checked values, and none reads anything but what the process knows already."""

    key: str
    group: str
    title: str
    fields: tuple[RuleField, ...]
    select: Callable[[Values, Statement], str]
    says: Callable[[Values], str]
    alone: Callable[[Values], str] | None = None
