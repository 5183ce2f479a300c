"""Who of the people who run the shop is written to: every operator who may do something about it."""

from typing import Any
from uuid import UUID

from components.foundation import ids
from components.foundation.refusals import NotFound
from components.foundation.shop_settings import shop_settings
from components.messaging import email_outbox
from components.messaging.tables import Email
from components.messaging.texts import recipient_language
from components.people import customer_accounts, operators


async def send(key: str, template: str, subject: str, *, permission: str, **fields: Any) -> None:
    """To every operator who may do something about it."""
    for one in await operators.all_operators():
        if one.is_owner or permission in one.permissions:
            given = {"name": one.name, **fields}
            with recipient_language.of_staff():
                await email_outbox.send(
                    key=f"{key}:{one.person_id}",
                    to=one.email,
                    person=one.person_id,
                    template=template,
                    subject=subject,
                    fields=given,
                )


async def send_test(person_id: UUID) -> Email:
    """A test e-mail to this member of staff."""
    person = await customer_accounts.by_id(person_id)
    if person is None:
        raise NotFound
    with recipient_language.of_staff():
        return await email_outbox.send(
            key=f"test:{ids.new()}",
            to=person.email,
            person=person_id,
            template="test_email",
            subject=f"A test from {shop_settings.current().shop_name}",
            fields={"name": person.name, "sender": shop_settings.current().mail_from},
        )
