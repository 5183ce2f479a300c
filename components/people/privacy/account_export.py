"""The account's part of a person's data export; `data_export.py` beside it gathers the parts of all components."""

from typing import Any
from uuid import UUID

from components.foundation.operations import security_events
from components.foundation.refusals import NotFound
from components.people import addresses, customer_accounts
from components.people.invoicing import invoice_addresses
from components.people.tables import Passkey, Session

MOST_EVENTS = 10_000


async def collect(person_id: UUID) -> dict[str, Any]:
    """The person's account, addresses and sessions, ready for JSON. Raises `NotFound`."""
    person = await customer_accounts.by_id(person_id)
    if person is None:
        raise NotFound
    return {
        "account": {
            "email": person.email,
            "name": person.name,
            "birthday": person.birthday,
            "opened_at": person.created_at,
            "email_confirmed_at": person.email_confirmed_at,
            "has_password": person.password_hash is not None,
        },
        "addresses": [
            {
                "name": kept.name, "line1": kept.line1, "line2": kept.line2, "district": kept.district,
                "city": kept.city, "postcode": kept.postcode, "region": kept.region, "country": kept.country,
                "phone": kept.phone,
                "kept_at": kept.created_at,
            }
            for kept in await addresses.of_person(person_id)
        ],
        "invoice_address": await invoice_addresses.of_person(person_id),
        "passkeys": await Passkey.select(Passkey.name, Passkey.made_at, Passkey.used_at)
        .where(Passkey.person == person_id).order_by(Passkey.made_at),
        "sessions": await Session.select(
            Session.agent, Session.address, Session.started_at, Session.seen_at, Session.ended_at
        )
        .where(Session.person == person_id).order_by(Session.started_at),
        "security_events": [
            {"what": one.kind, "at": one.at, "address": one.address, "times": one.times}
            for one in await security_events.page(people=[person_id], limit=MOST_EVENTS, offset=0)
        ],
    }  # fmt: skip
