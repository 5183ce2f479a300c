"""What Piccolo cannot express of consents and campaigns: checks, indexes, a trigger; and what campaigns read."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T02:00:00:000366"
VERSION = "1.38.0"
DESCRIPTION = "Consents hold"

STATEMENTS = (
    "CREATE INDEX consent_change_latest ON consent_change (contact, kind, at DESC, id DESC)",
    """ALTER TABLE consent_change ADD CONSTRAINT consent_change_says CHECK (
       state IN ('asked', 'given', 'withdrawn') AND kind IN ('news', 'tips'))""",
    """ALTER TABLE mailing_contact ADD CONSTRAINT mailing_contact_is_reachable CHECK (
       (unreachable_at IS NULL) = (unreachable_why = '') AND unreachable_why IN ('', 'bounce', 'complaint'))""",
    """ALTER TABLE mailing_rules ADD CONSTRAINT mailing_rules_once CHECK (
       id = 1 AND most BETWEEN 1 AND 50 AND days BETWEEN 1 AND 90 AND confirms IN ('country', 'always'))""",
    """CREATE TRIGGER consent_change_is_never_changed BEFORE UPDATE ON consent_change
       FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    "CREATE INDEX mailing_contact_agreed ON mailing_contact USING gin (agreed)",
    "CREATE VIEW campaigns_contacts AS SELECT id, email, agreed, unreachable_at FROM mailing_contact",
    """ALTER TABLE campaign ADD CONSTRAINT campaign_is_possible CHECK (
       state IN ('draft', 'scheduled', 'sending', 'stopped', 'sent') AND kind IN ('news', 'tips')
       AND holdout BETWEEN 0 AND 50 AND per_minute BETWEEN 1 AND 10000
       AND (state = 'scheduled') = (scheduled_at IS NOT NULL AND started_at IS NULL)
       AND (state IN ('draft', 'scheduled')) = (started_at IS NULL)
       AND (state = 'sent') = (ended_at IS NOT NULL))""",
    "CREATE INDEX campaign_newest ON campaign (created_at DESC, id DESC)",
    "CREATE INDEX campaign_at_work ON campaign (scheduled_at) WHERE state IN ('scheduled', 'sending')",
    "CREATE UNIQUE INDEX campaign_recipient_once ON campaign_recipient (campaign, contact)",
    """CREATE INDEX campaign_recipient_waiting ON campaign_recipient (campaign, id)
       WHERE outcome = '' AND NOT is_holdout""",
    "CREATE INDEX campaign_recipient_written ON campaign_recipient (contact, settled_at) WHERE outcome = 'written'",
    """ALTER TABLE campaign_recipient ADD CONSTRAINT campaign_recipient_is_settled CHECK (
       (outcome = '') = (settled_at IS NULL) AND NOT (is_holdout AND outcome <> '')
       AND outcome IN ('', 'written', 'withdrawn', 'unreachable', 'forgotten', 'capped', 'failed'))""",
    "CREATE VIEW campaigns_people AS SELECT id, email, erased_at FROM person",
    "CREATE VIEW campaigns_memberships AS SELECT holder, source, starts_at, ends_at FROM membership",
    "CREATE VIEW campaigns_benefit_uses AS SELECT person, regular, paid, currency FROM benefit_use",
    """CREATE VIEW campaigns_orders AS
       SELECT id, person, email, placed_at, total, currency FROM orders WHERE paid_at IS NOT NULL""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
