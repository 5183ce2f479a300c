"""Members who stay for over a year and are never offered to pay by the year."""

from components.foundation.formatting import money
from components.insights.suggestions.suggestion_kind import (
    PAID_IN_FULL,
    YEAR,
    FoundEvidence,
    SuggestedDraft,
    SuggestionKind,
    draft,
    monthly_fee,
)

_ROWS = f"""
SELECT p.id::text AS subject, p.name, '' AS detail, s.payer AS person, s.started_at AS at, p.name AS what,
  '' AS reference, 1 AS times, {monthly_fee("d.amount", "s.interval", "s.interval_count")} AS amount,
  NULL::bigint AS other
FROM insights_subscriptions s JOIN insights_plans p ON p.id = s.plan {PAID_IN_FULL}
WHERE s.status = 'active' AND s.currency = $3 AND s.interval = 'month' AND s.price > 0
  AND s.started_at <= $2::timestamptz - interval '12 months'
  AND NOT EXISTS (SELECT FROM insights_plan_versions v WHERE v.interval = 'year' AND NOT v.is_once AND v.price > 0
    AND holds(v.from_at, v.until_at, $2))"""


def _sentence(found: FoundEvidence, month: int) -> str:
    return (
        f"{found.evidence} members of {found.name} have stayed over a year, and no plan is paid by the year: "
        f"they pay {money(month)} a month, tax included"
    )


def _draft(found: FoundEvidence, month: int) -> SuggestedDraft:
    return draft(
        "Draft a plan by the year",
        "/staff/plans/new",
        name=f"{found.name} by the year"[:120],
        interval="year",
        count=1,
    )


KIND = SuggestionKind(
    key="annual_interval",
    title="No plan by the year",
    rows=_ROWS,
    days=YEAR,
    is_rate=True,
    counted="members for over twelve months",
    estimate="Would be paid ahead, a month, tax included",
    how="What these members pay a month now. It is not new income: by the year the same fees come at once.",
    assumes="That they would rather pay once a year. A year at the price of ten months costs a sixth of this.",
    sentence=_sentence,
    draft=_draft,
    acts=("plan created",),
    head="Member",
)
