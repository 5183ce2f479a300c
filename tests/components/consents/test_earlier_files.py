"""Who said no to marketing in a file of before consents were kept has said it here, once, and nobody else has."""

from importlib import import_module
from uuid import UUID

from components.consents import consents
from components.foundation import clock, database, ids
from tests.support import people

MIGRATION = import_module("piccolo_migrations.clubfront_2026_11_30_0401_what_earlier_files_refused")
_BROUGHT = """INSERT INTO old_customer (id, person, run, file, made_person, consent, consent_words, tags, note,
  leftover, imported_at) VALUES ($1, $2, $3, 'a.csv', true, $4, $5, '{}', '', '{}', $6)"""


async def brought(name: str, consent: str) -> UUID:
    person = (await people.customer(f"{name}@kiln.test")).id
    await database.execute(_BROUGHT, ids.new(), person, ids.new(), consent, f"says {consent}", clock.now())
    return person


async def test_a_no_of_an_earlier_file_is_kept_once_and_for_nobody_else(db: None) -> None:
    for name, consent in (("no", "no"), ("yes", "yes"), ("silent", ""), ("erased", "no"), ("since", "no")):
        await brought(name, consent)
    await database.execute("UPDATE person SET erased_at = $1 WHERE email = 'erased@kiln.test'", clock.now())
    since = await database.fetch_value("SELECT id FROM person WHERE email = 'since@kiln.test'")
    await consents.agree("since@kiln.test", ("news",), how="own page", person_id=since)
    for _ in range(2):
        for statement in MIGRATION.STATEMENTS:
            await database.execute(statement)
    rows = await database.fetch_rows(
        """SELECT m.email, c.kind, c.state, c.how, c.reason FROM consent_change c JOIN mailing_contact m
           ON m.id = c.contact ORDER BY m.email"""
    )
    assert rows == [
        ("no@kiln.test", "news", "withdrawn", "import", "says no"),
        ("since@kiln.test", "news", "given", "own page", ""),
    ], "what they said here since counts"
    assert await database.fetch_values("SELECT email FROM mailing_contact ORDER BY 1") == [
        "no@kiln.test", "since@kiln.test",
    ]  # fmt: skip
