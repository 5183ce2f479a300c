"""A discount is of one subscription or of one term; what a code took off a term never changes once it is paid."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T11:00:00:000448"
VERSION = "1.38.0"
DESCRIPTION = "Codes of terms are kept"

_KEPT_TAX = """{0}.tax_country, {0}.taxes, (SELECT string_agg(DISTINCT one->>'name', ' + ')
           FROM jsonb_array_elements({0}.taxes) one) AS tax_name,
         (SELECT CASE WHEN bool_and(one->>'rate_bp' IS NOT NULL) IS NOT FALSE THEN
           coalesce(sum((one->>'rate_bp')::int), 0)::int END FROM jsonb_array_elements({0}.taxes) one) AS tax_rate_bp"""

STATEMENTS = (
    "ALTER TABLE paid_term ADD CONSTRAINT paid_term_off CHECK (off >= 0)",
    """CREATE FUNCTION paid_term_off_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF OLD.paid_at IS NOT NULL AND OLD.off <> NEW.off THEN
           RAISE EXCEPTION 'what was paid for never changes';
         END IF;
         RETURN NEW;
       END $$""",
    """CREATE TRIGGER paid_term_off_is_kept BEFORE UPDATE ON paid_term
       FOR EACH ROW EXECUTE FUNCTION paid_term_off_is_kept()""",
    "CREATE UNIQUE INDEX fee_discount_of_term_once ON fee_discount (term) WHERE ended_at IS NULL",
    """ALTER TABLE fee_discount ADD CONSTRAINT fee_discount_of_one
       CHECK ((subscription IS NULL) <> (term IS NULL) AND (term IS NULL OR source = 'code'))""",
    """CREATE OR REPLACE VIEW insights_paid_terms AS
       SELECT t.id, t.payer, v.plan, v.price - t.off AS price, v.currency, t.paid_at
       FROM paid_term t JOIN plan_version v ON v.id = t.plan_version WHERE t.paid_at IS NOT NULL""",
    """CREATE OR REPLACE VIEW experiments_fees AS
       SELECT s.payer AS person, p.amount, p.currency, p.paid_at
       FROM paid_period p JOIN subscription s ON s.id = p.subscription WHERE NOT p.is_opening
       UNION ALL SELECT t.payer, v.price - t.off, v.currency, t.paid_at
       FROM paid_term t JOIN plan_version v ON v.id = t.plan_version WHERE t.paid_at IS NOT NULL""",
    f"""CREATE OR REPLACE VIEW insights_paid_once AS
       SELECT g.id, true AS is_gift, g.buyer AS payer, v.plan, v.price, g.net_amount, v.currency, g.paid_at,
         {_KEPT_TAX.format("g")}
       FROM gift_membership g JOIN plan_version v ON v.id = g.plan_version WHERE g.paid_at IS NOT NULL
       UNION ALL SELECT t.id, false, t.payer, v.plan, v.price - t.off, t.net_amount, v.currency, t.paid_at,
         {_KEPT_TAX.format("t")}
       FROM paid_term t JOIN plan_version v ON v.id = t.plan_version WHERE t.paid_at IS NOT NULL""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
