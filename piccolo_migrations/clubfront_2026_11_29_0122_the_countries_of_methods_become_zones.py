"""Countries that had the same delivery methods become one zone, in which just those methods are offered."""

from babel import Locale
from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-29T04:12:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "The countries of methods become zones"

_TERRITORIES = {code: name.replace("'", "''") for code, name in Locale("en").territories.items() if len(code) == 2}
_NAMES = ", ".join(f"('{code}', '{name}')" for code, name in sorted(_TERRITORIES.items()))

STATEMENTS = (
    """ALTER TABLE delivery_method ADD CONSTRAINT delivery_basis_is_known
       CHECK (basis IN ('flat', 'price', 'weight') AND heaviest > 0)""",
    "ALTER TABLE delivery_band ADD CONSTRAINT delivery_band_is_a_step CHECK (at_least > 0 AND fee >= 0)",
    "CREATE UNIQUE INDEX one_rest_of_the_world ON delivery_zone (is_rest) WHERE is_rest",
    f"""CREATE TABLE zone_before AS
        WITH offered AS (SELECT DISTINCT c.country, m.id AS method
          FROM delivery_method m, unnest(m.countries) c(country) WHERE m.ended_at IS NULL),
        alike AS (SELECT country, array_agg(method ORDER BY method) AS methods FROM offered GROUP BY country),
        named (code, name) AS (VALUES {_NAMES})
        SELECT gen_random_uuid() AS id, methods, array_agg(country ORDER BY country) AS countries,
          array_agg(coalesce(name, country) ORDER BY name) AS names
        FROM alike LEFT JOIN named ON code = country GROUP BY methods""",
    """INSERT INTO delivery_zone (id, name, is_rest, made_at)
       SELECT id, left(CASE WHEN cardinality(names) <= 3 THEN array_to_string(names, ', ')
         ELSE names[1] || ', ' || names[2] || ' and ' || cardinality(names) - 2 || ' more' END, 100), false, now()
       FROM zone_before""",
    """INSERT INTO zone_place (id, zone, country, region)
       SELECT gen_random_uuid(), id, unnest(countries), '' FROM zone_before""",
    """INSERT INTO method_zone (id, method, zone)
       SELECT gen_random_uuid(), unnest(methods), id FROM zone_before""",
    "DROP TABLE zone_before",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
