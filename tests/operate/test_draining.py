"""Asked to stop under load, two processes lose no request: `web/edge/draining.py` says how."""

import asyncio
import os
import signal

import httpx
import pytest

from benchmarks.shopper import Shopper, forms
from tests.operate.served import Served
from tests.operate.stocked import PRODUCT
from web.edge import draining

pytestmark = pytest.mark.xdist_group("served")
HELD = "LOCK TABLE basket_line IN ACCESS EXCLUSIVE MODE"


async def with_basket(shop: Served) -> Shopper:
    one = Shopper(shop.address)
    page = await one.client.get(f"/products/{PRODUCT}")
    add = next(form for form in forms(page.text) if form.action.split("?")[0] == "/basket")
    (await one.client.post("/basket", data=add.fields)).raise_for_status()
    return one


async def ask_until_closed(shop: Served, answers: list[int]) -> None:
    """Each request with a connection of its own, until nobody accepts any more."""
    while True:
        async with httpx.AsyncClient(base_url=shop.address, timeout=30) as client:
            try:
                answers.append((await client.get(f"/products/{PRODUCT}")).status_code)
            except httpx.ConnectError:
                return


async def ask_on_a_kept_connection(shop: Served, answers: list[int]) -> str:
    """One after the other, as a proxy does; returns what was said of the connection at last."""
    said = ""
    async with httpx.AsyncClient(base_url=shop.address, timeout=30) as client:
        while True:
            try:
                answer = await client.get(f"/products/{PRODUCT}")
            except httpx.ConnectError:
                return said
            answers.append(answer.status_code)
            said = answer.headers.get("connection", "")


async def test_who_keeps_a_connection_is_told_that_it_ends_before_it_does(unserved: Served) -> None:
    await asyncio.to_thread(unserved.start)
    assert unserved.process is not None
    async with httpx.AsyncClient(base_url=unserved.address, timeout=30) as client:
        assert (await client.get(f"/products/{PRODUCT}")).headers.get("connection") is None
        os.kill(unserved.process.pid, signal.SIGTERM)
        await asyncio.sleep(2 * draining.SECONDS)
        answer = await client.get(f"/products/{PRODUCT}")
    assert (answer.status_code, answer.headers["connection"]) == (200, "close")
    assert await asyncio.to_thread(unserved.process.wait, 30) == 0


async def sent(one: Shopper, asked: "asyncio.Event") -> httpx.Response:
    """The answer to a request that is under way as soon as `asked` is set."""

    async def told(event: str, _: object) -> None:
        if event == "http11.send_request_body.complete":
            asked.set()

    return await one.client.get("/basket", extensions={"trace": told})


async def test_a_stop_under_load_loses_no_request(unserved: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKERS", "2")
    await asyncio.to_thread(unserved.start)
    assert unserved.process is not None
    shoppers = [await with_basket(unserved) for _ in range(12)]
    answers: list[int] = []
    asking = [asyncio.create_task(ask_until_closed(unserved, answers)) for _ in range(4)]
    kept = [asyncio.create_task(ask_on_a_kept_connection(unserved, answers)) for _ in range(4)]
    other = await unserved.connect()
    async with other.transaction():
        await other.execute(HELD)
        asked = [asyncio.Event() for _ in shoppers]
        slow = [asyncio.create_task(sent(*each)) for each in zip(shoppers, asked, strict=True)]
        await asyncio.wait_for(asyncio.gather(*(one.wait() for one in asked)), 30)
        os.kill(unserved.process.pid, signal.SIGTERM)
        await asyncio.sleep(draining.SECONDS + 0.5)
    await other.close()
    ended = await asyncio.gather(*slow, return_exceptions=True)
    await asyncio.wait_for(asyncio.gather(*asking), 30)
    assert [getattr(one, "status_code", repr(one)) for one in ended] == [200] * len(shoppers)
    assert set(answers) == {200} and answers
    assert await asyncio.wait_for(asyncio.gather(*kept), 30) == ["close"] * len(kept)
    assert await asyncio.to_thread(unserved.process.wait, 30) == 0
    for one in shoppers:
        await one.close()
