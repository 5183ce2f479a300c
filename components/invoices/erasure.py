"""What becomes of invoices when a person is erased: the law has them kept, and then the buyer is forgotten."""

from components.foundation import clock, database
from components.invoices import issuing
from components.invoices.tables import IssuedInvoice
from components.people.facts import PersonErased

_FORGET = """
UPDATE invoice SET buyer = '', forgotten_at = $1,
  document = jsonb_set(document, '{buyer}', '{"name": ""}'),
  printed = jsonb_set(jsonb_set(printed, '{buyer}', '[]'), '{facts}', '[]')
WHERE keep_until < $2 AND forgotten_at IS NULL"""


async def erase_person(fact: PersonErased) -> None:
    """The invoices stay as they were printed, for as long as the law says; nobody's account has them any more."""
    await IssuedInvoice.update({IssuedInvoice.person: None}).where(IssuedInvoice.person == fact.person_id)


async def forget_buyers() -> None:
    """Scheduled: once nobody has to keep it, an invoice has its figures alone."""
    now = clock.now()
    await database.execute(_FORGET, now, issuing.today(now))
