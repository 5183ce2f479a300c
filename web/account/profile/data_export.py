"""Everything the shop stores about a person, gathered from every component for their own copy."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from components.foundation import json
from components.foundation.operations import security_events
from components.foundation.personal_data import person_records
from components.foundation.personal_data.person_records import Records
from components.invoices import invoice_export
from components.ledger import credit_export
from components.memberships import membership_export
from components.memberships.entitlements import entitlements
from components.messaging import mailbox
from components.old_shop import old_shop_export
from components.orders import order_list, queries
from components.people import customer_accounts, rate_limits
from components.people.privacy import account_export
from components.pricing.coupons import coupon_export
from components.rewards import reward_export

COPIES = rate_limits.RateLimit("copies of one's data", 20, timedelta(hours=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class DataExport:
    """`told` is all of it as one document, `records` every stored row, for tables; `email` whose it is."""

    email: str
    told: dict[str, Any]
    records: tuple[Records, ...]

    def document(self) -> bytes:
        """As JSON. Takes long where there is much: in a thread."""
        return msgspec.json.format(json.dump(self.told).encode(), indent=2)


async def collected(person_id: UUID) -> DataExport:
    """All of a person's data, as of now; that it was asked for is a security event. Raises `TooManyTries`."""
    await rate_limits.hit(COPIES, str(person_id))
    await security_events.note("data downloaded", person=person_id)
    confirmed = await customer_accounts.confirmed_email(person_id)
    records = await person_records.of_person(person_id, confirmed or "")
    person = await customer_accounts.by_id(person_id)
    told = await _everything(person_id, confirmed, records)
    return DataExport(email=person.email if person else "", told=told, records=records)


async def _everything(person_id: UUID, email: str | None, found: tuple[Records, ...]) -> dict[str, Any]:
    standing = await entitlements.for_person(person_id)
    return {
        **await account_export.collect(person_id),
        "memberships": [json.to_plain(plan) for plan in standing.plans],
        **await membership_export.given_and_shared(person_id),
        **await credit_export.credit_of(person_id),
        **await reward_export.rewards_of(person_id),
        **await coupon_export.coupons_of(person_id),
        "orders": await _orders(person_id),
        **await invoice_export.invoices_of(person_id),
        **await old_shop_export.told_of(person_id, email),
        "emails": await mailbox.of_person(person_id, email),
        "everything": {
            records.title: [dict(zip(records.columns, row, strict=True)) for row in records.rows] for records in found
        },
    }


async def _orders(person_id: UUID) -> list[Any]:
    found: list[Any] = []
    number = 1
    while True:
        one_page = await order_list.of_person(person_id, page=number)
        for row in one_page.rows:
            if order := await queries.of_person(person_id, row.number):
                found.append(json.to_plain(order))
        if number >= one_page.last:
            return found
        number += 1
