"""An e-mail about a membership goes to whoever pays for it, in their language, with a link to the membership page."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from components.foundation import settings
from components.messaging import email_outbox
from components.messaging.invoice_in_email import InvoiceInEmail
from components.messaging.texts import recipient_language
from components.people import customer_accounts


class SendToMember(Protocol):
    async def __call__(
        self,
        *,
        key: str,
        template: str,
        subject: str,
        invoice: InvoiceInEmail | None = None,
        secrets: Mapping[str, str] | None = None,
        secrets_until: datetime | None = None,
        **fields: Any,
    ) -> None: ...


@asynccontextmanager
async def to(person_id: UUID) -> AsyncIterator[SendToMember]:
    """Inside, their language is spoken. Nothing is sent to a person who has been erased."""
    person = await customer_accounts.by_id(person_id)

    async def send(
        *,
        key: str,
        template: str,
        subject: str,
        invoice: InvoiceInEmail | None = None,
        secrets: Mapping[str, str] | None = None,
        secrets_until: datetime | None = None,
        **fields: Any,
    ) -> None:
        if person is None:
            return
        link = f"{settings.current().base_url}/account/membership"
        billed, hidden = (invoice.fields, invoice.secrets) if invoice else ({}, {})
        await email_outbox.send(
            key=key, to=person.email, person=person.id, template=template, subject=subject,
            fields={"name": person.name, "link": link, **fields, **billed},
            secrets={**hidden, **(secrets or {})} or None,
            secrets_until=secrets_until, invoice=invoice.attached if invoice else None,
        )  # fmt: skip

    with recipient_language.of(person.language if person else ""):
        yield send
