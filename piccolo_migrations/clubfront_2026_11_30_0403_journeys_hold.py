"""What Piccolo cannot express of journeys: checks, indexes, what they read; and campaigns so far are written down."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T02:00:00:000403"
VERSION = "1.38.0"
DESCRIPTION = "Journeys hold"

STATEMENTS = (
    """ALTER TABLE journey ADD CONSTRAINT journey_is_possible CHECK (
       state IN ('draft', 'running', 'paused', 'ended') AND kind IN ('news', 'tips')
       AND entry IN ('welcome', 'unused', 'renewal', 'payment_failed', 'lapsed', 'birthday')
       AND days BETWEEN 0 AND 400 AND holdout BETWEEN 0 AND 50
       AND (state = 'draft') = (running_since IS NULL) AND (state = 'ended') = (ended_at IS NOT NULL))""",
    "CREATE INDEX journey_newest ON journey (created_at DESC, id DESC)",
    """ALTER TABLE journey_step ADD CONSTRAINT journey_step_is_possible CHECK (
       kind IN ('wait', 'condition', 'email') AND (kind = 'wait') = (hours > 0)
       AND (kind = 'condition') = (condition <> '') AND (segment IS NOT NULL) = (condition = 'segment')
       AND condition IN ('', 'ordered', 'not_ordered', 'used', 'not_used', 'member', 'not_member', 'segment')
       AND late_days BETWEEN 1 AND 60)""",
    "CREATE UNIQUE INDEX journey_entry_once ON journey_entry (journey, person, occasion)",
    """CREATE INDEX journey_entry_due ON journey_entry (journey, due_at, id)
       WHERE outcome = '' AND NOT is_holdout""",
    "CREATE INDEX journey_entry_at ON journey_entry (journey, entered_at)",
    "CREATE INDEX journey_entry_step ON journey_entry (step) WHERE step IS NOT NULL",
    """ALTER TABLE journey_entry ADD CONSTRAINT journey_entry_is_somewhere CHECK (
       (outcome = '') = (settled_at IS NULL)
       AND (due_at IS NOT NULL) = (outcome = '' AND NOT is_holdout) AND NOT (is_holdout AND outcome <> '')
       AND outcome IN ('', 'finished', 'unfit', 'condition', 'withdrawn', 'unreachable', 'forgotten'))""",
    "CREATE UNIQUE INDEX journey_send_once ON journey_send (step, entry)",
    "CREATE INDEX journey_send_written ON journey_send (contact, at) WHERE outcome = 'written'",
    """ALTER TABLE journey_send ADD CONSTRAINT journey_send_is_settled CHECK (
       outcome IN ('written', 'late', 'capped', 'failed') AND (outcome <> 'written' OR contact IS NOT NULL))""",
    """CREATE OR REPLACE VIEW campaigns_memberships AS
       SELECT holder, source, starts_at, ends_at, id, source_id FROM membership""",
    """CREATE VIEW campaigns_seats AS
       SELECT id, holder, source_id, ended_at FROM seat WHERE holder IS NOT NULL""",
    """CREATE OR REPLACE VIEW campaigns_benefit_uses AS
       SELECT person, regular, paid, currency, at, reference FROM benefit_use""",
    """CREATE OR REPLACE VIEW campaigns_orders AS
       SELECT id, person, email, placed_at, total, currency, paid_at FROM orders WHERE paid_at IS NOT NULL""",
    "CREATE OR REPLACE VIEW campaigns_people AS SELECT id, email, erased_at, birthday FROM person",
    """CREATE OR REPLACE VIEW campaigns_contacts AS
       SELECT id, email, agreed, unreachable_at, unreachable_why FROM mailing_contact""",
    """CREATE VIEW campaigns_subscriptions AS
       SELECT id, payer, status, current_period_start, current_period_end, past_due_since, cancel_at, ended_at
       FROM subscription""",
    "CREATE VIEW campaigns_emails AS SELECT key, sent_at, failed_at FROM email",
    "CREATE VIEW campaigns_consent_changes AS SELECT contact, kind, state, at, how FROM consent_change",
    """CREATE VIEW campaigns_reward_uses AS
       SELECT person, claimed_at AS at FROM gift WHERE claimed_at IS NOT NULL
       UNION ALL SELECT person, claimed_at FROM partner_code WHERE person IS NOT NULL
       UNION ALL SELECT person, at FROM perk_use WHERE undone_at IS NULL""",
    "CREATE INDEX gift_claimed ON gift (claimed_at) WHERE claimed_at IS NOT NULL",
    "CREATE INDEX gift_claimed_by ON gift (person, claimed_at) WHERE claimed_at IS NOT NULL",
    "CREATE INDEX partner_code_claimed ON partner_code (claimed_at) WHERE person IS NOT NULL",
    "CREATE INDEX partner_code_claimed_by ON partner_code (person, claimed_at) WHERE person IS NOT NULL",
    "CREATE INDEX perk_use_at ON perk_use (at) WHERE undone_at IS NULL",
    """CREATE INDEX membership_ended_on ON membership (ends_at, holder)
       WHERE ends_at IS NOT NULL AND source <> 'free'""",
    """CREATE INDEX subscription_renewing ON subscription (current_period_end)
       WHERE status = 'active' AND cancel_at IS NULL""",
    "CREATE INDEX subscription_past_due ON subscription (past_due_since) WHERE status = 'past_due'",
    """CREATE INDEX person_birthday ON person (extract(month FROM birthday), extract(day FROM birthday))
       WHERE birthday IS NOT NULL""",
    "UPDATE campaign SET fixed_at = started_at WHERE started_at IS NOT NULL",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
