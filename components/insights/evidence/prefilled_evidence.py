"""Evidence about one dispute from the shop's own records: nothing is claimed that is not on record here."""

from components.foundation.languages import language
from components.insights.evidence import evidence_of_fees, evidence_of_orders, evidence_of_paid_once
from components.insights.evidence.evidence_parts import Parts, merged
from components.memberships.billing import fee_disputes
from components.memberships.grants import paid_once
from components.orders import queries
from components.payments.dispute_answers import evidence_fields
from components.payments.disputes import DisputeView
from components.payments.invoicing import invoices


async def prefilled(dispute: DisputeView) -> dict[str, str]:
    """In English, cut to what a bank takes. Empty for a payment that nothing is known of any more."""
    with language.speaking(language.STAFF):
        found = merged(await _parts(dispute))
    return evidence_fields.kept({name: _cut(text, evidence_fields.longest(name)) for name, text in found.items()})


async def _parts(dispute: DisputeView) -> list[Parts]:
    if dispute.reference_id is None:
        return []
    if order := await queries.by_id(dispute.reference_id):
        return [await evidence_of_orders.parts(order, reason=dispute.reason)]
    if once := await paid_once.of_reference(dispute.reference_id):
        order = await queries.joined_with(once.reference)
        found = [await evidence_of_paid_once.parts(once, order)]
        return [*found, await evidence_of_orders.parts(order, reason=dispute.reason)] if order else found
    kept = await fee_disputes.payer_of(dispute)
    if kept is None:
        return []
    invoice = await invoices.by_id(dispute.invoice) if dispute.invoice else None
    found = [await evidence_of_fees.parts(kept, invoice)]
    is_first = invoice is None or invoice.reason == "subscription_create"
    if is_first and (order := await queries.joined_with(kept.id)):
        found.append(await evidence_of_orders.parts(order, reason=dispute.reason))
    return found


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
