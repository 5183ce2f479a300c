"""Pictures of a shop on several machines, with a bucket that checks signatures."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from components.catalog.catalog_refusals import PictureNotKept
from components.catalog.pictures import picture_store, pictures
from components.foundation import database, settings
from components.foundation.database.notifications import listener
from tests.components.catalog.test_pictures import drawn
from tests.support import make_products, object_store
from tests.support.object_store import ObjectStore
from tests.support.shops import Shop

Machine = Callable[[str], Path]


@pytest.fixture
def bucket(tmp_path: Path) -> Iterator[ObjectStore]:
    (tmp_path / "objects").mkdir()
    with object_store.serving(tmp_path / "objects") as store:
        yield store


@pytest.fixture
def machine(bucket: ObjectStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    """From now on this process is that machine, with a data folder of its own; its pictures are here."""
    known = replace(
        settings.current(), pictures_to="s3://shop/own", pictures_endpoint=bucket.address,
        pictures_key_id=object_store.KEY_ID, pictures_key=object_store.KEY,
    )  # fmt: skip

    def become(name: str) -> Path:
        data = tmp_path / name
        data.mkdir(exist_ok=True)
        monkeypatch.setattr(settings, "current", lambda: replace(known, clubfront_data=data))
        return data / "pictures"

    picture_store._store.cache_clear()
    yield become
    picture_store._store.cache_clear()


async def until(is_so: Callable[[], bool]) -> None:
    for _ in range(500):
        if is_so():
            return
        await asyncio.sleep(0.02)
    raise TimeoutError


@pytest.mark.usefixtures("empty_shelves")
async def test_what_one_machine_was_given_another_one_has(machine: Machine, bucket: ObjectStore) -> None:
    here = machine("one")
    mug = await make_products.product("Moon mug")
    await pictures.upload(mug.id, drawn(), alt="")
    made = {path.name: path.read_bytes() for path in here.iterdir()}
    assert len(made) == 3 and len(bucket.names("shop")) == 3 and bucket.refused == 0

    there = machine("two")
    name = sorted(made)[0]
    found = await pictures.find_file(name)
    assert found == there / name and found.read_bytes() == made[name]
    assert await pictures.find_file("0" * 40 + "-640.webp") is None
    assert await pictures.find_file("../../secret-key") is None

    async with picture_store.in_step():  # a new machine gets all
        await until(lambda: {path.name for path in there.iterdir()} == set(made))
    assert {path.name: path.read_bytes() for path in there.iterdir()} == made


@pytest.mark.usefixtures("empty_shelves")
async def test_machines_hear_of_new_pictures_and_bring_along_what_they_had(
    machine: Machine, bucket: ObjectStore
) -> None:
    here = machine("one")
    here.mkdir()
    old, new = "a" * 40, "b" * 40
    (here / f"{old}-320.webp").write_bytes(b"from before there was a bucket")
    async with picture_store.in_step():
        try:
            await listener.start()
            await until(lambda: bucket.names("shop") == [f"own/{old}/320.webp"])
            bucket.path(f"shop/own/{new}").mkdir(parents=True)
            bucket.path(f"shop/own/{new}/640.webp").write_bytes(b"of another machine")
            await database.notify(picture_store.CHANNEL, new)
            await until(lambda: (here / f"{new}-640.webp").exists())
        finally:
            await listener.stop()


async def test_a_bucket_that_is_away_is_said_and_nothing_half_is_shown(
    shop: Shop, machine: Machine, bucket: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine("one")
    known = settings.current()
    monkeypatch.setattr(settings, "current", lambda: replace(known, pictures_key="another secret"))
    mug = await make_products.product("Moon mug")
    with pytest.raises(PictureNotKept):
        await pictures.upload(mug.id, drawn(), alt="")
    assert await pictures.of_products([mug.id]) == {} and bucket.names("shop") == []
    answer = await shop.browser().client.get(f"/pictures/{'c' * 40}-640.webp")
    assert answer.status_code == 503 and bucket.refused
