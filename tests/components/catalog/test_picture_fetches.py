"""Pictures named in an import are fetched by a job that asks nobody it should not, and says what it could not get."""

import asyncio
import sys
from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from benchmarks.pictures import FETCHING
from components.catalog.pictures import picture_fetcher, picture_fetches, pictures, public_hosts
from components.catalog.products import product_deletion
from components.catalog.snapshot import snapshot_refresh
from components.foundation import database, jobs
from components.foundation.operations import deletions
from tests.support import make_products, people, picture_server
from tests.support.cells import every_cell
from tests.support.picture_server import PictureServer

pytestmark = pytest.mark.usefixtures("empty_shelves")


@pytest.fixture
async def server() -> AsyncIterator[PictureServer]:
    async with picture_server.serving() as running:
        yield running


async def states() -> dict[str, tuple[str, str]]:
    """By the end of the address."""
    rows = await database.fetch_rows("SELECT address, state, why FROM picture_fetch")
    return {address.split("/", 3)[-1]: (state, why) for address, state, why in rows}


async def wait_over() -> None:
    """What was asked to wait has waited."""
    await database.execute("UPDATE picture_fetch SET next_at = now() WHERE state = 'waiting'")


async def test_good_pictures_are_shown_and_nobody_else_is_asked(server: PictureServer) -> None:
    """What a server answers × what becomes of it."""
    good = ["good/2", "slow/2", "redirect/2", "elsewhere/2", "odd/2", "busy/2", "flaky/2", "same/8", "good/2"]
    bad = {
        "lies/1": "no picture", "bomb/1": "no picture", "cut/1": "no picture", "missing/1": "not there",
        "huge/1": "10 MB", "endless/1": "10 MB", "chain/1": "more than 5 times", "inwards/1": "private",
        "file/1": "only http and https",
    }  # fmt: skip
    hosts = {"inside.test": "private", "half.test": "private", "ten.test": "private", "[::1]": "private",
             "169.254.169.254": "private", "0x7f.2": "private"}  # fmt: skip
    odd = {
        "ftp://pictures.test/a": "only http", "data:image/png;base64,AA": "only http", "nonsense": "only http",
        "http://pictures.test:25/a": "Port 25", "http://a:b@pictures.test/c": "name or password",
        "//pictures.test/d": "Port 443",
    }  # fmt: skip
    mug = await make_products.product("Moon mug")
    named = [server.address(path) for path in (*good, *bad)] + [server.address("x", host) for host in hosts]
    for address in (*named, *odd):
        await make_products.picture(mug.id, address, alt=address.split("/")[-1])
    for _ in range(3):  # whoever is asked to wait holds up others of that host
        await picture_fetcher.run(rules=server.rules())
        await wait_over()
    found = await states()
    assert {path: found[path][0] for path in good} == dict.fromkeys(good, "fetched")
    assert {path: (found[path][0], bad[path] in found[path][1]) for path in bad} == dict.fromkeys(
        bad, ("refused", True)
    )
    rows = dict(await database.fetch_rows("SELECT address, why FROM picture_fetch WHERE state = 'refused'"))
    wrong = {server.address("x", host): words for host, words in hosts.items()} | odd
    assert {address: words for address, words in wrong.items() if words not in rows[address]} == {}
    assert server.inside == 0
    assert server.most <= picture_fetcher.OF_A_HOST
    assert server.asked["slow/2"] == 1
    assert all("Kiln" in agent and "http://shop.test" in agent for agent in server.agents)
    await snapshot_refresh.catch_up([mug.id])
    shown = snapshot_refresh.snapshot().product("moon-mug").pictures_here  # type: ignore[union-attr]
    assert [one.alt for one in shown] == [path.split("/")[1] for path in good]
    assert len({one.path for one in shown}) == 2
    assert all(pictures.file_path(f"{one.path}-{one.width}.webp") for one in shown)


async def test_a_name_that_changes_its_mind_is_asked_at_the_address_that_was_checked(server: PictureServer) -> None:
    mug = await make_products.product("Moon mug")
    await make_products.picture(mug.id, server.address("good/1", "rebind.test"), alt="")
    await picture_fetcher.run(rules=server.rules())
    assert (await states())["good/1"][0] == "fetched"
    assert (server.resolved["rebind.test"], server.inside) == (1, 0)


@every_cell(
    ("address", "public"),
    [
        ("93.184.216.34", True), ("2606:2800:220:1::1", True), ("10.1.2.3", False), ("172.16.0.1", False),
        ("192.168.1.1", False), ("127.0.0.1", False), ("0.0.0.0", False), ("169.254.169.254", False),
        ("100.64.0.1", False), ("224.0.0.1", False), ("255.255.255.255", False), ("198.18.0.1", False),
        ("::1", False), ("::", False), ("fe80::1%eth0", False), ("fc00::1", False), ("fec0::1", False),
        ("ff02::1", False), ("::ffff:127.0.0.1", False), ("::ffff:93.184.216.34", True), ("2002:7f00:1::", False),
        ("64:ff9b::7f00:1", False), ("64:ff9b::5db8:d822", True), ("2001:db8::1", False), ("words", False),
    ],
)  # fmt: skip
def test_only_public_addresses_are_public(address: str, public: bool) -> None:
    assert public_hosts.is_public(address) is public


