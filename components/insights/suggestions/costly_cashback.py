"""Plans whose cashback costs more than their fees bring in."""

from components.foundation.formatting import money
from components.insights.suggestions.suggestion_kind import SEASON, FoundEvidence, SuggestedDraft, SuggestionKind

PLAN_THEN = """(SELECT m.plan FROM insights_memberships m WHERE m.holder = gave.person AND m.starts_at <= gave.at
  ORDER BY (m.ends_at IS NULL OR m.ends_at > gave.at) DESC, m.source = 'free', m.starts_at DESC LIMIT 1)"""
# Of each fee the part for the days that are looked at, whenever it was paid: a year counts a quarter of itself in three
# months. For what was brought from elsewhere nothing was paid here: it counts as its fee.
FEES_THEN = """SELECT v.plan, s.payer AS person, d.paid_at AS at,
    round((CASE WHEN d.is_opening THEN d.net_price ELSE d.net_amount END)
      * extract(epoch FROM least(d.ends_at, $2) - greatest(d.starts_at, $1))
      / extract(epoch FROM d.ends_at - d.starts_at))::bigint AS amount
  FROM insights_paid_periods d JOIN insights_plan_versions v ON v.id = d.plan_version
  JOIN insights_subscriptions s ON s.id = d.subscription
  WHERE d.starts_at < $2 AND d.ends_at > greatest($1, d.starts_at) AND d.paid_at <= $2 AND d.currency = $3"""
# Who pays by subscription, and their household. What was paid once, given or earned has no fee in these days.
_PAYING_THEN = PLAN_THEN.replace("m.plan", "CASE WHEN m.source IN ('subscription', 'seat') THEN m.plan END", 1)
_ROWS = f"""
SELECT p.id::text AS subject, p.name, r.benefit AS detail, r.person, r.at, r.what, '' AS reference, 1 AS times,
  r.amount, NULL::bigint AS other
FROM (SELECT {_PAYING_THEN} AS plan, coalesce(gave.benefit::text, '') AS benefit, gave.person, gave.at,
    'Cashback' AS what, e.amount
  FROM (SELECT id, person, benefit, given_at AS at FROM insights_credit_lots
    WHERE given_at > $1 AND given_at <= $2) gave
  CROSS JOIN LATERAL (SELECT -sum(amount)::bigint AS amount, bool_or(account_kind = 'cashback_given') AS is_it
    FROM insights_ledger_entries WHERE lot = gave.id AND currency = $3
      AND account_kind IN ('cashback_given', 'expired')) e
  WHERE e.is_it AND e.amount <> 0
  UNION ALL SELECT f.plan, '', f.person, f.at, 'Fee', -f.amount FROM ({FEES_THEN}) f WHERE f.amount > 0) r
JOIN insights_plans p ON p.id = r.plan"""


def _sentence(found: FoundEvidence, month: int) -> str:
    return f"The cashback of {found.name} costs {money(month)} a month more than its fees bring in"


def _draft(found: FoundEvidence, month: int) -> SuggestedDraft:
    if found.detail:
        return SuggestedDraft("Open its cashback", f"/staff/benefits/{found.detail}")
    return SuggestedDraft("Open the benefits", "/staff/benefits")


KIND = SuggestionKind(
    key="costly_cashback",
    title="Plans whose cashback costs more than their fee",
    rows=_ROWS,
    days=SEASON,
    counted="fees and amounts of cashback",
    estimate="Costs more than it brings in, a month",
    how="Cashback given to those who pay for the plan by subscription, and to their households, less what was taken "
    "back or ran out, less their fees without tax: of each fee, the part for these days, whenever it was paid.",
    assumes="That all cashback is spent. What runs out later costs nothing.",
    sentence=_sentence,
    draft=_draft,
    acts=("benefit changed",),
    is_worth=lambda found: found.amount > 0 and bool(found.detail),
    head="Member",
)
