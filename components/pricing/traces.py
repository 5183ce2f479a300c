"""The decision behind a price, step by step, in words a shopper understands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from components.pricing.rules import PriceRule

Verdict = Literal[
    "shop", "nobodys", "members", "reduced", "sale", "lowest", "beaten", "no_better", "elsewhere", "to_come", "over",
]  # fmt: skip

REASONS: dict[Verdict, str] = {
    "shop": "What everyone pays.",
    "nobodys": "It is for members only, so nobody else pays this.",
    "members": "The member price. Only members can buy this.",
    "reduced": "Reduced for everyone.",
    "sale": "On sale for everyone at the moment.",
    "lowest": "The lowest price available to you, so it’s the one you pay.",
    "beaten": "Another price is lower. You pay the lowest one; reductions are not combined.",
    "no_better": "It wouldn’t make this any cheaper.",
    "elsewhere": "It applies to other products.",
    "to_come": "It hasn’t started yet.",
    "over": "It has ended.",
}


@dataclass(frozen=True, slots=True)
class Considered:
    """One possible price of a variant, and the decision on it. `amount` is None when it does not apply here."""

    words: str
    amount: int | None
    verdict: Verdict
    rule: PriceRule | None = None
    edge: datetime | None = None

    @property
    def is_for_everybody(self) -> bool:
        return self.rule is None or self.rule.for_everybody

    def beside(self, chosen: Considered) -> Considered:
        """The same with its verdict once the lowest price is known."""
        if self.amount is None:
            return self
        if self.verdict == "nobodys":
            return self if self is not chosen else replace(self, verdict="members")
        if self is chosen:
            return replace(self, verdict="lowest") if self.rule else self
        return replace(self, verdict="no_better" if chosen.is_for_everybody and self.rule else "beaten")


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the explanation; `amount` in minor units, None when it gives no price here."""

    words: str
    amount: int | None
    applied: bool
    reason: str


def step(considered: Considered, *, applied: bool) -> Step:
    reason = REASONS[considered.verdict]
    return Step(considered.words, considered.amount, applied, reason + _date(considered))


def about_this(steps: Sequence[Step]) -> tuple[Step, ...]:
    """The steps about this variant; rules for other products, and rules that apply to nobody, are left out."""
    return tuple(one for one in steps if one.applied or one.reason not in _OF_OTHERS)


_OF_OTHERS = {REASONS["elsewhere"], REASONS["nobodys"]}


def _date(considered: Considered) -> str:
    if considered.edge is None:
        return ""
    if considered.verdict not in ("to_come", "over", "sale"):
        return ""
    begins = {"to_come": "starts", "over": "ended", "sale": "ends"}[considered.verdict]
    return f" It {begins} on {considered.edge:%-d %B %Y}."
