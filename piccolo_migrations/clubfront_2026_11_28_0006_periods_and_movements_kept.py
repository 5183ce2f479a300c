"""Paid periods so far: of the version their subscription has, without today's tax. Movements so far: the first epoch.

The plan, the tax and the price of each were not stored then. Figures by the new rules are written anew, in an epoch of
their own, by the first run of `record_movements` or by `clubfront figures rebuild`.
"""

import os

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-28T21:19:09:000000"
VERSION = "1.38.0"
DESCRIPTION = "Periods and movements kept as agreed"

_TAX_IN = "(2 * {amount} * t.rate_bp + 10000 + t.rate_bp) / (2 * (10000 + t.rate_bp))"
FILL = """
UPDATE paid_period p SET plan_version = v.id, net_amount = p.amount, net_price = v.price
FROM subscription s JOIN plan_version v ON v.id = s.plan_version WHERE s.id = p.subscription
"""
FILL_TAX = f"""
UPDATE paid_period p SET net_amount = p.amount - {_TAX_IN.format(amount="p.amount")},
  net_price = p.net_price - {_TAX_IN.format(amount="p.net_price")}
FROM tax_rate t WHERE t.country = '{{country}}' AND t.is_included
"""
STATEMENTS = (
    """ALTER TABLE paid_period ADD CONSTRAINT paid_period_of_version
       CHECK (plan_version IS NOT NULL AND net_amount <= amount AND net_price >= 0)""",
    """CREATE FUNCTION paid_period_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF (OLD.subscription, OLD.invoice, OLD.starts_at, OLD.amount, OLD.currency, OLD.paid_at, OLD.plan_version,
             OLD.net_amount, OLD.net_price, OLD.is_partial)
            IS DISTINCT FROM
            (NEW.subscription, NEW.invoice, NEW.starts_at, NEW.amount, NEW.currency, NEW.paid_at, NEW.plan_version,
             NEW.net_amount, NEW.net_price, NEW.is_partial) THEN
           RAISE EXCEPTION 'what was paid for never changes';
         END IF;
         RETURN NEW;
       END $$""",
    """CREATE TRIGGER paid_period_is_kept BEFORE UPDATE ON paid_period
       FOR EACH ROW EXECUTE FUNCTION paid_period_is_kept()""",
    "DROP VIEW insights_subscriptions",
    """CREATE VIEW insights_subscriptions AS
       SELECT s.id, s.payer, s.status, s.created_at, s.started_at, s.cancel_at, s.cancel_reason, s.ended_at,
       s.past_due_since, s.plan_version, v.plan, v.price, v.currency, v.interval, v.interval_count
       FROM subscription s JOIN plan_version v ON v.id = s.plan_version""",
    "DROP VIEW insights_paid_periods",
    """CREATE VIEW insights_paid_periods AS
       SELECT subscription, invoice, starts_at, ends_at, amount, currency, paid_at, plan_version, net_amount,
       net_price, is_partial FROM paid_period""",
    "CREATE VIEW insights_pauses AS SELECT subscription, begun_at, ended_at FROM pause",
    """CREATE VIEW insights_plan_changes AS
       SELECT subscription, to_version, is_now, due_at, applied_at, dropped_at FROM plan_change""",
    """CREATE VIEW insights_price_moves AS
       SELECT m.subscription, g.to_version, m.renews_at, m.moved_at, g.stopped_at
       FROM price_move m JOIN price_migration g ON g.id = m.migration""",
    """CREATE VIEW insights_paid_terms AS
       SELECT t.id, t.payer, v.plan, v.price, v.currency, t.paid_at
       FROM paid_term t JOIN plan_version v ON v.id = t.plan_version WHERE t.paid_at IS NOT NULL""",
    """CREATE VIEW insights_membership_gifts AS
       SELECT g.id, g.buyer, v.plan, v.price, v.currency, g.paid_at, g.refunded_at
       FROM gift_membership g JOIN plan_version v ON v.id = g.plan_version WHERE g.paid_at IS NOT NULL""",
    """CREATE VIEW insights_order_tax AS
       SELECT id, paid_at, total, credit, tax FROM orders WHERE paid_at IS NOT NULL""",
    "DROP INDEX movement_turns",
    "CREATE UNIQUE INDEX movement_turns ON movement (person, epoch, turn)",
    """CREATE VIEW current_movements AS SELECT person, turn, kind, amount, balance, because, at, noted_at FROM movement
       WHERE epoch = (SELECT coalesce(max(number), 1) FROM movement_epoch)""",
    """INSERT INTO movement_epoch (number, rules, words, begun_at)
       SELECT 1, 1, 'As recorded before movements were dated by what was paid', min(noted_at) FROM movement
       HAVING count(*) > 0""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        country = "".join(filter(str.isalpha, os.environ.get("COUNTRY", "GB")))[:2].upper()
        for statement in (FILL, FILL_TAX.format(country=country), *STATEMENTS):
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
