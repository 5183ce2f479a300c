"""A person's own copy of their invoices."""

from typing import Any
from uuid import UUID

from components.foundation import json
from components.invoices import issuing
from components.invoices.tables import IssuedInvoice


async def invoices_of(person_id: UUID, _confirmed_email: str | None) -> dict[str, list[dict[str, Any]]]:
    found = IssuedInvoice.objects().where(IssuedInvoice.person == person_id).order_by(IssuedInvoice.issued_at)
    return {
        "invoices": [
            {
                "number": row.number,
                "kind": row.kind,
                "issued_on": row.issued_on,
                "kept_until": row.keep_until,
                **json.to_plain(issuing.document_of(row)),
            }
            for row in await found
        ]
    }
