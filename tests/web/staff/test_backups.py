"""Staff see how backups are; only an owner who has confirmed that it is them gets one."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from components.foundation import clock, database, ids, settings
from components.keeping import backup_store, kept_backups
from components.keeping.tables import KeptBackup
from tests.components.keeping.test_backup_store import use
from tests.conftest import NOON
from tests.support import people
from tests.support.shops import Shop


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    use(monkeypatch, BACKUP_TO=str(tmp_path / "kept"))
    yield tmp_path / "kept"
    settings.current.cache_clear()


async def made(place: Path, content: str = "a whole shop", **how: object) -> KeptBackup:
    name = backup_store.name_at(clock.now(), is_sealed=False)
    place.mkdir(exist_ok=True)
    (place / name).write_text(content)
    row = KeptBackup(id=ids.new(), name=name, place=str(place), begun_at=NOON,
                     ended_at=NOON, size=len(content), proof_failure="", failure="")  # fmt: skip
    given = {"proven_at": NOON, "tried_at": NOON, "proven_rows": 1234, "proof_seconds": 3} | how
    for field, value in given.items():
        setattr(row, field, value)
    await row.save()
    return row


async def test_a_shop_that_makes_no_backups_does_not_say_it_does(shop: Shop) -> None:
    await people.owner("iris@kiln.test")
    seen = await (await shop.signed_in("iris@kiln.test")).get("/staff/backups")
    assert "The shop makes no backups by itself" in seen.words and "The whole shop is saved" not in seen.words


async def test_staff_see_when_a_backup_was_last_proven(shop: Shop, place: Path) -> None:
    await people.owner("iris@kiln.test")
    await people.staff("sam@kiln.test", ["settings"])
    await people.staff("ada@kiln.test", ["orders"])
    await made(place)
    sam, iris = await shop.signed_in("sam@kiln.test"), await shop.signed_in("iris@kiln.test")
    seen = await sam.get("/staff/backups")
    assert "The whole shop is saved each night" in seen.words
    assert "All is well" in seen.words and "1,234 rows restored in 3 s" in seen.words and str(place) in seen.words
    assert "Back up now" not in seen.words and "/file" not in seen.text
    assert (await (await shop.signed_in("ada@kiln.test")).get("/staff/backups")).status == 403
    assert (await sam.post("/staff/backups")).status == 403
    assert "need your attention" not in (await iris.get("/staff")).words
    assert "Back up now" in (await iris.get("/staff/backups")).words


async def test_a_backup_in_trouble_is_an_alarm_everywhere(
    shop: Shop, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from components.foundation.database import migrations

    monkeypatch.setattr(migrations, "known", lambda: set())
    await people.owner("iris@kiln.test")
    await made(place)
    iris, program = await shop.signed_in("iris@kiln.test"), shop.browser()
    assert (await program.client.get("/health/ready")).json()["backups"] == "well"
    clock.set_everywhere(NOON + timedelta(hours=31))
    ready = (await program.client.get("/health/ready")).json()
    assert (ready["status"], ready["backups"]) == ("ready", "need attention")
    await database.execute("UPDATE kept_backup SET proof_failure = 'shop.tar is damaged.'")
    for path in ("/staff", "/staff/backups"):
        seen = await iris.get(path)
        assert "The newest backup is of" in seen.words and "shop.tar is damaged." in seen.words, path
    assert "Could not be restored" in seen.words


async def test_back_up_now_is_one_job(shop: Shop, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await people.owner("iris@kiln.test")
    iris = await shop.signed_in("iris@kiln.test")
    assert "A backup is being made" in (await iris.post("/staff/backups")).words
    assert "is being made already" in (await iris.post("/staff/backups")).words
    waiting = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = $1"
    assert await database.fetch_value(waiting, kept_backups.TASK) == 1
    use(monkeypatch, BACKUP_TO="")
    assert "No place is set" in (await iris.post("/staff/backups")).words
    assert "Set BACKUP_TO to a folder" in (await iris.get("/staff/backups")).words


async def test_only_an_owner_who_has_confirmed_gets_the_file(shop: Shop, place: Path) -> None:
    await people.owner("iris@kiln.test")
    await people.staff("sam@kiln.test", ["settings"])
    row = await made(place)
    path, iris = f"/staff/backups/{row.id}/file", await shop.signed_in("iris@kiln.test")
    assert (await (await shop.signed_in("sam@kiln.test")).post(path)).status == 403
    clock.set_everywhere(NOON + timedelta(minutes=30))
    asked = await iris.post(path)
    assert asked.status == 403 and "Confirm that it" in asked.words
    given = await iris.client.post(path, data={"confirm_by": "password", "confirm_password": "kiln-demo"})
    assert given.text == "a whole shop" and row.name in given.headers["content-disposition"]
    events = await database.fetch("SELECT detail FROM security_event WHERE kind = 'export'")
    assert [event["detail"] for event in events] == [row.name]
    (place / row.name).unlink()
    assert (await iris.post(path)).status == 503
    await database.execute("UPDATE kept_backup SET size = 200000000")
    assert (await iris.post(path)).status == 413
    await database.execute("UPDATE kept_backup SET deleted_at = begun_at")
    assert (await iris.post(path)).status == 404
