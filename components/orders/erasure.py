"""Erasing a person: what must be finished first, and what is removed from their orders."""

from uuid import UUID

from components.foundation import database
from components.foundation.languages.words import _
from components.people.facts import PersonErased

_YET_TO_SEND = """
SELECT o.number FROM orders o WHERE o.person = $1 AND o.paid_at IS NOT NULL AND o.fulfilled_at IS NULL
AND (SELECT coalesce(sum(r.amount), 0) FROM refund r WHERE r."order" = o.id AND r.status <> 'failed') < o.total
ORDER BY o.placed_at LIMIT 1"""


async def obstacle(person_id: UUID) -> str | None:
    """A parcel that is not sent yet needs its address."""
    waiting = await database.fetch_value(_YET_TO_SEND, person_id)
    if not waiting:
        return None
    return _(
        "Order %(number)s has not been shipped yet. You can delete your account after that, or ask us to cancel it.",
        number=waiting,
    )


async def refund_on_its_way(person_id: UUID) -> str | None:
    if await database.fetch_value(_REFUNDING, person_id):
        return _("A refund to you is still on its way.")
    return None


_REFUNDING = """SELECT EXISTS (SELECT FROM refund WHERE status IN ('asked', 'pending')
  AND "order" IN (SELECT id FROM orders WHERE person = $1))"""


async def erase_person(fact: PersonErased) -> None:
    await anonymise(fact.person_id, fact.email_digest)


_THEIRS = """(person = $1 OR (person IS NULL AND encode(sha256(convert_to(email, 'UTF8')), 'hex') = $2
  AND (paid_at IS NULL AND cancelled_at IS NOT NULL OR fulfilled_at IS NOT NULL)))"""
_EMPTY_NOTES = f"""UPDATE order_note SET words = 'Deleted together with the customer’s account.'
WHERE "order" IN (SELECT id FROM orders WHERE {_THEIRS})"""
_NOWHERE = """json_build_object(
  'name', 'Erased', 'line1', '', 'line2', '', 'city', '', 'postcode', '', 'country', {0} ->> 'country',
  'region', coalesce({0} ->> 'region', ''))"""
_EARLIER_ADDRESSES = f"""UPDATE order_address_change SET before = {_NOWHERE.format("before")}
WHERE "order" IN (SELECT id FROM orders WHERE {_THEIRS})"""
_EMPTY_PARCELS = f"""UPDATE fulfilment SET tracking = ''
WHERE "order" IN (SELECT id FROM orders WHERE {_THEIRS})"""
_EMPTY_REASONS = f"""UPDATE refund SET reason = '' WHERE "order" IN (SELECT id FROM orders WHERE {_THEIRS})"""
_ANONYMISE = f"""
UPDATE orders SET person = NULL, name = 'Erased', email = '', vat_number = '', token_digest = NULL,
  invoice_buyer = NULL,
  address = {_NOWHERE.format("address")}
WHERE {_THEIRS}"""


async def anonymise(person_id: UUID, email_digest: str) -> None:
    """Remove the person from their orders and keep the figures, as accounting law requires.

    Notes about them, reasons of refunds and the numbers of parcels say who they are, and go. An order they placed as
    a guest keeps its address until it is shipped.
    """
    async with database.transaction():
        for statement in (_EMPTY_NOTES, _EARLIER_ADDRESSES, _EMPTY_PARCELS, _EMPTY_REASONS, _ANONYMISE):
            await database.execute(statement, person_id, email_digest)
