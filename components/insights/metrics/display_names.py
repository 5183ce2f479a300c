"""Display names of things of any component, for lists that only know their ids."""

from collections.abc import Iterable
from uuid import UUID

from components.foundation import database

_NAMES = """
SELECT id, name::text FROM insights_plans WHERE id = ANY($1)
UNION ALL SELECT id, name FROM insights_benefits WHERE id = ANY($1)
UNION ALL SELECT id, coalesce(nullif(name, ''), email) FROM insights_people WHERE id = ANY($1) AND erased_at IS NULL
UNION ALL SELECT id, title FROM insights_products WHERE id = ANY($1)
UNION ALL SELECT v.id, p.title || coalesce(nullif(', ' || array_to_string(v.options, ' / '), ', '), '')
  FROM insights_variants v JOIN insights_products p ON p.id = v.product WHERE v.id = ANY($1)
UNION ALL SELECT id, title FROM insights_collections WHERE id = ANY($1)
UNION ALL SELECT id, name FROM insights_sales WHERE id = ANY($1)
UNION ALL SELECT id, code FROM insights_coupons WHERE id = ANY($1)
UNION ALL SELECT id, title FROM insights_articles WHERE id = ANY($1)
UNION ALL SELECT id, name FROM insights_delivery_methods WHERE id = ANY($1)
UNION ALL SELECT id, name FROM rule_draft WHERE id = ANY($1)
UNION ALL SELECT id, name FROM insights_api_keys WHERE id = ANY($1)
UNION ALL SELECT m.id, p.name || ' of ' || coalesce(nullif(h.name, ''), h.email)
  FROM insights_memberships m JOIN insights_plans p ON p.id = m.plan JOIN insights_people h ON h.id = m.holder
  WHERE m.id = ANY($1)
"""


async def names(ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names of those that still have one, in one query."""
    wanted = list(set(ids))
    if not wanted:
        return {}
    return dict(await database.fetch_rows(_NAMES, wanted))
