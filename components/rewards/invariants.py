"""What must hold of gifts, codes and perks at every moment, checked by database queries.

`insights.order_invariants` checks this, and what must hold between gifts and their orders.
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
    """A description of each violation; an empty list when there is none."""
    broken = []
    for words, sql in _CHECKS:
        broken += [words.format(**row) for row in await database.fetch(sql + " LIMIT 20")]
    return broken
