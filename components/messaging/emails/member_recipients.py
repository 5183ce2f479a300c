"""An e-mail about a membership goes to whoever pays for it, with a link to the membership page."""

from typing import Any
from uuid import UUID

from components.foundation import settings
from components.messaging import email_outbox
from components.people import customer_accounts


async def send(person_id: UUID, *, key: str, template: str, subject: str, **fields: Any) -> None:
    """Nothing for a person who has been erased."""
    person = await customer_accounts.by_id(person_id)
    if person is None:
        return
    link = f"{settings.current().base_url}/account/membership"
    given = {"name": person.name, "link": link, **fields}
    await email_outbox.send(
        key=key, to=person.email, person=person.id, template=template, subject=subject, fields=given
    )
