"""Collections that fill themselves: PostgreSQL keeps their rows right, whoever changes a product or a rule.

So lists, feeds, sales, benefits and figures read `collection_product` and nothing else, as for those filled by hand.
What is said is all asked for: one of the tags, one of the types, one of the brands, and a lowest price within bounds.
Tags, types and brands are kept in lower case. The price is the lowest of the variants for everybody, sales apart.
"""

_FITS = """
CREATE FUNCTION fits_collection(
  p product, tags varchar[], kinds varchar[], vendors varchar[], lowest bigint, highest bigint)
RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT (tags = '{}' OR EXISTS (SELECT FROM unnest(p.tags) tag WHERE lower(tag) = ANY(tags)))
    AND (kinds = '{}' OR lower(p.kind) = ANY(kinds)) AND (vendors = '{}' OR lower(p.vendor) = ANY(vendors))
    AND ((lowest IS NULL AND highest IS NULL) OR coalesce(
      (SELECT min(v.price) BETWEEN coalesce(lowest, 0) AND coalesce(highest, 9223372036854775807)
       FROM variant v WHERE v.product = p.id AND v.withdrawn_at IS NULL), false))
$$"""

_FILL_OF_PRODUCT = """
CREATE FUNCTION fill_ruled_collections(of_product uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM collection WHERE is_ruled ORDER BY id FOR SHARE;
  IF NOT FOUND THEN RETURN; END IF;
  DELETE FROM collection_product cp USING collection c, product p
  WHERE cp.product = of_product AND c.id = cp.collection AND c.is_ruled AND p.id = of_product
    AND NOT fits_collection(p, c.rule_tags, c.rule_kinds, c.rule_vendors, c.rule_least, c.rule_most);
  INSERT INTO collection_product (id, collection, product, position)
  SELECT gen_random_uuid(), c.id, p.id, 0 FROM collection c JOIN product p ON p.id = of_product
  WHERE c.is_ruled AND fits_collection(p, c.rule_tags, c.rule_kinds, c.rule_vendors, c.rule_least, c.rule_most)
  ON CONFLICT DO NOTHING;
END $$"""

_WHEN_A_PRODUCT_CHANGES = (
    """CREATE FUNCTION product_fills_collections() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN PERFORM fill_ruled_collections(NEW.id); RETURN NULL; END $$""",
    """CREATE FUNCTION variant_fills_collections() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN PERFORM fill_ruled_collections(NEW.product); RETURN NULL; END $$""",
    """CREATE TRIGGER product_fills AFTER INSERT ON product
       FOR EACH ROW EXECUTE FUNCTION product_fills_collections()""",
    """CREATE TRIGGER product_refills AFTER UPDATE ON product FOR EACH ROW
       WHEN ((OLD.tags, OLD.kind, OLD.vendor) IS DISTINCT FROM (NEW.tags, NEW.kind, NEW.vendor))
       EXECUTE FUNCTION product_fills_collections()""",
    """CREATE TRIGGER variant_fills AFTER INSERT ON variant
       FOR EACH ROW EXECUTE FUNCTION variant_fills_collections()""",
    """CREATE TRIGGER variant_refills AFTER UPDATE ON variant FOR EACH ROW
       WHEN ((OLD.price, OLD.withdrawn_at) IS DISTINCT FROM (NEW.price, NEW.withdrawn_at))
       EXECUTE FUNCTION variant_fills_collections()""",
)

_WHEN_A_RULE_CHANGES = (
    """CREATE FUNCTION collection_fills_itself() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         DELETE FROM collection_product cp USING product p WHERE cp.collection = NEW.id AND p.id = cp.product
           AND NOT fits_collection(p, NEW.rule_tags, NEW.rule_kinds, NEW.rule_vendors, NEW.rule_least, NEW.rule_most);
         INSERT INTO collection_product (id, collection, product, position)
         SELECT gen_random_uuid(), NEW.id, p.id, 0 FROM product p
         WHERE fits_collection(p, NEW.rule_tags, NEW.rule_kinds, NEW.rule_vendors, NEW.rule_least, NEW.rule_most)
         ON CONFLICT DO NOTHING;
         RETURN NULL;
       END $$""",
    """CREATE TRIGGER collection_fills AFTER INSERT ON collection FOR EACH ROW WHEN (NEW.is_ruled)
       EXECUTE FUNCTION collection_fills_itself()""",
    """CREATE TRIGGER collection_refills AFTER UPDATE ON collection FOR EACH ROW
       WHEN (NEW.is_ruled AND (OLD.is_ruled, OLD.rule_tags, OLD.rule_kinds, OLD.rule_vendors, OLD.rule_least,
         OLD.rule_most) IS DISTINCT FROM (NEW.is_ruled, NEW.rule_tags, NEW.rule_kinds, NEW.rule_vendors, NEW.rule_least,
         NEW.rule_most))
       EXECUTE FUNCTION collection_fills_itself()""",
)

_NOTHING_BY_HAND = (
    """CREATE FUNCTION refuse_what_does_not_fit() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF EXISTS (SELECT FROM collection c JOIN product p ON p.id = NEW.product WHERE c.id = NEW.collection
           AND c.is_ruled AND (EXISTS (SELECT FROM collection_product o WHERE o.collection = c.id AND o.product = p.id)
           OR NOT fits_collection(p, c.rule_tags, c.rule_kinds, c.rule_vendors, c.rule_least, c.rule_most)))
         THEN RETURN NULL; END IF;
         RETURN NEW;
       END $$""",
    """CREATE TRIGGER collection_product_fits BEFORE INSERT ON collection_product
       FOR EACH ROW EXECUTE FUNCTION refuse_what_does_not_fit()""",
)
"""What is brought back after a deletion may be in such a collection already, or fit it no more."""

FILLING: tuple[str, ...] = (
    """ALTER TABLE collection ADD CONSTRAINT collection_sort_is_known
       CHECK (sort IN ('shelf', 'manual', 'new', 'price', 'price-down', 'name'))""",
    """ALTER TABLE collection ADD CONSTRAINT collection_rule_says_something CHECK (NOT is_ruled
       OR cardinality(rule_tags) + cardinality(rule_kinds) + cardinality(rule_vendors) > 0
       OR rule_least IS NOT NULL OR rule_most IS NOT NULL)""",
    """ALTER TABLE collection ADD CONSTRAINT collection_rule_bounds
       CHECK (rule_least >= 0 AND rule_least <= rule_most)""",
    "CREATE INDEX collection_product_arranged ON collection_product (collection, position) WHERE position > 0",
    _FITS,
    _FILL_OF_PRODUCT,
    *_WHEN_A_PRODUCT_CHANGES,
    *_WHEN_A_RULE_CHANGES,
    *_NOTHING_BY_HAND,
)
