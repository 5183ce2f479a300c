"""Files of pictures: streamed after the one rule said yes, kept by shared caches only when everybody may have them."""

from datetime import timedelta

import pytest

from components.content import article_editing
from components.content.article_editing import Draft
from components.foundation import clock, database
from tests.leaks import asking
from tests.leaks.asking import Address, Answer
from tests.leaks.conftest import Scene
from tests.leaks.matrix import DATED, SECOND
from tests.leaks.world import T, picture_name

FOR_EVER = "public, max-age=31536000, immutable"
ANNOUNCED = timedelta(days=30)


async def _picture(scene: Scene, name: str, key: str) -> Answer:
    return await asking.ask(scene.app, Address(f"/pictures/{picture_name(key)}-320.webp"), scene.personas[name].cookies)


async def test_what_some_see_early_is_kept_by_no_cache(scene: Scene) -> None:
    clock.set_everywhere(DATED["far"] - ANNOUNCED - SECOND)
    guests, members = await _picture(scene, "guest", "far"), await _picture(scene, "annual", "far")
    assert (guests.status, members.status) == (404, 200)
    assert members.headers["cache-control"] == "private, no-store"
    clock.set_everywhere(DATED["far"] - ANNOUNCED)
    guests, members = await _picture(scene, "guest", "far"), await _picture(scene, "annual", "far")
    assert guests.headers["cache-control"] == members.headers["cache-control"] == FOR_EVER


@pytest.mark.parametrize(("gate", "guest", "member"), [("public", 200, 200), ("members", 404, 200)])
async def test_the_journal_may_show_a_piece_ahead(scene: Scene, gate: str, guest: int, member: int) -> None:
    body = f"![](/pictures/{picture_name('buried')}-320.webp)"
    written = await article_editing.create(
        Draft(slug="ahead", title="Ahead", teaser="Soon.", body=body, gate=gate, published_at=T), by=None
    )
    try:
        found = [(await _picture(scene, name, "buried")).status for name in ("guest", "monthly")]
        clock.set_everywhere(T - SECOND)
        before = [(await _picture(scene, name, "buried")).status for name in ("guest", "monthly")]
    finally:
        await database.execute("DELETE FROM article WHERE id = $1", written)
    assert found == [guest, member] and before == [404, 404]


async def test_a_cover_is_for_everybody_who_sees_the_teaser(scene: Scene) -> None:
    written = await article_editing.create(
        Draft(slug="over", title="Over", teaser="Soon.", body="It.", gate="members", cover=picture_name("buried"),
              published_at=T), by=None,
    )  # fmt: skip
    try:
        assert (await _picture(scene, "guest", "buried")).status == 200
    finally:
        await database.execute("DELETE FROM article WHERE id = $1", written)


async def test_no_other_name_opens_anything(scene: Scene) -> None:
    for name in ("../secret.key", f"{picture_name('plain')}.webp", f"{picture_name('plain')}-999.webp"):
        assert (await asking.ask(scene.app, Address(f"/pictures/{name}"), "")).status == 404
