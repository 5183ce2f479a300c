"""The list of disputes: whatever waits for an answer first, the soonest deadline on top; and what they add up to."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from uuid import UUID

from components.foundation import database
from components.foundation.money import Money
from components.payments import disputes
from components.payments.disputes import DisputeView

A_PAGE, A_FILE = 25, 500
_NEEDS_ANSWER = "dispute.status IN ('needs_response', 'warning_needs_response')"
_WAITS = "dispute.status IN ('under_review', 'warning_under_review')"
_WON = "dispute.status IN ('won', 'warning_closed', 'prevented')"
_LOST = "dispute.status = 'lost'"
_UNDECIDED = f"({_LOST} AND dispute.reviewed_at IS NULL)"
FILTERS = {"answer": _NEEDS_ANSWER, "bank": _WAITS, "won": _WON, "lost": _LOST}
Key = tuple[int, int, str]
BEGINNING: Key = (-1, 0, "")
_PLACE = f"""(CASE WHEN {_NEEDS_ANSWER} THEN 0 WHEN {_UNDECIDED} THEN 1 WHEN {_WAITS} THEN 2 ELSE 3 END,
  CASE WHEN {_NEEDS_ANSWER} THEN extract(epoch FROM coalesce(dispute.answer_by, dispute.created_at))
    ELSE -extract(epoch FROM dispute.created_at) END::bigint, dispute.stripe_id)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputePart:
    """`after` is the key of the next page; None on the last."""

    disputes: list[DisputeView]
    after: Key | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeTotals:
    """`held` is what banks hold until they decide, `asked` what they only ask about, by currency."""

    counts: dict[str, int]
    held: tuple[Money, ...]
    asked: tuple[Money, ...]
    won: int
    lost: int

    @property
    def win_rate(self) -> str:
        """Of what banks decided; inquiries that were settled are no wins."""
        decided = self.won + self.lost
        return f"{round(100 * self.won / decided)}%" if decided else "—"


async def part(show: str = "", *, after: Key = BEGINNING, size: int = A_PAGE) -> DisputePart:
    where = FILTERS.get(show, "TRUE")
    sql = f"{disputes.VIEW} WHERE {where} AND {_PLACE} > ($1::int, $2::bigint, $3) ORDER BY {_PLACE} LIMIT $4"
    found = await database.fetch_as(DisputeView, sql, *after, size + 1)
    shown = found[:size]
    return DisputePart(disputes=shown, after=_key(shown[-1]) if len(found) > size else None)


async def everything(show: str = "") -> AsyncIterator[DisputeView]:
    after: Key | None = BEGINNING
    while after is not None:
        one = await part(show, after=after, size=A_FILE)
        for dispute in one.disputes:
            yield dispute
        after = one.after


def _key(last: DisputeView) -> Key:
    """As `_PLACE` has it."""
    if last.needs_answer:
        return 0, int((last.answer_by or last.created_at).timestamp()), last.id
    rank = 1 if last.needs_decision else 2 if last.status in ("under_review", "warning_under_review") else 3
    return rank, -int(last.created_at.timestamp()), last.id


async def totals() -> DisputeTotals:
    [(*counts, were_won)] = await database.fetch_rows(_TOTALS)
    by_filter: dict[str, int] = dict(zip(FILTERS, counts, strict=True))
    sums = await database.fetch_rows(_SUMS)
    return DisputeTotals(
        counts=by_filter,
        held=tuple(Money(int(held), currency) for currency, held, _ in sums if held),
        asked=tuple(Money(int(asked), currency) for currency, _, asked in sums if asked),
        won=were_won,
        lost=by_filter["lost"],
    )


_TOTALS = f"""
SELECT {", ".join(f"count(*) FILTER (WHERE {where})" for where in FILTERS.values())},
  count(*) FILTER (WHERE dispute.status = 'won') FROM mirrored_dispute dispute
"""
_SUMS = """
SELECT currency, coalesce(sum(amount) FILTER (WHERE status IN ('needs_response', 'under_review')), 0),
  coalesce(sum(amount) FILTER (WHERE status IN ('warning_needs_response', 'warning_under_review')), 0)
FROM mirrored_dispute GROUP BY currency ORDER BY currency
"""


async def standing(ids: Iterable[UUID]) -> dict[UUID, DisputeView]:
    """By order, or checkout session: the dispute about its payment that matters most, for a list to show beside it."""
    wanted = list(ids)
    pairs = await database.fetch_rows(_OF_PAGES, wanted) if wanted else []
    named = list({dispute for *_, dispute in pairs})
    sql = f"{disputes.VIEW} WHERE dispute.stripe_id = ANY($1) ORDER BY {_PLACE} DESC"
    found = await database.fetch_as(DisputeView, sql, named) if named else []
    keys = {one.id: [key for *some, id in pairs if id == one.id for key in some if key] for one in found}
    return {key: one for one in found for key in keys[one.id]}


# A page of a joining is disputed with the invoice that it paid; later invoices are other payments.
_OF_PAGES = """
SELECT page.id, page.along, CASE WHEN page.purpose = 'order' THEN page.reference_id END, dispute.stripe_id
FROM checkout_session page JOIN mirrored_dispute dispute ON dispute.reference_id = page.reference_id
LEFT JOIN mirrored_payment payment ON payment.stripe_id = dispute.payment_intent
LEFT JOIN mirrored_invoice invoice ON invoice.stripe_id = payment.invoice
WHERE page.paid_at IS NOT NULL AND (page.id = ANY($1) OR page.reference_id = ANY($1) OR page.along = ANY($1))
  AND (invoice.reason IS NULL OR invoice.reason = 'subscription_create')
"""
