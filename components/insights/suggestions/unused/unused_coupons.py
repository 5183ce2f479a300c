"""Coupons that are open to be used and that nobody has used."""

from components.insights.suggestions.suggestion_kind import SOLD, FoundEvidence, SuggestedDraft, SuggestionKind

DAYS = 60
MOST = 10
_ROWS = f"""
SELECT c.id::text AS subject, c.code AS name, '' AS detail, o.person, o.paid_at AS at, 'Without this coupon' AS what,
  o.number AS reference, 1 AS times, 0::bigint AS amount, o.total AS other
FROM (SELECT id, code FROM insights_coupons WHERE used = 0 AND from_at <= $1 AND NOT for_fees AND withdrawn_at IS NULL
    AND holds('-infinity', until_at, $2) ORDER BY from_at DESC, id LIMIT {MOST}) c
CROSS JOIN insights_orders o WHERE {SOLD}"""


def _sentence(found: FoundEvidence, month: int) -> str:
    return f"Nobody has used the coupon {found.name}: {found.evidence} orders in {DAYS} days went without it"


KIND = SuggestionKind(
    key="unused_coupon",
    title="Coupons that nobody uses",
    rows=_ROWS,
    days=DAYS,
    counted="orders without it",
    estimate="What there is to gain",
    gain="No money. There is one code less that could be found by chance.",
    how="It has cost nothing, because nobody has used it.",
    assumes="That it was told to somebody. If not, tell them, or deactivate it so that it cannot be found by chance.",
    sentence=_sentence,
    draft=lambda found, month: SuggestedDraft("Open the coupon", f"/staff/coupons/{found.subject}", "products"),
    other="Order total",
)
