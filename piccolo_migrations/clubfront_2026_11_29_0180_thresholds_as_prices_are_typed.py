"""Thresholds were typed before tax. Where prices include tax they become the amounts that customers read until now."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-29T16:00:00:000180"
VERSION = "1.38.0"
DESCRIPTION = "Thresholds as prices are typed"

SETTING = "coalesce((SELECT value FROM shop_setting WHERE name = '{0}' ORDER BY at DESC, id DESC LIMIT 1), '{1}')"
RATE = (
    "(SELECT rate_bp FROM tax_rate WHERE country = " + SETTING.format("country", "GB") + " AND region = {region} "
    "AND category = 'standard' AND from_at <= now() AND (until_at IS NULL OR until_at > now()){more} "
    "ORDER BY from_at DESC LIMIT 1)"
)
REGION = SETTING.format("tax_region", "")
PLACE = {"region": f"nullif({REGION}, '')"}
COUNTRY = RATE.format(region="''", more="")
IN_PRICES = (
    f"(CASE WHEN {SETTING.format('prices_include_tax', 'yes')} <> 'yes' OR {SETTING.format('small_business', 'no')} = "
    f"'yes' THEN 0 ELSE coalesce({RATE.format(**PLACE, more=' AND NOT is_added')}, "
    f"coalesce({COUNTRY}, 0) + coalesce({RATE.format(**PLACE, more=' AND is_added')}, 0)) END)"
)
WITH_TAX = "(({0}) * (10000 + {1}) + 9999) / 10000"
FROM = "(settings->>'threshold')::bigint"

STATEMENTS = (
    f"UPDATE delivery_method SET free_from = {WITH_TAX.format('free_from', IN_PRICES)} WHERE free_from IS NOT NULL",
    f"UPDATE delivery_band b SET at_least = {WITH_TAX.format('at_least', IN_PRICES)} "
    "FROM delivery_method m WHERE m.id = b.method AND m.basis = 'price'",
    "UPDATE benefit_version v SET settings = jsonb_set(settings::jsonb, '{threshold}', "
    f"to_jsonb({WITH_TAX.format(FROM, IN_PRICES)}))::json FROM benefit b "
    f"WHERE b.id = v.benefit AND b.kind = 'free_delivery' AND {FROM} > 0",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
