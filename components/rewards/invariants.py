"""What must hold of gifts, codes and perks at every moment, asked of the database itself.

`insights.order_invariants` asks this, and what must hold between gifts and the orders they go with.
"""

from components.foundation import database

_CHECKS = (
    (
        "Benefit {benefit}: {person} has {count} codes",
        """SELECT benefit, person, count(*) AS count FROM partner_code WHERE person IS NOT NULL
           GROUP BY benefit, person HAVING count(*) > 1""",
    ),
)


async def invariants() -> list[str]:
    """In words, every thing that is broken; an empty list when all is well."""
    broken = []
    for words, sql in _CHECKS:
        broken += [words.format(**row) for row in await database.fetch(sql + " LIMIT 20")]
    return broken
