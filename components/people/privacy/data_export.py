"""A person's data export: everything the shop stores about them, gathered from every component for their own copy.

What a component keeps it hands in itself (`register_part`, in `components/reactions.py`).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from components.foundation import json
from components.foundation.operations import security_events
from components.foundation.personal_data import person_records
from components.foundation.personal_data.person_records import Records
from components.people import customer_accounts, rate_limits
from components.people.privacy import account_export

COPIES = rate_limits.RateLimit("copies of one's data", 20, timedelta(hours=1))
Part = Callable[[UUID, str | None], Awaitable[dict[str, Any]]]

_parts: dict[str, Part] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class DataExport:
    """`told` is all of it as one document, `records` every stored row, for tables; `email` whose it is."""

    email: str
    told: dict[str, Any]
    records: tuple[Records, ...]

    def document(self) -> bytes:
        """As JSON. Takes long where there is much: in a thread."""
        return msgspec.json.format(json.dump(self.told).encode(), indent=2)


def register_part(component: str, collect: Part) -> None:
    """Have what `collect(person_id, confirmed_email)` finds be in every export. One part per component.

    The e-mail is theirs only once they have confirmed it; it is None before.
    """
    _parts[component] = collect


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
    told = await account_export.collect(person_id)
    for collect in _parts.values():
        told |= await collect(person_id, email)
    return told | {
        "everything": {
            records.title: [dict(zip(records.columns, row, strict=True)) for row in records.rows] for records in found
        }
    }
