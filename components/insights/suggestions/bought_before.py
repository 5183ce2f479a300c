"""Discounts on what members bought at full price before they joined."""

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

_BEFORE = f"""EXISTS (SELECT FROM insights_orders b JOIN insights_order_lines l ON l.order_id = b.id
  JOIN insights_collection_products bc ON bc.product = l.product_id AND bc.collection = s.collection
  WHERE b.person = s.person AND b.paid_at > $1::timestamptz - interval '2 years'
    AND b.paid_at < (SELECT min(m.starts_at) FROM insights_memberships m
      WHERE m.holder = s.person AND m.source <> 'free')
    AND {FULL_PRICE})"""
_ROWS = f"""
SELECT s.collection::text AS subject, s.name, '' AS detail, s.person, s.at, s.what, s.reference, 1 AS times, s.amount,
  s.regular AS other
FROM (SELECT c.id AS collection, c.title AS name, o.person, o.paid_at AS at, o.number AS reference,
    string_agg(l.title, ', ' ORDER BY l.position) AS what, sum(l.saved)::bigint AS amount,
    sum(l.regular_unit * l.quantity)::bigint AS regular
  FROM insights_orders o JOIN insights_order_lines l ON l.order_id = o.id AND l.gift IS NULL AND l.saved > 0
  JOIN insights_collection_products cp ON cp.product = l.product_id JOIN insights_collections c ON c.id = cp.collection
  WHERE {SOLD} AND {holds_a_plan("o.person", "o.paid_at")}
  GROUP BY c.id, c.title, o.id, o.person, o.paid_at, o.number) s
WHERE {_BEFORE}"""


def _sentence(found: FoundEvidence, month: int) -> str:
    return (
        f"{found.name}: {found.evidence} discounted orders of members who bought it at full price before they joined, "
        f"{money(month)} given away a month"
    )


def _draft(found: FoundEvidence, month: int) -> SuggestedDraft:
    name = f"No member price on {found.name}"[:120]
    return draft("Try a scenario in the simulator", "/staff/simulator/new", name=name)


KIND = SuggestionKind(
    key="bought_before",
    title="Discounts where members bought anyway",
    rows=_ROWS,
    days=SEASON,
    counted="orders of members who bought there before",
    estimate="Given away, a month",
    how="What was taken off for members in orders of people who, in the two years before, bought from the same "
    "collection at full price and were not members yet.",
    assumes="That they would buy as much without the discount. Some joined because of it, and would not.",
    sentence=_sentence,
    draft=_draft,
    acts=("scenario created",),
    other="At full price",
)
