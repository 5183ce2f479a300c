"""A database that is up to date is seen to be so without reading the migrations."""

import sys

import pytest

from components.foundation import database
from components.foundation.database import migrations

pytestmark = pytest.mark.usefixtures("db")


async def test_a_database_that_is_up_to_date_costs_a_start_no_reading_of_migrations() -> None:
    await database.execute("CREATE TABLE IF NOT EXISTS migration (name text, app_name text)")
    known = sorted(migrations.known())
    await database.execute("INSERT INTO migration (name, app_name) SELECT unnest($1::text[]), 'clubfront'", known)
    read = "piccolo.apps.migrations.commands.forwards"
    sys.modules.pop(read, None)
    assert await migrations.apply() == 0
    assert read not in sys.modules
