"""The doctor writes, reads, lists and deletes a small object in each bucket, and says in a sentence what is wrong."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from components.foundation import settings
from components.foundation.operations import bucket_check
from components.foundation.operations.doctor import Finding
from tests.support import object_store
from tests.support.object_store import ObjectStore

WRONG: tuple[tuple[dict[str, str], dict[str, Any], str], ...] = (
    ({"KEY": "another"}, {}, "The key’s secret is wrong: correct PICTURES_KEY."),
    ({"KEY_ID": "ANOTHER"}, {}, "The service does not know the key: correct PICTURES_KEY_ID."),
    ({"REGION": "us-east-1"}, {"region": "eu-central-1"}, "is in another region: correct PICTURES_REGION."),
    ({"TO": "s3://nowhere/of-ours"}, {"only": "shop"}, "no bucket of this name: create it, or correct PICTURES_TO."),
    ({}, {"forbidden": frozenset({"PUT"})}, "The key may not write into it"),
    ({}, {"forbidden": frozenset({"GET"})}, "The key may not read from it"),
    ({}, {"forbidden": frozenset({"LIST"})}, "The key may not list what is in it"),
    ({}, {"forbidden": frozenset({"DELETE"})}, "The key may not delete what is in it"),
    ({"ENDPOINT": "http://127.0.0.1:9"}, {}, "http://127.0.0.1:9 does not answer. Check PICTURES_ENDPOINT"),
)


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ObjectStore]:
    monkeypatch.setattr(bucket_check, "RETRIES", 0)
    with object_store.serving(tmp_path / "s3") as store:
        for name in ("PICTURES", "BACKUP"):
            use(monkeypatch, name, TO="s3://shop/of-ours", ENDPOINT=store.address, REGION="us-east-1",
                KEY_ID=object_store.KEY_ID, KEY=object_store.KEY)  # fmt: skip
        yield store
    settings.current.cache_clear()


def use(monkeypatch: pytest.MonkeyPatch, name: str, **given: str) -> None:
    for rest, value in given.items():
        monkeypatch.setenv(f"{name}_{rest}", value)
    settings.current.cache_clear()


async def found() -> list[Finding]:
    return [finding async for finding in bucket_check.examine()]


async def test_what_works_is_said_and_nothing_is_left_behind(served: ObjectStore) -> None:
    pictures, backups = await found()
    assert pictures.is_well and backups.is_well and pictures.words.endswith("s3://shop/of-ours")
    assert not served.names("shop") and not served.refused


async def test_each_thing_that_is_wrong_is_a_sentence_of_its_own(
    served: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = {"TO": "s3://shop/of-ours", "REGION": "us-east-1", "KEY_ID": object_store.KEY_ID, "KEY": object_store.KEY}
    for given, faults, words in WRONG:
        use(monkeypatch, "PICTURES", **{**usual, "ENDPOINT": served.address, **given})
        for name, value in {"region": "", "only": "", "forbidden": frozenset(), **faults}.items():
            setattr(served, name, value)
        finding = (await found())[0]
        assert not finding.is_well and words in finding.words, finding.words
        assert "Debug" not in finding.words and object_store.KEY not in finding.words
        if served.forbidden != {"DELETE"}:
            assert not served.names("shop"), words
        shutil.rmtree(served.folder, ignore_errors=True)


async def test_a_bucket_that_never_answers_is_given_up(served: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bucket_check, "PATIENCE_SECONDS", 0.2)
    monkeypatch.setattr(bucket_check, "REQUEST", timedelta(seconds=30))
    served.is_silent = True
    assert [finding.is_well for finding in await found()] == [False, False]
    assert "does not answer" in (await found())[0].words


async def test_no_bucket_is_no_finding(db: None) -> None:
    assert await found() == []
