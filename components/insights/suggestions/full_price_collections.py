"""Collections that members buy from at full price anyway."""

from components.foundation.formatting import money
from components.insights.suggestions.suggestion_kind import (
    FULL_PRICE,
    SEASON,
    SOLD,
    FoundEvidence,
    SuggestedDraft,
    SuggestionKind,
    draft,
    holds_a_plan,
)  # fmt: skip

_ROWS = f"""
SELECT c.id::text AS subject, c.title AS name, '' AS detail, o.person, o.paid_at AS at,
  string_agg(l.title, ', ' ORDER BY l.position) AS what, o.number AS reference, 1 AS times,
  sum(l.total)::bigint AS amount, NULL::bigint AS other
FROM insights_orders o JOIN insights_order_lines l ON l.order_id = o.id
JOIN insights_collection_products cp ON cp.product = l.product_id JOIN insights_collections c ON c.id = cp.collection
WHERE {SOLD} AND {FULL_PRICE} AND {holds_a_plan("o.person", "o.paid_at")}
GROUP BY c.id, c.title, o.id, o.person, o.paid_at, o.number"""


def _sentence(found: FoundEvidence, month: int) -> str:
    return f"{found.name} sells to members at full price anyway: {found.evidence} orders, {money(month)} a month"


def _draft(found: FoundEvidence, month: int) -> SuggestedDraft:
    return draft(
        "Try a scenario in the simulator", "/staff/simulator/new", name=f"A member price on {found.name}"[:120]
    )


KIND = SuggestionKind(
    key="full_price",
    title="Collections that members buy at full price",
    rows=_ROWS,
    days=SEASON,
    counted="orders of members",
    estimate="Sold to members at full price, a month",
    how="What members paid for products of the collection that had nothing taken off, before refunds.",
    assumes="That members go on buying it at full price. A tenth off there would give away a tenth of this.",
    sentence=_sentence,
    draft=_draft,
    acts=("scenario created",),
)
