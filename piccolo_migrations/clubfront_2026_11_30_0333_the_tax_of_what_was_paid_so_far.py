"""The tax of what was paid so far: that of the invoice, where there is one, else of the rates that held then.

Settings, rates and the plan's category are those of the instant of the payment; the payer's address is that of today,
which has no history. A paid period has kept its net amount: its rates are those that make it, and its country is the
one they are of. Where none does, the row says how much tax there is without saying its rate. Of one that store credit
paid all of, the rates are kept with no tax at them. Rows of equal sums, place and day are worked out once for all.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T10:00:00:000333"
VERSION = "1.38.0"
DESCRIPTION = "The tax of what was paid so far"

EU = (
    "'AT', 'BE', 'BG', 'CY', 'CZ', 'DE', 'DK', 'EE', 'ES', 'FI', 'FR', 'GR', 'HR', 'HU', 'IE', 'IT', 'LT', 'LU', "
    "'LV', 'MT', 'NL', 'PL', 'PT', 'RO', 'SE', 'SI', 'SK'"
)
FUNCTIONS = (
    """CREATE FUNCTION setting_then(wanted text, usual text, instant timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
       SELECT coalesce(
         (SELECT value FROM shop_setting WHERE name = wanted AND at <= instant ORDER BY at DESC, id DESC LIMIT 1),
         (SELECT value FROM shop_setting WHERE name = wanted AND wanted IN ('country', 'tax_region')
          ORDER BY at, id LIMIT 1), usual) $$""",
    """CREATE FUNCTION rate_then(place text, part text, kind text, instant timestamptz) RETURNS tax_rate
       LANGUAGE sql STABLE AS $$
       SELECT last.* FROM (SELECT * FROM tax_rate WHERE country = place AND region = part AND category = kind
         AND from_at <= instant ORDER BY from_at DESC LIMIT 1) last
       WHERE last.until_at IS NULL OR last.until_at > instant $$""",
    """CREATE FUNCTION rates_then(place text, part text, kind text, instant timestamptz) RETURNS jsonb
       LANGUAGE plpgsql STABLE AS $$
       DECLARE own tax_rate := rate_then(place, '', kind, instant); whole tax_rate := own; further tax_rate;
       BEGIN
         IF whole.id IS NULL THEN whole := rate_then(place, '', 'standard', instant); END IF;
         IF part <> '' THEN
           further := rate_then(place, part, kind, instant);
           IF further.id IS NULL AND own.id IS NULL THEN further := rate_then(place, part, 'standard', instant); END IF;
           IF further.id IS NOT NULL AND NOT further.is_added THEN whole := NULL; END IF;
         END IF;
         RETURN (SELECT coalesce(jsonb_agg(jsonb_build_object('name', r.name, 'rate_bp', r.rate_bp)), '[]')
           FROM (VALUES (whole.name, whole.rate_bp), (further.name, further.rate_bp)) r (name, rate_bp)
           WHERE r.rate_bp > 0);
       END $$""",
    f"""CREATE FUNCTION taxes_then(place text, part text, kind text, instant timestamptz) RETURNS jsonb
       LANGUAGE plpgsql STABLE AS $$
       DECLARE home text := setting_then('country', 'GB', instant);
         home_part text := setting_then('tax_region', '', instant);
         both_eu boolean := home IN ({EU}) AND place IN ({EU});
       BEGIN
         IF kind IN ('zero', 'exempt') OR setting_then('small_business', 'no', instant) = 'yes' THEN
           RETURN '[]';
         END IF;
         IF place IS NULL OR setting_then('fee_tax', 'home', instant) <> 'member' THEN
           RETURN rates_then(home, home_part, kind, instant);
         END IF;
         IF place <> home AND both_eu AND (setting_then('eu_sales', 'home', instant) = 'home' OR NOT EXISTS (
             SELECT FROM tax_rate r WHERE r.country = place
             AND (rate_then(r.country, r.region, r.category, instant)).id = r.id)) THEN
           RETURN rates_then(home, home_part, kind, instant);
         END IF;
         IF place <> home AND NOT both_eu AND NOT EXISTS (
             SELECT FROM tax_rate r WHERE r.country = place AND r.region IN ('', part) AND r.rate_bp > 0
             AND (rate_then(r.country, r.region, r.category, instant)).id = r.id) THEN
           IF setting_then('export_prices', 'same', instant) = 'without'
             OR setting_then('prices_include_tax', 'yes', instant) = 'no' THEN
             RETURN rates_then(home, home_part, kind, instant);
           END IF;
           RETURN '[]';
         END IF;
         RETURN rates_then(place, part, kind, instant);
       END $$""",
    """CREATE FUNCTION taxes_in(amount bigint, rates jsonb) RETURNS jsonb LANGUAGE sql STABLE AS $$
       WITH each_rate AS (SELECT one->>'name' AS name, (one->>'rate_bp')::int AS rate_bp, turn
           FROM jsonb_array_elements(rates) WITH ORDINALITY found (one, turn)),
         all_of_it AS (SELECT sum(rate_bp)::bigint AS rate_bp FROM each_rate),
         contained AS (SELECT (2 * greatest(amount, 0) * rate_bp + 10000 + rate_bp) / (2 * (10000 + rate_bp)) AS tax
           FROM all_of_it),
         shared AS (SELECT e.name, e.rate_bp, e.turn, coalesce(tax * e.rate_bp / nullif(a.rate_bp, 0), 0) AS part,
             tax * e.rate_bp % nullif(a.rate_bp, 0) AS rest FROM each_rate e, all_of_it a, contained),
         ranked AS (SELECT *, row_number() OVER (ORDER BY rest DESC, turn) AS nth,
             (SELECT tax FROM contained) - sum(part) OVER () AS units FROM shared)
       SELECT coalesce(jsonb_agg(jsonb_build_object(
         'name', name, 'rate_bp', rate_bp, 'tax', part + (nth <= units)::int) ORDER BY rate_bp DESC, name), '[]')
       FROM ranked $$""",
    """CREATE FUNCTION tax_of(taxes jsonb) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
       SELECT coalesce(sum((one->>'tax')::bigint), 0)::bigint FROM jsonb_array_elements(taxes) one $$""",
)
PLACE = """LEFT JOIN LATERAL (SELECT a.country, a.region FROM address a WHERE a.person = paid.payer
  AND a.created_at <= paid.paid_at ORDER BY a.is_default DESC, coalesce(a.used_at, a.created_at) DESC LIMIT 1) lives
  ON true"""
CHANGES = """(SELECT coalesce(array_agg(at ORDER BY at), '{}') FROM (
  SELECT at FROM shop_setting WHERE name IN ('country', 'tax_region', 'small_business', 'fee_tax', 'eu_sales',
    'export_prices', 'prices_include_tax')
  UNION SELECT from_at FROM tax_rate UNION SELECT until_at FROM tax_rate WHERE until_at IS NOT NULL) changed)"""
# The audit log has the category before each change of a plan's terms.
CATEGORIES = """SELECT subject_id, before->>'tax_category' AS kind, at, id FROM audit_entry
  WHERE subject = 'plan' AND before->>'tax_category' <> ''"""
KIND = """coalesce((SELECT c.kind FROM categories c WHERE c.subject_id = n.id::text AND c.at > paid.paid_at
    ORDER BY c.at, c.id LIMIT 1), n.tax_category)"""
# A period of nothing says by its fee without tax whether there is tax in the fee.
PAID = f"""CREATE TABLE paid_so_far AS
  WITH categories AS MATERIALIZED ({CATEGORIES}), paid AS (
    SELECT g.id, 'gift:' || g.id AS cause, g.buyer AS payer, g.plan_version, v.price AS amount, NULL::bigint AS tax,
      true AS is_taxed, g.paid_at, v.plan FROM gift_membership g JOIN plan_version v ON v.id = g.plan_version
      WHERE g.paid_at IS NOT NULL
    UNION ALL SELECT t.id, 'term:' || t.id, t.payer, t.plan_version, v.price, NULL, true, t.paid_at, v.plan
      FROM paid_term t JOIN plan_version v ON v.id = t.plan_version WHERE t.paid_at IS NOT NULL
    UNION ALL SELECT p.id, 'fee:' || p.invoice, s.payer, p.plan_version, p.amount, p.amount - p.net_amount,
      p.amount > 0 OR p.net_price < v.price, p.paid_at, v.plan FROM paid_period p
      JOIN subscription s ON s.id = p.subscription JOIN plan_version v ON v.id = p.plan_version),
  known AS (
    SELECT paid.id, paid.amount, paid.tax, paid.is_taxed, paid.paid_at, {KIND} AS kind, lives.country AS place,
      coalesce(lives.region, '') AS part, width_bucket(paid.paid_at, {CHANGES}) AS epoch,
      i.document->'taxes' AS issued, i.total AS issued_total, i.document->'buyer'->>'country' AS buyer,
      coalesce(i.document->'notes'->>0, '') AS note
    FROM paid JOIN plan n ON n.id = paid.plan {PLACE}
    LEFT JOIN invoice i ON i.cause = paid.cause AND jsonb_typeof(i.document->'taxes') = 'array')
  SELECT *, ROW(amount, tax, is_taxed, kind, place, part, epoch, issued, issued_total, buyer)::text AS alike
  FROM known"""
IN_FORCE = """CREATE TABLE in_force_so_far AS
  SELECT kind, place, part, epoch, taxes_then(place, part, kind, min(paid_at)) AS there,
    taxes_then(NULL, '', kind, min(paid_at)) AS home, setting_then('country', 'GB', min(paid_at)) AS country
  FROM paid_so_far GROUP BY kind, place, part, epoch"""
# The first of these that makes the tax that was kept; of what was paid once, the invoice's, else what was in force.
# Without a rate there is no country to be known by it: then, and where all countries have that of home, the payer's.
FOUND = """CREATE TABLE taxes_so_far AS
  SELECT asked.alike, found.country, found.taxes, tax_of(found.taxes) AS tax
  FROM (SELECT DISTINCT ON (alike) * FROM paid_so_far ORDER BY alike, paid_at) asked
  JOIN in_force_so_far f ON f.kind = asked.kind AND f.place IS NOT DISTINCT FROM asked.place
    AND f.part = asked.part AND f.epoch = asked.epoch
  CROSS JOIN LATERAL (SELECT coalesce(asked.place, f.country) AS country) lives
  CROSS JOIN LATERAL (SELECT made.country, made.taxes FROM (
      SELECT 1 AS turn, 0::bigint AS nth, coalesce(nullif(asked.buyer, ''), lives.country) AS country,
        taxes_in(asked.amount, asked.issued) AS taxes
      WHERE asked.issued IS NOT NULL AND (asked.tax IS NOT NULL OR asked.issued_total = asked.amount)
      UNION ALL SELECT 2, 0, lives.country, taxes_in(asked.amount, f.there) WHERE asked.is_taxed
      UNION ALL SELECT 3, 0, f.country, taxes_in(asked.amount, f.home) WHERE asked.is_taxed
      UNION ALL SELECT 4, row_number() OVER (ORDER BY r.from_at <= asked.paid_at DESC, r.country = f.country DESC,
          r.country = asked.place DESC, r.from_at DESC),
        CASE WHEN r.country = f.country AND f.there = f.home THEN lives.country ELSE r.country END,
        taxes_in(asked.amount, jsonb_build_array(jsonb_build_object('name', r.name, 'rate_bp', r.rate_bp)))
      FROM tax_rate r WHERE r.rate_bp > 0 AND asked.tax > 0
        AND (2 * asked.amount * r.rate_bp + 10000 + r.rate_bp) / (2 * (10000 + r.rate_bp)) = asked.tax
      UNION ALL SELECT 5, 0, lives.country, CASE WHEN coalesce(asked.tax, 0) = 0 THEN '[]' ELSE
        jsonb_build_array(jsonb_build_object('name', '', 'rate_bp', NULL, 'tax', asked.tax)) END) made
    WHERE asked.tax IS NULL OR tax_of(made.taxes) = asked.tax ORDER BY made.turn, made.nth LIMIT 1) found"""
KEEP = """UPDATE {0} p SET tax_country = found.country, tax_note = paid.note, taxes = found.taxes{1}
  FROM paid_so_far paid JOIN taxes_so_far found ON found.alike = paid.alike{2} WHERE paid.id = p.id"""
NET = ", net_amount = v.price - found.tax"
VERSION_OF = ", plan_version v"
FILL = (
    *FUNCTIONS,
    PAID,
    IN_FORCE,
    FOUND,
    KEEP.format("paid_period", "", ""),
    *(KEEP.format(table, NET, VERSION_OF) + " AND v.id = p.plan_version" for table in ("gift_membership", "paid_term")),
    "DROP TABLE taxes_so_far, in_force_so_far, paid_so_far",
    "DROP FUNCTION tax_of, taxes_in, taxes_then, rates_then, rate_then, setting_then",
)
KEPT_TAX = """{0}.tax_country, {0}.taxes, (SELECT string_agg(DISTINCT one->>'name', ' + ')
           FROM jsonb_array_elements({0}.taxes) one) AS tax_name,
         (SELECT CASE WHEN bool_and(one->>'rate_bp' IS NOT NULL) IS NOT FALSE THEN
           coalesce(sum((one->>'rate_bp')::int), 0)::int END FROM jsonb_array_elements({0}.taxes) one) AS tax_rate_bp"""
STATEMENTS = (
    *FILL,
    """CREATE OR REPLACE FUNCTION paid_period_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF (OLD.subscription, OLD.invoice, OLD.starts_at, OLD.amount, OLD.currency, OLD.paid_at, OLD.plan_version,
             OLD.net_amount, OLD.net_price, OLD.is_partial, OLD.tax_country, OLD.tax_note, OLD.taxes)
            IS DISTINCT FROM
            (NEW.subscription, NEW.invoice, NEW.starts_at, NEW.amount, NEW.currency, NEW.paid_at, NEW.plan_version,
             NEW.net_amount, NEW.net_price, NEW.is_partial, NEW.tax_country, NEW.tax_note, NEW.taxes) THEN
           RAISE EXCEPTION 'what was paid for never changes';
         END IF;
         RETURN NEW;
       END $$""",
    """CREATE FUNCTION paid_once_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF OLD.paid_at IS NOT NULL AND
            (OLD.plan_version, OLD.paid_at, OLD.net_amount, OLD.tax_country, OLD.tax_note, OLD.taxes)
            IS DISTINCT FROM
            (NEW.plan_version, NEW.paid_at, NEW.net_amount, NEW.tax_country, NEW.tax_note, NEW.taxes) THEN
           RAISE EXCEPTION 'what was paid for never changes';
         END IF;
         RETURN NEW;
       END $$""",
    """CREATE TRIGGER gift_membership_is_kept BEFORE UPDATE ON gift_membership
       FOR EACH ROW EXECUTE FUNCTION paid_once_is_kept()""",
    """CREATE TRIGGER paid_term_is_kept BEFORE UPDATE ON paid_term
       FOR EACH ROW EXECUTE FUNCTION paid_once_is_kept()""",
    "ALTER TABLE gift_membership ADD CONSTRAINT gift_membership_taxed CHECK (paid_at IS NULL OR net_amount >= 0)",
    "ALTER TABLE paid_term ADD CONSTRAINT paid_term_taxed CHECK (paid_at IS NULL OR net_amount >= 0)",
    """CREATE OR REPLACE VIEW insights_orders AS
       SELECT id, number, person, name, currency, goods, delivery_list, delivery_saved, delivery_method,
         delivery_benefit, tax_rate, tax_is_included, total, credit, payment_reference, placed_at, paid_at,
         stock_taken_at, cancelled_at, fulfilled_at, flagged_at, email <> '' AS has_email, coupon,
         coalesce(address->>'country', '') AS country FROM orders""",
    f"""CREATE OR REPLACE VIEW insights_paid_periods AS
       SELECT subscription, invoice, starts_at, ends_at, amount, currency, paid_at, plan_version, net_amount,
         net_price, is_partial, id, is_opening, {KEPT_TAX.format("p")} FROM paid_period p""",
    f"""CREATE VIEW insights_paid_once AS
       SELECT g.id, true AS is_gift, g.buyer AS payer, v.plan, v.price, g.net_amount, v.currency, g.paid_at,
         {KEPT_TAX.format("g")}
       FROM gift_membership g JOIN plan_version v ON v.id = g.plan_version WHERE g.paid_at IS NOT NULL
       UNION ALL SELECT t.id, false, t.payer, v.plan, v.price, t.net_amount, v.currency, t.paid_at,
         {KEPT_TAX.format("t")}
       FROM paid_term t JOIN plan_version v ON v.id = t.plan_version WHERE t.paid_at IS NOT NULL""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
