"""Everything that is kept of a person: declared column by column, copied, and gone after an erasure."""

import io
import zipfile
from datetime import timedelta

from components import worker
from components.foundation import clock, database
from components.foundation.personal_data import data_retention, data_tables
from components.foundation.personal_data.data_tables import DataTable
from components.people.privacy import erasure
from tests.support import canary_rows, people
from tests.support.shops import Shop

_COLUMNS = """
SELECT c.table_name, c.column_name, c.udt_name FROM information_schema.columns c
JOIN information_schema.tables t USING (table_schema, table_name)
WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.table_name <> 'migration'"""
_TO_PEOPLE = """
SELECT conrelid::regclass::text AS of_table, attname AS of_column FROM pg_constraint
JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
WHERE contype = 'f' AND confrelid = 'person'::regclass"""
MAY_NAME_SOMEBODY = {"text", "varchar", "json", "jsonb", "bytea", "_text", "_varchar"}
NAMES_OF_OWNERS = {"person", "person_id", "payer", "holder", "buyer", "redeemed_by"}


def _said() -> dict[str, DataTable]:
    return {table.table: table for table in data_tables.declared()}


async def test_every_column_says_what_becomes_of_it(db: None) -> None:
    """Words, JSON and bytes may name somebody, whatever they are called: they are never merely plain."""
    there = {(row["table_name"], row["column_name"]): row["udt_name"] for row in await database.fetch(_COLUMNS)}
    said = [(table.table, name) for table in data_tables.declared() for name in table.columns()]
    assert sorted(set(there) - set(said)) == [], "say in the component's personal.py what becomes of these"
    assert sorted(set(said) - set(there)) == [] and len(said) == len(set(said))
    wrong = []
    for table in data_tables.declared():
        kinds = {name: there[table.table, name] for name in table.columns()}
        wrong += [f"{table.table}.{name} is words, not plain" for name in table.columns("plain") if kinds[name] in
                  MAY_NAME_SOMEBODY]  # fmt: skip
        wrong += [f"{table.table}.{name} may hold anything" for name in table.columns("codes") if kinds[name] in
                  {"json", "jsonb", "bytea"}]  # fmt: skip
        wrong += [f"{table.table}.{name} is somebody's" for name in table.columns("plain", "codes", "shops") if name in
                  NAMES_OF_OWNERS]  # fmt: skip
        if table.columns("personal", "secret") and not table.erased:
            wrong.append(f"{table.table}: who erases it?")
        if table.columns("kept", "sealed") and not table.why:
            wrong.append(f"{table.table}: why is it kept, and how long?")
        if bool(table.rows) != bool(table.title):
            wrong.append(f"{table.table}: a copy has both rows and a title")
        if table.columns("personal") and not table.rows and table.table != "parked_job":
            wrong.append(f"{table.table}: not in a person's copy")
        wrong += [f"{table.table}: nothing runs {period.task or period.words}" for period in table.periods
                  if not period.sql and period.task not in dict(map(reversed, worker.TIMETABLE))]  # fmt: skip
    for row in await database.fetch(_TO_PEOPLE):
        of = _said()[row["of_table"]]
        if row["of_column"] not in of.columns("pointer", "staff"):
            wrong.append(f"{of.table}.{row['of_column']} points at a person")
    assert wrong == []


async def _left(canaries: dict[str, str]) -> set[str]:
    """Where any of these is found: the column it was put into, whichever it is in now."""
    found = set()
    for name in {row["table_name"] for row in await database.fetch(_COLUMNS)}:
        for row in await database.fetch(f'SELECT to_jsonb(t)::text AS whole FROM "{name}" t'):
            whole = row["whole"].lower()
            found |= {where for where, canary in canaries.items() if canary in whole or canary.encode().hex() in whole}
    return found


async def test_canaries_in_every_column_are_copied_and_then_gone(shop: Shop) -> None:
    person = await people.customer("zq.canary@example.org", name="Zenobia")
    canaries = await canary_rows.plant(person.id, person.email)
    said = _said()

    def of(*groups: str) -> set[str]:
        parted = {where: where.removesuffix("#2").split(".") for where in canaries}
        return {where for where, (table, column) in parted.items() if column in said[table].columns(*groups)}

    expected = {f"{name}.{column}" for name, table in said.items() if table.rows
                for column in table.columns("personal", "kept", "secret")}  # fmt: skip
    assert expected - set(canaries) - canary_rows.ELSEWHERE == set(), "no canary in a column that can hold one"
    assert await _left(canaries) == set(canaries)

    browser = await shop.signed_in(person.email)
    copy = (await browser.client.get("/account/privacy/data.json")).text
    copied = {where for where, canary in canaries.items() if canary in copy or canary.encode().hex() in copy}
    assert sorted(of("personal", "kept") - copied) == [] and copied & of("secret", "sealed") == set()

    await people.customer("somebody.else@example.org")
    others = (await (await shop.signed_in("somebody.else@example.org")).client.get("/account/privacy/data.json")).text
    assert not [where for where, canary in canaries.items() if canary in others or canary.encode().hex() in others]

    packed = (await browser.client.get("/account/privacy/data.zip")).content
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.namelist()[:2] == ["index.html", "my-data.json"] and "tables/orders.csv" in archive.namelist()
        tables = "".join(archive.read(name).decode() for name in archive.namelist()[2:])
        page = archive.read("index.html").decode()
    for there in (tables, page):
        assert {where for where in of("personal", "kept") if canaries[where] not in there} == set()
        assert not any(canaries[where] in there for where in of("secret", "sealed")) and "argon2" not in there

    await erasure.erase(person.id)
    await shop.catch_up()
    left, may_stay = await _left({**canaries, "their e-mail": person.email}), of("kept", "sealed")
    assert (sorted(left - may_stay), sorted(may_stay - left)) == ([], [])

    clock.set_everywhere(clock.now() + timedelta(days=1100))
    await data_retention.drop_what_is_over()
    assert may_stay - await _left(canaries) == {"trial.email_key", "trial.card"}
