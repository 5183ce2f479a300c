"""Retention: cohorts, member churn and lifetime value. Pure; amounts in minor units a month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

FEWEST = 30
"""With fewer paying members no lifetime value is computed."""
MEAN_OF = 6


@dataclass(frozen=True, slots=True)
class Churned:
    """One period: members who paid at its start, and those of them who left in it."""

    from_at: datetime
    members: int
    left: int

    @property
    def share(self) -> float | None:
        return self.left / self.members if self.members else None


@dataclass(frozen=True, slots=True)
class Cohort:
    """People whose first payment was in one month; cell k is how many pay at the end of month k after it.

    `mrr` is what they then pay a month, and `first` what they started with. Members who were adopted paid first
    elsewhere, nobody knows how many others with them: they are in no cohort.
    """

    from_at: datetime
    size: int
    first: int
    paying: tuple[int, ...]
    mrr: tuple[int, ...]

    def kept(self, k: int) -> float:
        return self.paying[k] / self.size

    def kept_mrr(self, k: int) -> float | None:
        return self.mrr[k] / self.first if self.first else None


def fee_ltv(mrr: int, paying: int, complete: Sequence[Churned]) -> int | None:
    """ARPU ÷ the mean member churn of the last six complete months; None below 30 members or without churn."""
    months = [one.share for one in complete[-MEAN_OF:] if one.share is not None]
    mean = sum(months) / len(months) if months else 0
    if paying < FEWEST or len(months) < MEAN_OF or not mean:
        return None
    return round(mrr / paying / mean)
