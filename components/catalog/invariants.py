"""What must hold of the catalogue's rows at every moment, checked by database queries."""

from components.catalog.tables import (
    CollectionProduct,
    EarlyCount,
    EarlyUnits,
    Picture,
    PriceRecord,
    Reservation,
    StockMovement,
    Variant,
)
from components.foundation.consistency import invariant_walks
from components.foundation.consistency.invariant_rules import Invariant, references

RULES = (
    Invariant(
        "a collection that fills itself has what fits",
        "Collection {slug}: {missing} products that fit its rule are missing, and {more} are in it that do not fit",
        """SELECT c.slug, count(*) FILTER (WHERE cp.id IS NULL) AS missing,
             count(*) FILTER (WHERE cp.id IS NOT NULL) AS more
           FROM collection c CROSS JOIN product p
           LEFT JOIN collection_product cp ON cp.collection = c.id AND cp.product = p.id
           WHERE c.id = ANY($1) AND c.is_ruled AND (cp.id IS NOT NULL) IS DISTINCT FROM fits_collection(
             p, c.rule_tags, c.rule_kinds, c.rule_vendors, c.rule_least, c.rule_most) GROUP BY c.slug""",
        each="collection",
    ),
    Invariant(
        "stock adds up",
        "SKU {sku}: movements add up to {moved}, but {on_hand} are on hand",
        """SELECT coalesce(v.sku, v.id::text) AS sku, v.on_hand, coalesce(sum(m.change), 0) AS moved
           FROM variant v LEFT JOIN stock_movement m ON m.variant = v.id WHERE v.id = ANY($1)
           GROUP BY v.id HAVING coalesce(sum(m.change), 0) <> v.on_hand""",
        each="variant",
    ),
    Invariant(
        "reserved stock adds up",
        "SKU {sku}: {reserved} reserved, but running reservations hold {held}",
        """SELECT coalesce(v.sku, v.id::text) AS sku, v.reserved, coalesce(sum(r.quantity), 0) AS held
           FROM variant v LEFT JOIN reservation r ON r.variant = v.id AND r.ended_at IS NULL AND r.counted
           WHERE v.id = ANY($1) GROUP BY v.id HAVING coalesce(sum(r.quantity), 0) <> v.reserved""",
        each="variant",
    ),
    Invariant(
        "what is sold was held",
        "SKU {sku}: sold {sold} for orders that held {held}",
        """SELECT coalesce(v.sku, v.id::text) AS sku, s.sold, coalesce(r.held, 0) AS held
           FROM (SELECT variant, because_of, -sum(change) AS sold FROM stock_movement
                 WHERE kind = 'sold' AND variant = ANY($1) GROUP BY variant, because_of) s
           JOIN variant v ON v.id = s.variant
           LEFT JOIN (SELECT variant, because_of, sum(quantity) AS held FROM reservation
                      WHERE ended_as = 'sold' AND variant = ANY($1) GROUP BY variant, because_of) r
             ON r.variant = s.variant AND r.because_of = s.because_of
           WHERE s.sold > coalesce(r.held, 0)""",
        each="variant",
    ),
    Invariant(
        "early units add up",
        "SKU {sku}: {early_taken} early units counted, but orders have {taken}",
        """SELECT coalesce(v.sku, v.id::text) AS sku, v.early_taken, coalesce(sum(e.quantity - e.returned), 0) AS taken
           FROM variant v LEFT JOIN early_units e ON e.variant = v.id WHERE v.id = ANY($1)
           GROUP BY v.id HAVING coalesce(sum(e.quantity - e.returned), 0) <> v.early_taken""",
        each="variant",
    ),
    Invariant(
        "early units of a member add up",
        "Product {product}: {units} early units counted for a member, but their orders have {had}",
        """SELECT e.product, coalesce(c.units, 0) AS units, e.had FROM (
             SELECT person, product, sum(bought - refunded) AS had FROM early_units
             WHERE (person, product) IN (SELECT person, product FROM early_units WHERE id = ANY($1))
             GROUP BY person, product) e
           LEFT JOIN early_count c USING (person, product) WHERE coalesce(c.units, 0) <> e.had""",
        each="early_units",
    ),
    Invariant(
        "early count has its units",
        "Product {product}: {units} early units counted for a member who has none",
        """SELECT product, units FROM early_count c WHERE id = ANY($1) AND units <> 0 AND NOT EXISTS (
             SELECT FROM early_units e WHERE e.person = c.person AND e.product = c.product)""",
        each="early_count",
    ),
    Invariant(
        "early units are held",
        "Variant {variant}: {taken} early units of an order that holds or bought {held}",
        """SELECT e.variant, e.quantity - e.returned AS taken, coalesce(r.held, 0) AS held
           FROM early_units e CROSS JOIN LATERAL (SELECT sum(quantity) AS held FROM reservation
             WHERE because_of = e.because_of AND variant = e.variant AND (ended_at IS NULL OR ended_as = 'sold')) r
           WHERE e.id = ANY($1) AND (e.quantity - e.returned > coalesce(r.held, 0)
             OR (e.returned > 0 AND EXISTS (SELECT FROM reservation WHERE because_of = e.because_of
               AND variant = e.variant AND ended_at IS NULL)))""",
        each="early_units",
    ),
    Invariant(
        "a fetched picture is shown",
        "Picture from {address}: fetched, but a product still shows something else",
        """SELECT f.address FROM picture_fetch f JOIN picture p ON p.source = f.id
           WHERE f.id = ANY($1) AND f.state = 'fetched' AND (p.path, p.width) IS DISTINCT FROM (f.path, f.width)""",
        each="picture_fetch",
    ),
    Invariant(
        "the price is the one recorded last",
        "SKU {sku}: costs {price}, but {recorded} was recorded last",
        """SELECT coalesce(v.sku, v.id::text) AS sku, v.price, r.price AS recorded FROM variant v
           CROSS JOIN LATERAL (SELECT price, sale_price, sale_from, sale_until FROM price_record
             WHERE variant = v.id ORDER BY at DESC, (v.price, v.sale_price, v.sale_from, v.sale_until)
               IS NOT DISTINCT FROM (price, sale_price, sale_from, sale_until) DESC LIMIT 1) r
           WHERE v.id = ANY($1) AND (v.price, v.sale_price, v.sale_from, v.sale_until)
             IS DISTINCT FROM (r.price, r.sale_price, r.sale_from, r.sale_until)""",
        each="variant",
    ),
)

REFERENCES = references(
    (Variant, PriceRecord, CollectionProduct, Picture, StockMovement, Reservation, EarlyUnits, EarlyCount),
    [
        (Reservation.because_of, "orders"), (EarlyUnits.product, "product"), (EarlyUnits.person, "person"),
        (EarlyUnits.because_of, "orders"), (EarlyCount.person, "person"), (EarlyCount.product, "product"),
    ],
)  # fmt: skip
"""Rows that must be there, of other components too."""


async def invariants() -> list[str]:
    """A description of each violation; an empty list when there is none."""
    return await invariant_walks.sentences(RULES)
