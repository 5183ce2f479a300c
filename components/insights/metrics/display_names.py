"""Display names of things of any component, for lists that only know their ids."""

from collections.abc import Iterable
from uuid import UUID

from components.foundation import database

_NAMES = """
SELECT id, name::text FROM plan WHERE id = ANY($1)
UNION ALL SELECT id, name FROM benefit WHERE id = ANY($1)
UNION ALL SELECT id, coalesce(nullif(name, ''), email) FROM person WHERE id = ANY($1) AND erased_at IS NULL
UNION ALL SELECT id, title FROM product WHERE id = ANY($1)
UNION ALL SELECT v.id, p.title || coalesce(nullif(', ' || array_to_string(v.options, ' / '), ', '), '')
  FROM variant v JOIN product p ON p.id = v.product WHERE v.id = ANY($1)
UNION ALL SELECT id, title FROM collection WHERE id = ANY($1)
UNION ALL SELECT id, name FROM sale_price WHERE id = ANY($1)
UNION ALL SELECT id, code FROM coupon WHERE id = ANY($1)
UNION ALL SELECT id, title FROM article WHERE id = ANY($1)
UNION ALL SELECT id, name FROM delivery_method WHERE id = ANY($1)
UNION ALL SELECT id, name FROM rule_draft WHERE id = ANY($1)
UNION ALL SELECT id, name FROM api_key WHERE id = ANY($1)
UNION ALL SELECT m.id, p.name || ' of ' || coalesce(nullif(h.name, ''), h.email)
  FROM membership m JOIN plan p ON p.id = m.plan JOIN person h ON h.id = m.holder WHERE m.id = ANY($1)
"""


async def names(ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names of those that still have one, in one query."""
    wanted = list(set(ids))
    if not wanted:
        return {}
    return {row["id"]: row["name"] for row in await database.fetch(_NAMES, wanted)}
