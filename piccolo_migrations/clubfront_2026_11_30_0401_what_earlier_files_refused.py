"""Who said no to marketing in a file brought in before consents were kept has said no here too."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T02:00:00:000401"
VERSION = "1.38.0"
DESCRIPTION = "What earlier files refused"

STATEMENTS = (
    """INSERT INTO mailing_contact (id, email, agreed, created_at, unreachable_why, unreachable_words)
       SELECT gen_random_uuid(), p.email, '{}', o.imported_at, '', ''
       FROM old_customer o JOIN person p ON p.id = o.person
       WHERE o.consent = 'no' AND p.email <> '' AND p.erased_at IS NULL ON CONFLICT (email) DO NOTHING""",
    """INSERT INTO consent_change (id, contact, kind, state, at, how, reason, run)
       SELECT gen_random_uuid(), m.id, 'news', 'withdrawn', o.imported_at, 'import', o.consent_words, o.run
       FROM old_customer o JOIN person p ON p.id = o.person JOIN mailing_contact m ON m.email = p.email
       WHERE o.consent = 'no' AND p.email <> '' AND p.erased_at IS NULL
         AND NOT EXISTS (SELECT FROM consent_change c WHERE c.contact = m.id AND c.kind = 'news')""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
