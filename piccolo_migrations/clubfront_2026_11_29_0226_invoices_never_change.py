"""Invoices add up, have numbers of their own, and are never changed."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-29T16:00:00:000226"
VERSION = "1.38.0"
DESCRIPTION = "Invoices never change"

STATEMENTS = (
    "CREATE UNIQUE INDEX invoice_serial ON invoice (series, serial)",
    "CREATE INDEX invoice_newest ON invoice (issued_at DESC, id DESC)",
    """ALTER TABLE invoice ADD CONSTRAINT invoice_adds_up CHECK (
       net + tax = total AND serial > 0 AND kind IN ('invoice', 'credit', 'reversal')
       AND (kind = 'invoice') = (corrects IS NULL) AND subject IN ('order', 'fee', 'term', 'gift'))""",
    """CREATE FUNCTION refuse_change_of_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
       DECLARE open text[] := ARRAY['person'];
       BEGIN
         IF TG_OP = 'UPDATE' THEN
           IF NEW.forgotten_at IS NOT NULL AND NEW.forgotten_at::date > OLD.keep_until THEN
             open := ARRAY['person', 'buyer', 'document', 'printed', 'forgotten_at'];
           END IF;
           IF to_jsonb(NEW) - open = to_jsonb(OLD) - open THEN RETURN NEW; END IF;
         END IF;
         RAISE EXCEPTION 'an invoice is never changed or deleted: it is corrected by a credit note';
       END $$""",
    """CREATE TRIGGER invoice_is_frozen BEFORE UPDATE OR DELETE ON invoice
       FOR EACH ROW EXECUTE FUNCTION refuse_change_of_invoice()""",
    """CREATE TRIGGER invoice_counter_stays BEFORE DELETE ON invoice_counter
       FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
