"""Fees, gifts and terms added up by the country of their buyer and the rate of tax, as kept when they were paid.

What a return of sales to other countries of the EU (OSS) asks for. The parts of Money in that are of memberships, but
for lost disputes: of each kind the totals add up to it.
"""

from typing import NamedTuple

from components.foundation import database
from components.insights.accounting import combined_rates
from components.insights.accounting.combined_rates import CombinedRate
from components.insights.metrics.money_in import Span
from components.insights.rollups import fee_days, unrolled


class CountryTotal(NamedTuple):
    """Refunds are negative. `rate_bp` is None where the rate of the day is not known."""

    kind: str
    country: str
    tax_name: str
    rate_bp: int | None
    number: int
    amount: int
    tax: int


# Only grouped here: what rates are in a payment is worked out once for each group, not for each payment. Fees are kept
# so by day.
_TOTALS = f"""{fee_days.READ}, line AS (
  SELECT 1 AS turn, 'Membership fees' AS kind, country, taxes, number, amount, tax FROM found
  UNION ALL SELECT CASE WHEN o.is_gift THEN 2 ELSE 3 END,
    CASE WHEN o.is_gift THEN 'Gift memberships' ELSE 'Terms paid once' END, o.tax_country, o.taxes::text, 1, o.price,
    o.price - o.net_amount
  FROM insights_paid_once o WHERE o.paid_at >= $3 AND o.paid_at <= $4
  UNION ALL SELECT 4, 'Refunds of membership fees', coalesce(d.tax_country, ''), d.taxes::text, 1, -r.amount,
    -coalesce(round(r.amount * (d.amount - d.net_amount)::numeric / nullif(d.amount, 0)), 0)
  FROM insights_fee_refunds r LEFT JOIN insights_paid_periods d ON d.invoice = r.invoice
  WHERE r.at >= $3 AND r.at <= $4 AND r.status NOT IN ('failed', 'cancelled')
  UNION ALL SELECT CASE WHEN r.is_gift THEN 5 ELSE 6 END,
    CASE WHEN r.is_gift THEN 'Refunds of gift memberships' ELSE 'Refunds of terms paid once' END, o.tax_country,
    o.taxes::text, 1, -r.amount, -coalesce(round(r.amount * (o.price - o.net_amount)::numeric / nullif(o.price, 0)), 0)
  FROM insights_paid_once_refunds r JOIN insights_paid_once o ON o.id = r.reference
  WHERE r.at >= $3 AND r.at <= $4 AND r.status <> 'failed')
SELECT turn, kind, country, taxes, sum(number)::bigint, sum(amount)::bigint, sum(tax)::bigint FROM line
GROUP BY turn, kind, country, taxes
"""


async def totals(span: Span) -> tuple[CountryTotal, ...]:
    """By country, then as in Money in."""
    found: dict[tuple[int, str, str, CombinedRate], tuple[int, int, int]] = {}
    for turn, kind, country, taxes, *sums in await database.fetch_rows(_TOTALS, *unrolled.args(), *span):
        key = (turn, kind, country, combined_rates.of(taxes))
        number, amount, tax = (old + new for old, new in zip(found.get(key, (0, 0, 0)), sums, strict=True))
        found[key] = (number, amount, tax)
    return tuple([CountryTotal(kind, country, *rate, *found[key]) for key in sorted(found, key=_turn)
                  for _, kind, country, rate in (key,)])  # fmt: skip


def _turn(key: tuple[int, str, str, CombinedRate]) -> tuple[str, int, bool, int, str]:
    """A rate that is not known comes last."""
    turn, _, country, rate = key
    return (country, turn, rate.rate_bp is None, -(rate.rate_bp or 0), rate.tax_name)
