"""A person's own copy of their orders."""

from typing import Any
from uuid import UUID

from components.foundation import json
from components.orders import order_list, queries


async def orders_of(person_id: UUID, _confirmed_email: str | None) -> dict[str, list[Any]]:
    found: list[Any] = []
    number = 1
    while True:
        one_page = await order_list.of_person(person_id, page=number)
        for row in one_page.rows:
            if order := await queries.of_person(person_id, row.number):
                found.append(json.to_plain(order))
        if number >= one_page.last:
            return {"orders": found}
        number += 1
