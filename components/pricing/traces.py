"""The decision behind a price, step by step, in words a shopper understands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from components.foundation import formatting
from components.foundation.languages.words import N_, _
from components.pricing.rules import PriceRule

Verdict = Literal[
    "shop", "nobodys", "members", "reduced", "sale", "lowest", "beaten", "no_better", "elsewhere", "to_come", "over",
]  # fmt: skip

REASONS: dict[Verdict, str] = {
    "shop": N_("What everyone pays."),
    "nobodys": N_("It is for members only, so nobody else pays this."),
    "members": N_("The member price. Only members can buy this."),
    "reduced": N_("Reduced for everyone."),
    "sale": N_("On sale for everyone at the moment."),
    "lowest": N_("The lowest price available to you, so it’s the one you pay."),
    "beaten": N_("Another price is lower. You pay the lowest one; reductions are not combined."),
    "no_better": N_("It wouldn’t make this any cheaper."),
    "elsewhere": N_("It applies to other products."),
    "to_come": N_("It hasn’t started yet."),
    "over": N_("It has ended."),
}
_WITH_ITS_DAY: dict[Verdict, str] = {
    "sale": N_("On sale for everyone at the moment. It ends on %(day)s."),
    "to_come": N_("It hasn’t started yet. It starts on %(day)s."),
    "over": N_("It has ended. It ended on %(day)s."),
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
    """One line of the explanation; `amount` in minor units, None when it gives no price here.

    It is kept with an order as it is, in English and with the `values` of its sentences beside them; `said` puts it
    in the language of whoever reads it.
    """

    words: str
    amount: int | None
    applied: bool
    reason: str
    values: tuple[tuple[str, str], ...] = ()

    def said(self) -> Step:
        return replace(self, words=self._said(self.words), reason=self._said(self.reason), values=())

    def _said(self, text: str) -> str:
        """Not by `%`, which may stand in the shop's own words: "10% off"."""
        filled = _(text)
        for name, value in self.values:
            shown = formatting.day(datetime.fromisoformat(value)) if name == "day" else value
            filled = filled.replace(f"%({name})s", shown)
        return filled


def step(considered: Considered, *, applied: bool) -> Step:
    verdict, edge = considered.verdict, considered.edge
    if edge is None or verdict not in _WITH_ITS_DAY:
        return Step(considered.words, considered.amount, applied, REASONS[verdict])
    day = ("day", edge.isoformat())
    return Step(considered.words, considered.amount, applied, _WITH_ITS_DAY[verdict], (day,))


def said(steps: Sequence[Step]) -> tuple[Step, ...]:
    """The steps in the language spoken."""
    return tuple(one.said() for one in steps)


def about_this(steps: Sequence[Step]) -> tuple[Step, ...]:
    """The same without rules for other products, and rules that apply to nobody."""
    return said([one for one in steps if one.applied or one.reason not in _OF_OTHERS])


_OF_OTHERS = {REASONS["elsewhere"], REASONS["nobodys"]}
