"""Copies of benefits that were made before say what they were made from, as those that are made now do."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T18:30:00:000576"
VERSION = "1.38.0"
DESCRIPTION = "What copies of before were made from"

STATEMENTS = (
    # What a variant gives now, and what it gave before it was raised; in place of what, and from which of the shop's.
    """UPDATE benefit b SET made_from = known.sources FROM (
         SELECT t.benefit, array_agg(DISTINCT s.source) AS sources
         FROM (SELECT id AS variant, benefit FROM plan_variant
           UNION SELECT m.variant, e.benefit FROM membership m JOIN entitlement e ON e.membership = m.id
             JOIN benefit x ON x.id = e.benefit AND x.is_tried WHERE m.variant IS NOT NULL) t
         JOIN plan_variant w ON w.id = t.variant
         CROSS JOIN LATERAL (SELECT unnest(w.without)
           UNION SELECT a.benefit FROM experiment_arm a JOIN plan_version v ON v.id = a.version
             WHERE v.variant = w.id AND a.benefit IS NOT NULL) s (source)
         WHERE s.source <> t.benefit GROUP BY t.benefit) known
       WHERE b.id = known.benefit AND b.is_tried AND b.made_from = '{}'""",
    # What became everybody's stands in place of what the experiment tried it against, for those who had that.
    """UPDATE benefit b SET made_from = known.sources FROM (
         SELECT p.benefit, array_agg(DISTINCT s.source) AS sources
         FROM experiment x JOIN experiment_arm a ON a.experiment = x.id AND a.position = x.chosen
         JOIN plan_version v ON v.id = a.version JOIN plan_variant w ON w.id = v.variant
         CROSS JOIN LATERAL unnest(w.without) p (benefit)
         CROSS JOIN LATERAL (SELECT w.benefit UNION SELECT x.benefit) s (source)
         WHERE x.state = 'decided' AND x.kind = 'benefits' AND p.benefit <> s.source
           AND p.benefit IS DISTINCT FROM x.benefit
           AND EXISTS (SELECT FROM plan_benefit o WHERE o.plan = w.plan AND o.benefit = p.benefit
             AND o.from_at >= x.decided_at AND o.from_at < x.decided_at + interval '1 minute')
         GROUP BY p.benefit) known
       WHERE b.id = known.benefit AND NOT b.is_tried AND b.made_from = '{}'""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
