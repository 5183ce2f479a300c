"""What it costs a page to be counted: `python -m benchmarks.counting`.

In one process and without a network: a page that is rendered for each request, and one the browser has already (304),
with counting turned off and on in turns of so many requests. What is compared are the processor's seconds, writing
down included, so that what else the machine does matters little.
"""

import asyncio
import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import httpx

from tests import conftest  # its settings, before anything of the shop is read  # isort: skip
from components.behaviour.view_buffer import BUFFER
from components.foundation import database
from components.foundation.shop_settings import shop_settings
from tests.support import databases, make_products, shops

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0"
REQUESTS, TURNS = 100, 7
ADDRESS = "/products/moon-mug"


async def main(dsn: str) -> None:
    folder = Path(tempfile.mkdtemp(prefix="clubfront-counting-"))
    await database.connect(dsn, pool_size=5)
    try:
        await databases.empty()
        async with shops.opened(folder, dsn) as shop:
            await make_products.product()
            transport = httpx.ASGITransport(app=shop.app)
            headers = {"user-agent": FIREFOX, "sec-fetch-site": "same-origin"}
            async with httpx.AsyncClient(transport=transport, base_url="http://shop.test", headers=headers) as client:
                tag = (await client.get(ADDRESS)).headers["etag"]
                for name, more in (("rendered", {}), ("not modified", {"if-none-match": tag})):
                    print(f"{name}: {await _ratio(client, more)}", flush=True)
    finally:
        await database.disconnect()


async def _ratio(client: httpx.AsyncClient, headers: dict[str, str]) -> str:
    spent: dict[str, list[float]] = {"off": [], "counts": []}
    for turn in range(TURNS + 1):
        for how in spent:
            shop_settings.use(replace(shop_settings.current(), behaviour=how))
            began = time.process_time()
            for _ in range(REQUESTS):
                await client.get(ADDRESS, headers=headers)
            await BUFFER.write()
            if turn:  # the first is to warm up
                spent[how].append((time.process_time() - began) / REQUESTS * 1e6)
    off, counted = statistics.median(spent["off"]), statistics.median(spent["counts"])
    return f"{off:.0f} µs without, {counted:.0f} µs counted, {counted / off:.3f} times (client included)"


if __name__ == "__main__":
    try:
        asyncio.run(main(databases.own(conftest._FOLDER, "counting")))
    finally:
        databases.forget(conftest._FOLDER)
