"""What is searched for and not found."""

from components.behaviour.page_views import WITHHELD
from components.foundation.formatting import money
from components.insights.suggestions.suggestion_kind import (
    SEASON,
    SOLD,
    FoundEvidence,
    SuggestedDraft,
    SuggestionKind,
    draft,
)

_LOOKS = "kind = 'product' AND day > $1::date AND day <= $2::date"
_WORTH = f"""SELECT (SELECT coalesce(sum(o.total), 0) FROM insights_orders o WHERE {SOLD}
    AND o.paid_at >= (SELECT min(day)::timestamp AT TIME ZONE 'UTC' FROM insights_view_counts WHERE {_LOOKS}))
  / (SELECT nullif(sum(times), 0) FROM insights_view_counts WHERE {_LOOKS})::numeric AS look"""
"""Sales before looks were counted are not divided by them."""
_COUNTED_SINCE = "SELECT min(day)::timestamp AT TIME ZONE 'UTC' FROM insights_view_counts"
_ROWS = f"""
SELECT c.subject, c.subject AS name, '' AS detail, NULL::uuid AS person,
  c.day::timestamp AT TIME ZONE 'UTC' + interval '12 hours' AS at, c.subject AS what, '' AS reference,
  sum(c.empty_times)::int AS times, round(sum(c.empty_times) * w.look)::bigint AS amount, NULL::bigint AS other
FROM insights_view_counts c CROSS JOIN ({_WORTH}) w
WHERE c.kind = 'search' AND c.day > $1::date AND c.day <= $2::date AND c.empty_times > 0 AND w.look IS NOT NULL
  AND c.subject NOT IN ('{WITHHELD}', '(others)') GROUP BY c.subject, c.day, w.look"""


def _sentence(found: FoundEvidence, month: int) -> str:
    about = money(_rounded(month))
    return f"“{found.name}” was searched for {found.evidence} times and nothing found: about {about} a month"


def _rounded(month: int) -> int:
    """It is an estimate: two figures of it say all that is known, and nothing below a whole pound."""
    step: int = max(100, 10 ** (len(str(month)) - 2))
    return max(step, (month + step // 2) // step * step)


def _draft(found: FoundEvidence, month: int) -> SuggestedDraft:
    title = found.name[:1].upper() + found.name[1:]
    return draft(
        "Begin a collection",
        "/staff/collections/new",
        permission="products",
        title=title,
        description=_DESCRIPTION.format(name=found.name),
    )


_DESCRIPTION = "Everything we have for “{name}”, in one place."

KIND = SuggestionKind(
    key="vain_search",
    title="Searches without a result",
    rows=_ROWS,
    days=SEASON,
    counted="searches that found nothing",
    estimate="Might be sold, a month",
    how="The searches that found nothing, each worth what a look at a product brought on average in the same days: all "
    "sales since looks are counted, divided by all looks at products.",
    assumes="That a search which finds something leads to one look at a product, and that what is looked for sells as "
    "well as the rest. Days before visits were counted are left out of a month.",
    begins=_COUNTED_SINCE,
    sentence=_sentence,
    draft=_draft,
    acts=("collection created",),
    head="",
)
