"""What a kind of suggestion defines: the rows that count, when they are worth a word, the words, and a draft to try."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import NamedTuple
from urllib.parse import urlencode

FEWEST = 100
"""Less evidence than this says nothing."""
SEASON, YEAR = 90, 365
DAY = timedelta(days=1)
SHOP_BEGINS = """SELECT least((SELECT min(paid_at) FROM insights_orders),
  (SELECT min(starts_at) FROM insights_memberships))"""
"""The first order or membership: a shop of twenty days sold nothing before."""

SOLD = "o.paid_at > $1 AND o.paid_at <= $2 AND o.currency = $3"
FULL_PRICE = "l.gift IS NULL AND l.total > 0 AND l.total = l.regular_unit * l.quantity"
"""Of an order line: nothing was taken off."""


def holds_a_plan(person: str, at: str) -> str:
    """Whether somebody held a plan that is not free."""
    return f"""EXISTS (SELECT FROM insights_memberships m WHERE m.holder = {person} AND m.source <> 'free'
    AND holds(m.starts_at, m.ends_at, {at}))"""


PAID_IN_FULL = """JOIN LATERAL (SELECT d.amount, d.net_amount, d.net_price, d.plan_version FROM insights_paid_periods d
    WHERE d.subscription = s.id ORDER BY d.starts_at DESC, d.id DESC LIMIT 1) d
  ON d.plan_version = s.plan_version AND d.net_amount = d.net_price"""
"""Of a subscription `s`: its last payment `d` was the whole fee, with nothing taken off."""
NOT_NET = "NOT EXISTS (SELECT FROM insights_plan_versions n WHERE n.id = s.plan_version AND n.net_of IS NOT NULL)"
"""Of a subscription `s`: its fee has the tax in it, like those that are offered."""


def monthly_fee(price: str, interval: str, count: str) -> str:
    """SQL: what a fee comes to in a month, in minor units; a year has 52 weeks."""
    return f"""round({price} * CASE {interval} WHEN 'week' THEN 52.0 / 12 WHEN 'year' THEN 1.0 / 12 ELSE 1.0 END
      / {count})::bigint"""


class FoundEvidence(NamedTuple):
    """What was counted of one subject; see the table `suggestion`."""

    subject: str
    name: str
    detail: str
    evidence: int
    marked: int
    people: int
    amount: int


@dataclass(frozen=True, slots=True)
class SuggestedDraft:
    """An editor with something filled in, and the permission it needs. Nothing is saved. With a `tag` it is an e-mail
    to whoever is in the rows, written out: they are tagged when it is saved.
    """

    label: str
    path: str
    permission: str = "plans"
    tag: str = ""
    name: str = ""
    subject: str = ""
    body: str = ""
    link: str = ""


def draft(label: str, path: str, *, permission: str = "plans", **filled: object) -> SuggestedDraft:
    return SuggestedDraft(label, f"{path}?{urlencode({key: str(one) for key, one in filled.items()})}", permission)


@dataclass(frozen=True, kw_only=True)
class SuggestionKind:
    """`rows` is a statement with the columns `COLUMNS`, of $1 (not included) to $2 in the currency $3; `further` are $4
    and on.

    `days` is how long it looks back; `begins` says since when there was anything to count, where that is later, and
    `unsettled` how many of the last days are not counted yet. `is_rate`: the amounts are of a month already.
    `counted` says what the evidence is, `estimate` what the amount is; `other` heads the second amount of a row, if
    it has one; `gain`: what there is to gain where that is no money, and rows have no amount. `acts`: what the audit
    log calls a change that the draft is for. `changed_at` says of some subjects since when they are as they are: what
    was before that is no evidence.
    """

    key: str
    title: str
    rows: str
    days: int
    counted: str
    estimate: str
    how: str
    assumes: str
    sentence: Callable[[FoundEvidence, int], str]
    draft: Callable[[FoundEvidence, int], SuggestedDraft]
    is_worth: Callable[[FoundEvidence], bool] = lambda found: True
    further: Callable[[datetime], Awaitable[tuple[object, ...]]] | None = None
    begins: str = SHOP_BEGINS
    unsettled: int = 0
    is_rate: bool = False
    head: str = "Customer"
    other: str = ""
    gain: str = ""
    acts: tuple[str, ...] = ()
    changed_at: Callable[[datetime], Awaitable[dict[str, datetime]]] | None = None

    async def args(self, since: datetime, until: datetime, currency: str) -> tuple[object, ...]:
        return (since, until, currency, *(await self.further(until) if self.further else ()))

    def days_counted(self, since: datetime, until: datetime) -> int:
        """A day that has begun is one."""
        return max(1, -((since - until) // DAY) - self.unsettled)

    def monthly(self, amount: int, days: int) -> int:
        """Of the days it was counted in, what it comes to in a twelfth of a year. Half a penny is rounded up."""
        share = Fraction(amount) if self.is_rate else Fraction(amount * YEAR, 12 * days)
        return int((share + Fraction(1, 2)).__floor__())


COLUMNS = "subject, name, detail, person, at, what, reference, times, amount, other"
"""Of each row of evidence: whose it is and when it was, what it was, where it is found, how many it counts for, what it
comes to, and a second amount to compare with (NULL where there is none)."""
