"""An e-mail about a membership goes to whoever pays for it, in their language, with a link to the membership page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Protocol
from uuid import UUID

from components.foundation import settings
from components.messaging import email_outbox
from components.messaging.emails import recipient_language
from components.messaging.invoice_in_email import InvoiceInEmail
from components.people import customer_accounts
from components.people.tables import Person


class SendToMember(Protocol):
    async def __call__(
        self, *, key: str, template: str, subject: str, invoice: InvoiceInEmail | None = None, **fields: Any
    ) -> None: ...


@asynccontextmanager
async def to(person_id: UUID) -> AsyncIterator[SendToMember]:
    """Inside, their language is spoken. Nothing is sent to a person who has been erased."""
    person = await customer_accounts.by_id(person_id)

    async def send(
        *, key: str, template: str, subject: str, invoice: InvoiceInEmail | None = None, **fields: Any
    ) -> None:
        if person is not None:
            await _send(person, key=key, template=template, subject=subject, invoice=invoice, **fields)

    with recipient_language.of(person.language if person else ""):
        yield send


async def _send(
    person: Person, *, key: str, template: str, subject: str, invoice: InvoiceInEmail | None, **fields: Any
) -> None:
    link = f"{settings.current().base_url}/account/membership"
    billed = invoice.fields if invoice else {}
    given = {"name": person.name, "link": link, **fields, **billed}
    await email_outbox.send(
        key=key, to=person.email, person=person.id, template=template, subject=subject, fields=given,
        secrets=invoice.secrets if invoice else None, invoice=invoice.attached if invoice else None,
    )  # fmt: skip
