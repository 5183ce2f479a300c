"""What must hold of baskets and attempts at every moment, checked by database queries."""

from components.foundation import database

_CHECKS = (
    (
        "Basket {basket}: {running} payments run for it at once",
        """SELECT basket, count(*) AS running FROM attempt WHERE ended_at IS NULL
           GROUP BY basket HAVING count(*) > 1""",
    ),
    (
        "Attempt {id}: it has ended, but not as paid, lapsed or replaced",
        """SELECT id FROM attempt WHERE (ended_at IS NULL) <> (ended_as = '')
           OR ended_as NOT IN ('', 'paid', 'lapsed', 'replaced')""",
    ),
    (
        "Basket {basket}: {quantity} units of one variant",
        "SELECT basket, quantity FROM basket_line WHERE quantity NOT BETWEEN 1 AND 99",
    ),
    (
        "Person {person} has {count} baskets",
        """SELECT person, count(*) AS count FROM basket WHERE person IS NOT NULL
           GROUP BY person HAVING count(*) > 1""",
    ),
)


async def invariants() -> list[str]:
    """A description of each violation; an empty list when there is none."""
    broken = []
    for words, sql in _CHECKS:
        broken += [words.format(**row) for row in await database.fetch(sql)]
    return broken
