"""An upgrade is tried on a copy first and can be undone; a shop is packed, unpacked elsewhere, and served there."""

import asyncio
from pathlib import Path

import asyncpg
import httpx

from components.foundation.database import embedded
from components.foundation.operations import table_sums
from tests.operate.served import ENDURANCE, Served

LAST = "2026-11-29T15:30:00:000193"
"""The migration that this test takes back: its objects are made by hand or not, so that it fails or works."""
FORGET = f"DELETE FROM migration WHERE name = '{LAST}'"
REMOVE = (
    "ALTER TABLE moved_shop DROP CONSTRAINT moved_shop_is_one",
    "DROP TRIGGER moved_shop_is_told ON moved_shop",
    "DROP FUNCTION tell_of_moved_shop()",
    "ALTER TABLE kept_backup DROP CONSTRAINT kept_backup_proven_when_tried",
    "DELETE FROM figure_state",
)
PASSPHRASE = "the move of the whole shop"


def rows(data: Path, *statements: str) -> table_sums.Sums:
    """What is in the stopped shop, after these statements."""

    async def execute(dsn: str) -> None:
        connection = await asyncpg.connect(dsn)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    dsn = embedded.start(data)
    try:
        asyncio.run(execute(dsn))
        return table_sums.of(dsn)
    finally:
        embedded.stop(data)


@ENDURANCE
def test_a_shop_moves_and_sells_in_one_place_only(unserved: Served, folder: Path) -> None:
    file, there = folder / "moving.sealed.tar", Served(folder / "there" / "data")
    there.data.mkdir(parents=True)
    unserved.start()
    given = {"CLUBFRONT_PASSPHRASE": PASSPHRASE, "SMTP_URL": "smtp://shop:hunter2@mail.test:587"}
    assert "Stop it before packing it" in unserved.command("move", "pack", str(file), also=given).stderr
    unserved.stop()
    packed = unserved.command("move", "pack", str(file), also=given)
    assert packed.returncode == 0, packed.stderr

    unserved.start()
    gone = httpx.get(f"{unserved.address}/products/mug")
    assert gone.status_code == 503 and "We have moved" in gone.text and gone.headers["retry-after"] == "600"
    for path in ("/", "/staff", "/sign-in", "/api/v1/products", "/hooks/stripe", "/basket"):
        assert httpx.post(f"{unserved.address}{path}").status_code == 503, path
    assert httpx.get(f"{unserved.address}/health/live").status_code == 200
    unserved.stop()
    assert "was packed to be served elsewhere" in unserved.command("worker").stderr

    came = there.command("move", "unpack", str(file), also={"CLUBFRONT_PASSPHRASE": PASSPHRASE})
    assert came.returncode == 0, came.stderr
    again = there.command("move", "unpack", str(file), also={"CLUBFRONT_PASSPHRASE": PASSPHRASE})
    assert again.returncode == 1 and "is not empty" in again.stderr
    said = there.data / "settings-of-the-former-place.env"
    assert "SMTP_URL=smtp://shop:hunter2@mail.test:587" in said.read_text() and said.stat().st_mode & 0o077 == 0
    for secret in ("secret-key", "install-id"):
        assert (there.data / secret).read_text() == (unserved.data / secret).read_text()
    there.start()
    try:
        assert httpx.get(f"{there.address}/products/mug").status_code == 200
    finally:
        there.stop()
    stayed = unserved.command("move", "stay", given="y\n")
    assert "may be served here again" in stayed.stdout


def test_an_upgrade_that_fails_on_the_copy_leaves_the_shop_as_it_was(unserved: Served) -> None:
    """From here on the shop is one migration behind."""
    before = rows(unserved.data, FORGET)
    refused = unserved.command("upgrade")
    assert refused.returncode == 1 and "The rehearsal failed, and nothing of the shop was changed" in refused.stderr
    assert "already exists" in refused.stderr
    assert rows(unserved.data) == before, "the real one is untouched"


@ENDURANCE
def test_an_upgrade_is_done_and_undone(unserved: Served) -> None:
    before = rows(unserved.data, FORGET, *REMOVE)
    done = unserved.command("upgrade")
    assert done.returncode == 0 and "The database is up to date" in done.stdout, done.stderr
    assert "nobody can use: kept_backup, moved_shop." in done.stdout
    after = rows(unserved.data)
    assert after["migration"][0] == before["migration"][0] + 1
    assert after["figure_state"][0] == 1, "figures are added up before the shop is opened"
    undone = unserved.command("upgrade", "--undo", "--yes")
    assert undone.returncode == 0 and "Install the version it had before" in undone.stdout, undone.stderr
    assert rows(unserved.data) == before
    assert unserved.command("upgrade", "--undo", "--yes").returncode == 1, "it is undone"
