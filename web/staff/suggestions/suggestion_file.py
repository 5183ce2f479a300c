"""The rows behind a suggestion as a file for a spreadsheet."""

from collections.abc import AsyncIterator

from components.insights.suggestions import suggestion_rows
from components.insights.suggestions.suggestion_kinds import suggestion_kind
from components.insights.suggestions.suggestions import SuggestionView
from web.staff.csv_files import amount, local_day


def heads(one: SuggestionView) -> tuple[str, ...]:
    kind = suggestion_kind(one.kind)
    who, other = kind.head or "Customer", kind.other or "Compare"
    return "When", who, "What", "Order", "Counts for", "Amount", other, "Currency"


async def lines(one: SuggestionView) -> AsyncIterator[tuple[str, ...]]:
    """Every row that is kept, newest first."""
    async for row in suggestion_rows.every(one):
        other = "" if row.other is None else amount(row.other, one.currency)
        day, sum_ = local_day(row.at), amount(row.amount, one.currency)
        yield day, row.customer, row.what, row.reference, str(row.times), sum_, other, one.currency
