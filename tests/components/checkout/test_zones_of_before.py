"""The migration to zones: every country keeps exactly the methods that it had."""

from importlib import import_module

import pytest

from components.foundation import database

MIGRATION = import_module("piccolo_migrations.clubfront_2026_11_29_0122_the_countries_of_methods_become_zones")
BEFORE = {"Standard": "GB", "Express": "GB", "World": "GB DE FR US", "Europe": "DE FR", "Ended": "GB ES", "Idle": ""}
_METHODS = """INSERT INTO delivery_method (id, name, words, fee, basis, position, ended_at, countries)
VALUES (gen_random_uuid(), $1::text, '', 100, 'flat', 0, CASE WHEN $1::text = 'Ended' THEN now() END, $2)"""
_AFTER = """
SELECT m.name, string_agg(p.country, ' ' ORDER BY p.country) AS countries FROM delivery_method m
JOIN method_zone z ON z.method = m.id JOIN zone_place p ON p.zone = z.zone GROUP BY m.name"""


class _Undone(Exception):
    pass


@pytest.mark.usefixtures("db")
async def test_countries_of_methods_become_zones() -> None:
    with pytest.raises(_Undone):
        async with database.transaction():
            await database.execute("ALTER TABLE delivery_method ADD COLUMN countries varchar(2)[]")
            for name, countries in BEFORE.items():
                await database.execute(_METHODS, name, countries.split())
            moving = [one for one in MIGRATION.STATEMENTS if not one.startswith(("ALTER", "CREATE UNIQUE"))]
            for statement in moving:
                await database.execute(statement)
            after = {row["name"]: row["countries"] for row in await database.fetch(_AFTER)}
            wanted = {name: " ".join(sorted(codes.split())) for name, codes in BEFORE.items() if codes}
            assert after == {name: codes for name, codes in wanted.items() if name != "Ended"}
            zones = await database.fetch("SELECT name, is_rest FROM delivery_zone ORDER BY name")
            assert [row["name"] for row in zones] == ["France, Germany", "United Kingdom", "United States"]
            raise _Undone
