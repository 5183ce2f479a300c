"""What a person's copy of their data says of the earlier shop."""

from typing import Any
from uuid import UUID

from components.foundation import json
from components.old_shop import customer_import, old_orders


async def told_of(person_id: UUID, confirmed_email: str | None) -> dict[str, Any]:
    kept = await customer_import.of_person(person_id)
    return {
        "from_earlier_shop": kept and {
            "file": kept.file, "imported_at": kept.imported_at, "marketing_consent": kept.consent or "not said",
            "marketing_consent_words": kept.consent_words, "marketing_consent_at": kept.consent_at,
            "tags": kept.tags, "note": kept.note, "not_fitting": kept.leftover,
        },
        "orders_of_earlier_shop": [json.to_plain(order) for order in await _all(confirmed_email)],
    }  # fmt: skip


async def _all(email: str | None) -> list[Any]:
    found, number = [], 1
    while True:
        one_page = await old_orders.of_email(email, page=number)
        found += one_page.rows
        if number >= one_page.last:
            return found
        number += 1
