"""Customers who would save by joining, and of whom no look at the offer is known."""

from datetime import datetime

from components.foundation.formatting import money
from components.insights.rollups.day_parts import HELD_THEN
from components.insights.suggestions.better_plans import month_of
from components.insights.suggestions.suggestion_kind import (
    SOLD,
    YEAR,
    FoundEvidence,
    SuggestedDraft,
    SuggestionKind,
)
from components.memberships.plans import plan_catalogue

# What members of the plan were given on what they bought, as a share of it.
_SHARE = f"""SELECT coalesce(sum(u.saved), 0) AS saved, sum(l.goods) AS goods FROM insights_orders o
  CROSS JOIN LATERAL (SELECT sum(regular_unit * quantity) AS goods FROM insights_order_lines
    WHERE order_id = o.id) l
  LEFT JOIN LATERAL (SELECT sum(regular - paid) AS saved FROM insights_benefit_uses WHERE order_id = o.id) u ON true
  WHERE {SOLD} AND EXISTS (SELECT FROM insights_memberships m WHERE m.holder = o.person AND m.plan = $4
    AND {HELD_THEN})"""
_ROWS = f"""
SELECT p.id::text AS subject, p.name, '' AS detail, c.person, c.at, c.orders || ' orders' AS what, '' AS reference,
  1 AS times, $5::bigint AS amount, floor(c.goods * s.saved / s.goods)::bigint AS other
FROM (SELECT o.person, max(o.paid_at) AS at, count(*) AS orders, sum(l.goods) AS goods FROM insights_orders o
  CROSS JOIN LATERAL (SELECT sum(regular_unit * quantity) AS goods FROM insights_order_lines
    WHERE order_id = o.id) l
  WHERE {SOLD} AND o.person IS NOT NULL GROUP BY o.person) c
CROSS JOIN ({_SHARE}) s JOIN insights_plans p ON p.id = $4
WHERE s.goods > 0 AND c.goods * s.saved / s.goods >= $5::bigint + 1
  AND NOT EXISTS (SELECT FROM insights_memberships m WHERE m.holder = c.person AND m.source <> 'free'
    AND m.starts_at <= $2)
  AND EXISTS (SELECT FROM insights_people x WHERE x.id = c.person AND x.erased_at IS NULL
    AND x.personal_off_at IS NULL)
  AND NOT EXISTS (SELECT FROM insights_page_views v WHERE v.person = c.person AND v.kind = 'join' AND v.at <= $2)"""


async def _cheapest(at: datetime) -> tuple[object, ...]:
    """The plan that costs least a year, and what it costs."""
    offered = [(month_of(one) * 12, one.position, one.id) for one in plan_catalogue.active_plans() if one.renews]
    year, _, plan = min(offered, default=(0, 0, None))
    return plan, year


def _sentence(found: FoundEvidence, month: int) -> str:
    return (
        f"{found.evidence} customers would save with {found.name} and may never have seen it: "
        f"{money(month)} of fees a month, tax included"
    )


def _draft(found: FoundEvidence, month: int) -> SuggestedDraft:
    plan = found.name.replace("{", "(").replace("}", ")")
    return SuggestedDraft(
        label="Write to them",
        path="/staff/campaigns/new",
        permission="campaigns",
        tag=" ".join(f"would save with {found.name}".replace(",", " ").split())[:40].strip().lower(),
        name=f"{found.name}: you would have saved"[:120],
        subject=f"You would have saved with {plan}",
        body=_BODY.format(plan=plan),
        link="/join",
    )


_BODY = """# You would have saved with {plan}

Hello{{if first name}} {{first name}}{{end}},

You ordered from us in the last year. What members get on orders like yours comes to more than {plan} costs in a year.

[See what it includes]({{link}})
"""
"""True of everybody in the rows, whenever it is read."""


KIND = SuggestionKind(
    key="likely_joiners",
    title="Customers who would save by joining",
    rows=_ROWS,
    days=YEAR,
    begins="",
    further=_cheapest,
    counted="customers who never had a plan",
    estimate="Fees if every one of them joined, a month, tax included",
    how="Each customer’s orders of a year, times the share of their orders that members of the plan were given (prices "
    "and delivery). Who would have saved more than a year’s fee is listed, and counted with that fee, as they would "
    "pay it: MRR counts fees without tax, and would rise by less.",
    assumes="That they would use it as members do, and all join: take it as the most there is. A look at the page of "
    "the membership is only known of customers who agreed that visits are kept.",
    sentence=_sentence,
    draft=_draft,
    acts=("campaign made",),
    other="Would have saved in a year",
)