async def test_a_host_that_asks_to_wait_is_left_alone_so_long(server: PictureServer) -> None:
    mug = await make_products.product("Moon mug")
    for path in ("busy/1", "busy/2", "good/1", "odd/1", "elsewhere/1"):
        await make_products.picture(mug.id, server.address(path), alt="")
    await picture_fetcher.run(rules=server.rules())
    asked = server.asked.total()
    assert asked <= 4, "two were under way when it said so"
    waiting = "SELECT count(*) FROM picture_fetch WHERE next_at > now() + interval '0.2 seconds'"
    assert await database.fetch_value(waiting) >= 2
    await picture_fetcher.run(rules=server.rules())
    assert server.asked.total() == asked
    later = "SELECT scheduled_at > now() FROM procrastinate_jobs WHERE queueing_lock = 'fetch_pictures later'"
    assert await database.fetch_value(later)
    await asyncio.sleep(1)
    await picture_fetcher.run(rules=server.rules())
    assert {state for state, _ in (await states()).values()} == {"fetched"}


async def test_a_host_that_is_not_there_is_given_up_in_the_end_and_may_be_tried_again(server: PictureServer) -> None:
    iris, mug = await people.owner(), await make_products.product("Moon mug")
    for number in range(4):
        await make_products.picture(mug.id, server.address(f"good/{number}", "nowhere.test"), alt="")
    for _ in range(picture_fetcher.MOST_TRIES):
        await picture_fetcher.run(rules=server.rules())
        await wait_over()
    assert set((await states()).values()) == {("given_up", "nowhere.test cannot be found.")}
    assert server.resolved["nowhere.test"] <= 2 * picture_fetcher.MOST_TRIES, "not each picture asks on its own"
    assert [one.title for one in await picture_fetches.missing()] == ["Moon mug"] * 4
    assert await picture_fetches.try_again(by=iris.id) == 4
    assert (await picture_fetches.counts()).waiting == 4


async def test_what_waits_for_a_host_holds_up_no_other_pictures(server: PictureServer) -> None:
    mug = await make_products.product("Moon mug")
    await make_products.picture(mug.id, server.address("good/1", "nowhere.test"), alt="")
    await jobs.discard(picture_fetches.TASK)
    await picture_fetcher.run(rules=server.rules())
    await make_products.picture(mug.id, server.address("good/1"), alt="")
    taken = "SELECT task_name FROM procrastinate_fetch_job_v2(NULL, NULL) WHERE id IS NOT NULL"
    assert picture_fetches.TASK in [task for _ in range(9) for (task,) in await database.fetch_rows(taken)]


async def test_a_stopped_fetch_fetches_no_more(server: PictureServer) -> None:
    iris, mug = await people.owner(), await make_products.product("Moon mug")
    await make_products.picture(mug.id, server.address("good/1"), alt="")
    assert await picture_fetches.stop(by=iris.id) == 1
    await picture_fetcher.run(rules=server.rules())
    assert (server.asked.total(), (await states())["good/1"][0]) == (0, "stopped")


async def test_what_was_fetched_once_is_not_fetched_for_another_product(server: PictureServer) -> None:
    mug, bowl = await make_products.product("Moon mug"), await make_products.product("Sea bowl")
    await make_products.picture(mug.id, server.address("good/1"), alt="")
    await picture_fetcher.run(rules=server.rules())
    await make_products.picture(bowl.id, server.address("good/1"), alt="A bowl")
    await snapshot_refresh.catch_up([bowl.id])
    assert len(snapshot_refresh.snapshot().product("sea-bowl").pictures_here) == 1  # type: ignore[union-attr]
    assert server.asked["good/1"] == 1


async def test_a_picture_that_is_brought_back_after_its_address_was_fetched_is_shown(server: PictureServer) -> None:
    mug, bowl = await make_products.product("Moon mug"), await make_products.product("Bowl")
    address = server.address("good/1")
    picture = await make_products.picture(mug.id, address, alt="")
    await make_products.picture(bowl.id, address, alt="")
    deletion = await product_deletion.delete_picture(picture, by=None)
    assert deletion is not None
    await picture_fetcher.run(rules=server.rules())
    await deletions.restore(deletion, by=None)
    await picture_fetches.resume()
    paths = await database.fetch_values("SELECT DISTINCT path FROM picture")
    assert len(paths) == 1 and "://" not in paths[0]


async def test_what_kills_the_process_costs_at_most_what_was_under_way(server: PictureServer, dsn: str) -> None:
    mug = await make_products.product("Moon mug")
    for number in range(6):
        await make_products.picture(mug.id, server.address(f"slow/1?{number}"), alt="")
    program = (sys.executable, "-c", FETCHING, dsn, str(server.port))
    fetching = await asyncio.create_subprocess_exec(*program)
    async with asyncio.timeout(60):
        while (await picture_fetches.counts()).fetched < 1:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    fetching.kill()
    await fetching.wait()
    assert 1 <= (await picture_fetches.counts()).fetched < 6
    await picture_fetcher.run(rules=server.rules())
    assert (await picture_fetches.counts()).fetched == 6
    assert sum(count - 1 for count in server.asked.values()) <= picture_fetcher.OF_A_HOST


async def test_pictures_of_another_import_are_not_counted(server: PictureServer) -> None:
    mug, bowl = await make_products.product("Moon mug"), await make_products.product("Sea bowl")
    await make_products.picture(mug.id, server.address("good/1"), alt="")
    await make_products.picture(bowl.id, server.address("good/2"), alt="")
    one = UUID(int=1)
    await picture_fetches.brought([mug.id], by_import=one)
    assert (await picture_fetches.counts(by_import=one)).waiting == 1
    assert (await picture_fetches.counts()).waiting == 2
