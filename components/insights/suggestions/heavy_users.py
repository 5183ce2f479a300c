"""Plans that lose money on those who use them most."""

from components.foundation.formatting import money
from components.insights.suggestions.costly_cashback import FEES_THEN, PLAN_THEN
from components.insights.suggestions.suggestion_kind import (
    SOLD,
    YEAR,
    FoundEvidence,
    SuggestedDraft,
    SuggestionKind,
    draft,
)

LOSERS = 10
_NET = "CASE WHEN o.tax_is_included THEN {0} - l.tax ELSE {0} END"
_COSTED = """EXISTS (SELECT FROM insights_order_lines l WHERE l.order_id = u.order_id AND l.unit_cost IS NOT NULL
    AND u.reference LIKE '%' || l.id)"""
# What brought money in or cost some, by whoever it came from. What a price was lowered by is in the margin already
# where the cost of the line is known.
_PARTS = f"""
SELECT f.plan, f.person, f.at, f.amount, f.amount AS fee FROM ({FEES_THEN}) f
UNION ALL SELECT {PLAN_THEN}, gave.person, gave.at, -gave.amount, 0 FROM (
  SELECT u.person, u.at, CASE WHEN o.tax_is_included
      THEN round((u.regular - u.paid) * 10000.0 / (10000 + o.tax_rate))::bigint ELSE u.regular - u.paid END AS amount
  FROM insights_benefit_uses u LEFT JOIN insights_orders o ON o.id = u.order_id
  WHERE u.at > $1 AND u.at <= $2 AND u.currency = $3 AND NOT {_COSTED}
  UNION ALL SELECT l.person, l.given_at, e.amount FROM insights_credit_lots l
  CROSS JOIN LATERAL (SELECT -sum(amount)::bigint AS amount FROM insights_ledger_entries WHERE lot = l.id
    AND currency = $3 AND account_kind IN ('cashback_given', 'credit_given', 'expired')
    HAVING l.benefit IS NOT NULL OR bool_or(account_kind = 'cashback_given')) e
  WHERE l.given_at > $1 AND l.given_at <= $2 AND e.amount IS NOT NULL) gave
UNION ALL SELECT {PLAN_THEN}, gave.person, gave.at, gave.amount, 0 FROM (
  SELECT o.person, o.paid_at AS at, ({_NET.format("l.total")} - l.unit_cost * l.quantity)::bigint AS amount
  FROM insights_orders o JOIN insights_order_lines l ON l.order_id = o.id
  WHERE {SOLD} AND l.unit_cost IS NOT NULL AND o.person IS NOT NULL) gave"""
_ROWS = f"""
SELECT p.id::text AS subject, p.name, '' AS detail, r.person, max(r.at) AS at, p.name AS what, '' AS reference,
  1 AS times, greatest(-sum(r.amount), 0)::bigint AS amount, sum(r.fee)::bigint AS other
FROM ({_PARTS}) r JOIN insights_plans p ON p.id = r.plan GROUP BY p.id, p.name, r.person HAVING sum(r.fee) > 0"""


def _sentence(found: FoundEvidence, month: int) -> str:
    return f"{found.name} loses {money(month)} a month on {found.marked} of its {found.evidence} members"


def _draft(found: FoundEvidence, month: int) -> SuggestedDraft:
    name = f"{found.name} for those who use it most"[:120]
    return draft("Try a scenario in the simulator", "/staff/simulator/new", name=name)


KIND = SuggestionKind(
    key="heavy_users",
    title="Plans that lose money on heavy users",
    rows=_ROWS,
    days=YEAR,
    counted="members who paid a fee",
    estimate="Lost on them, a month",
    how="For each member who paid for the plan in a year: fees without tax, of each the part for these days, and what "
    "is left of their orders where the cost of the products is known, less delivery, discounts and credit given to "
    "them. What is below zero is added up.",
    assumes="Of products without a known cost nothing is counted as earned, so that a plan may do better than this.",
    sentence=_sentence,
    draft=_draft,
    acts=("scenario created",),
    is_worth=lambda found: found.marked >= LOSERS,
    head="Member",
    other="Fees",
)
