"""What must hold of the catalogue's rows at every moment, checked by database queries."""

from components.foundation import database

_CHECKS = (
    (
        "SKU {sku}: movements add up to {moved}, but {on_hand} are on hand",
        """SELECT coalesce(v.sku, v.id::text) AS sku, v.on_hand, coalesce(sum(m.change), 0) AS moved
           FROM variant v LEFT JOIN stock_movement m ON m.variant = v.id
           GROUP BY v.id HAVING coalesce(sum(m.change), 0) <> v.on_hand""",
    ),
    (
        "SKU {sku}: {on_hand} on hand",
        """SELECT coalesce(sku, id::text) AS sku, on_hand FROM variant
           WHERE tracks_stock AND NOT sells_when_out AND on_hand < 0""",
    ),
    (
        "SKU {sku}: {reserved} reserved of {on_hand} on hand",
        """SELECT coalesce(sku, id::text) AS sku, reserved, on_hand FROM variant
           WHERE reserved < 0 OR (tracks_stock AND NOT sells_when_out AND reserved > on_hand)""",
    ),
    (
        "SKU {sku}: {reserved} reserved, but running reservations hold {held}",
        """SELECT coalesce(v.sku, v.id::text) AS sku, v.reserved, coalesce(sum(r.quantity), 0) AS held
           FROM variant v LEFT JOIN reservation r ON r.variant = v.id AND r.ended_at IS NULL AND r.counted
           GROUP BY v.id HAVING coalesce(sum(r.quantity), 0) <> v.reserved""",
    ),
    (
        "SKU {sku}: sold {sold} for orders that held {held}",
        """SELECT coalesce(v.sku, v.id::text) AS sku, s.sold, coalesce(r.held, 0) AS held
           FROM (SELECT variant, because_of, -sum(change) AS sold FROM stock_movement
                 WHERE kind = 'sold' GROUP BY variant, because_of) s
           JOIN variant v ON v.id = s.variant
           LEFT JOIN (SELECT variant, because_of, sum(quantity) AS held FROM reservation
                      WHERE ended_as = 'sold' GROUP BY variant, because_of) r
             ON r.variant = s.variant AND r.because_of = s.because_of
           WHERE s.sold > coalesce(r.held, 0)""",
    ),
    (
        "SKU {sku}: {taken} early units of {allotment}",
        """SELECT coalesce(v.sku, v.id::text) AS sku, v.early_allotment AS allotment, e.taken
           FROM variant v CROSS JOIN LATERAL (SELECT coalesce(sum(quantity - returned), 0) AS taken
             FROM early_units WHERE variant = v.id) e WHERE e.taken > v.early_allotment""",
    ),
    (
        "SKU {sku}: {early_taken} early units counted, but orders have {taken}",
        """SELECT coalesce(v.sku, v.id::text) AS sku, v.early_taken, coalesce(sum(e.quantity - e.returned), 0) AS taken
           FROM variant v LEFT JOIN early_units e ON e.variant = v.id
           GROUP BY v.id HAVING coalesce(sum(e.quantity - e.returned), 0) <> v.early_taken""",
    ),
    (
        "Product {product}: {units} early units counted for a member, but their orders have {had}",
        """SELECT product, coalesce(c.units, 0) AS units, coalesce(e.had, 0) AS had FROM early_count c
           FULL JOIN (SELECT person, product, sum(bought - refunded) AS had FROM early_units
             WHERE person IS NOT NULL GROUP BY person, product) e USING (person, product)
           WHERE coalesce(c.units, 0) <> coalesce(e.had, 0)""",
    ),
    (
        "Variant {variant}: {taken} early units of an order that holds or bought {held}",
        """SELECT e.variant, e.quantity - e.returned AS taken, coalesce(r.held, 0) AS held
           FROM early_units e CROSS JOIN LATERAL (SELECT sum(quantity) AS held FROM reservation
             WHERE because_of = e.because_of AND variant = e.variant AND (ended_at IS NULL OR ended_as = 'sold')) r
           WHERE e.quantity - e.returned > coalesce(r.held, 0)
             OR (e.returned > 0 AND EXISTS (SELECT FROM reservation WHERE because_of = e.because_of
               AND variant = e.variant AND ended_at IS NULL))""",
    ),
)


async def invariants() -> list[str]:
    """A description of each violation; an empty list when there is none."""
    broken = []
    for words, sql in _CHECKS:
        broken += [words.format(**row) for row in await database.fetch(sql)]
    return broken
