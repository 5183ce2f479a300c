"""Today's metrics: orders, sales and members, each calculated as its definition says."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from components.foundation import clock
from components.foundation.database import Query
from components.foundation.shop_settings import shop_settings
from components.insights.metrics import committed
from components.insights.programme import programme_words
from components.insights.rollups import day_parts, unrolled

DEFINITIONS = {
    "orders": "Orders paid in this period, in the shop’s time zone. Orders that were never paid do not count.",
    "sales": "The total value of orders paid in this period, including delivery and tax, before refunds.",
    "average order": "Sales divided by orders. “—” when there were none.",
    "refunds": "Refunded for orders in this period, as money or as store credit, regardless of the date of the order. "
    "Refunds of membership fees are in Money in.",
    "paying members": "Members who pay a recurring fee: active, or past due with benefits still on. Gift and "
    "complimentary memberships, trials and household members are counted separately.",
    "gifts and complimentary": "Members whose membership was bought for them as a gift, or given by the shop.",
    "free plan": "Members of a plan without a fee.",
    "MRR": "Monthly recurring revenue: all recurring fees, each divided by its interval in months, excluding tax. "
    "A fee counts once it has been paid, at its full price: a discount that lasts for ever is taken off, one that ends "
    "is not, because the full price recurs after it; until then the member pays less than is counted. "
    "Excludes trials, one-off fees and shop orders. "
    "Paused and unpaid memberships count as zero. Refunds are ignored. A membership that was adopted from another "
    "system counts from that day, as “adopted” and not as new.",
    "ARR": "Annual recurring revenue, excluding tax: 12 × MRR, before fees are rounded to months. What each member "
    "pays in a year is rounded once, so a yearly fee counts as it is.",
    "CMRR": "Committed MRR, excluding tax: MRR with every scheduled cancellation, planned change of plan and announced "
    "price change already in effect.",
    "ARPU": "Average revenue per user, excluding tax: MRR ÷ paying members.",
    "member churn": "Members at the start of the month who left during it ÷ members at the start. Members leave when "
    "their paid period ends, not when they cancel.",
    "fee LTV": "Lifetime value of a member’s fees, excluding tax: ARPU ÷ mean member churn of the last six full "
    "months. “—” with no churn or fewer than 30 members.",
    "retention cohort": "By month of first payment. Column k is the share still paying at the end of month k (and "
    "their MRR then ÷ their starting MRR). Members adopted from another system are in no cohort.",
    "trial conversion": "Converted ÷ trials started in the period whose outcome is known. Converted: the trial ended, "
    "was not cancelled, and the first invoice was paid; a member who left later still converted. A trial that still "
    "runs, or whose first fee is still tried, is waited for and not counted; one that ended on hold was not converted.",
    "gift codes not redeemed": "What was paid for gifts whose code works and has not been redeemed: owed as "
    "memberships. What was paid for one that has expired stays income of the day it was paid and is not counted again.",
    "save offers accepted": "Save offers accepted ÷ save offers shown, each counted once for a membership until it is "
    "accepted. Still there: of those accepted at least 90 days ago, the memberships that had not ended 90 days later.",
    "fee guarantees owed": "What would become store credit if every period with a fee guarantee ended now: the fee "
    "paid, less refunds, less what was saved in it. A period that ends early counts by the time that was had.",
    "benefit profit and loss": "What each plan brought in, less what its benefits cost, excluding tax. Fees count for "
    "the plan they paid for, benefits for the plan the member had at the time. Credit that was taken back or has "
    "expired unspent costs nothing.",
    "retention forecast": "How many of those who join are left after each renewal: counted so far, and by the model "
    "that makes what was seen most likely. The first payment that cost money is the first; a renewal paid with store "
    "credit, or brought to nothing by a discount, counts. Members adopted from another system are not counted, nor is "
    "a renewal that is less than 30 days late, the time of pauses added. Somebody who changes plan is counted until "
    "then.",
    "MRR forecast": "What the members who pay today will pay a month in the months to come, excluding tax: each fee "
    "times the chance that its renewals until then are made. Whoever joins later is not in it, nor is a membership "
    "that is paused now, nor are members adopted from another system, whose MRR is named beside it.",
    "expected fees": "A new member’s fees in the first five years, excluding tax: the mean fee of today’s members, "
    "those adopted from another system left out, times the expected number of payments.",
    "order forecast": "From how often each person came back, when they last did, and how long they have been known, "
    "several orders of a day being one. For benefits, each whole month with a use after the first. People who are not "
    "customers yet are not in it.",
    "members at risk": "Members who have cancelled and those who owe a payment; and members who have been silent for "
    "longer than twice their usual time between orders, or for two months or more without using a benefit, and who "
    "probably no longer do, by the same model. Those with fewer than three orders, or three months with a use, are not "
    "listed unless they have cancelled or owe a payment.",
    "money in": "What customers paid in this period, including tax: orders without the part paid with store credit, "
    "membership fees, and gifts and terms paid once; less refunds made, without what came back as store credit, and "
    "disputes lost to a bank, in the period. "
    "Tax included in it is shown separately.",
} | programme_words.DEFINITIONS


@dataclass(frozen=True)
class Sales:
    """`days` 1 is today. Amounts in minor units."""

    days: int
    orders: int
    sales: int
    refunds: int

    @property
    def average(self) -> int | None:
        return round(self.sales / self.orders) if self.orders else None


@dataclass(frozen=True)
class Members:
    """Amounts a month without tax: `mrr` is the sum of all movements, `leaving` the part of it that is already
    cancelled, `moving` the sum of all agreed changes of plan and price. `arr` is what they pay in a year."""

    paying: int
    free: int
    given: int
    mrr: int
    arr: int
    leaving: int
    moving: int

    @property
    def cmrr(self) -> int:
        return self.mrr - self.leaving + self.moving

    @property
    def arpu(self) -> int | None:
        return round(self.mrr / self.paying) if self.paying else None


def midnight(at: datetime) -> datetime:
    """The start of this instant's day in the shop's time zone: the first, where midnight comes twice."""
    local = at.astimezone(ZoneInfo(shop_settings.current().time_zone))
    return local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)


def sales(*spans: int) -> Query[tuple[Sales, ...]]:
    """For the last `days` days including today."""
    now = clock.now()
    longest_first = sorted(spans, reverse=True)
    starts = [midnight(midnight(now) - timedelta(days=days - 1, hours=-1)) for days in longest_first]

    def read(found: Any) -> tuple[Sales, ...]:
        """What came in since a day is what came in on it and on later ones."""
        rows = found or ()
        return tuple(
            Sales(
                days,
                sum(row["number"] for row in rows if row["source"] == "order" and row["day"] >= first),
                sum(row["amount"] for row in rows if row["source"] == "order" and row["day"] >= first),
                sum(row["amount"] for row in rows if row["source"] == "refund" and row["day"] >= first),
            )
            for days in spans
            if (first := starts[longest_first.index(days)].date().isoformat())
        )

    return Query(_SALES, (*unrolled.args(), starts[0], now), read)


_SALES = f"""{day_parts.read(day_parts.SOLD, "'order', 'refund'")}
SELECT json_agg(json_build_object('day', day, 'source', source, 'number', number, 'amount', amount)) FROM found"""


def members() -> Query[Members]:
    return Query(_MEMBERS, (*unrolled.args(), clock.now()), _read)


def _read(found: Any) -> Members:
    leaving, moving = committed.leaving_and_moving(found.pop("agreed") or ())
    return Members(**found.pop("totals"), **found, leaving=leaving, moving=moving)


_MEMBERS = f"""SELECT json_build_object(
  'totals', (SELECT row_to_json(t) FROM ({unrolled.TOTALS}) t),
  'free', (SELECT count(DISTINCT holder) FROM insights_memberships
    WHERE source = 'free' AND holds(starts_at, ends_at, $3)),
  'given', (SELECT count(DISTINCT holder) FROM insights_memberships
    WHERE source IN ('comp', 'gift') AND holds(starts_at, ends_at, $3)),
  'agreed', (SELECT json_agg(a) FROM ({committed.BY_FEE}) a))"""
