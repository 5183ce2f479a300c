"""The disk of the database is full: pages are read, what would be written is refused in words and whole, and the shop
comes back by itself when there is room again. The disk is a small one in memory, where this machine lets us mount one.
"""

import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from benchmarks.shopper import Shopper
from tests.operate.served import ENDURANCE, Served
from tests.operate.stocked import PRODUCT

pytestmark = [ENDURANCE, pytest.mark.xdist_group("served")]
BACK_SECONDS = 10.0
ROOM_MB = 24
ATTEMPTS = 300
WORDS = "The shop is busy at the moment"


@pytest.fixture
def disk(unserved: Served) -> Iterator[Path]:
    """The folder of the database, with a little more room than it takes."""
    folder, aside = unserved.data / "postgres", unserved.data.parent / "aside"
    owner = folder.stat()
    taken = int(subprocess.run(["du", "-sm", folder], capture_output=True, check=True).stdout.split()[0])
    folder.rename(aside)
    folder.mkdir()
    options = f"size={taken + ROOM_MB}m,mode=700,uid={owner.st_uid},gid={owner.st_gid}"
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True)
    if mounted.returncode:
        folder.rmdir()
        aside.rename(folder)
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.decode().strip()}")
    try:
        subprocess.run(["cp", "-a", f"{aside}/.", folder], check=True)
        yield folder
        unserved.stop()
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


async def test_a_full_disk_is_said_loses_nothing_and_is_over_when_there_is_room(unserved: Served, disk: Path) -> None:
    unserved.start()
    await bought(unserved)
    filler = disk / "somebody-elses-film"
    async with httpx.AsyncClient(base_url=unserved.address, timeout=15) as client:
        fill(filler)
        refused = await until_refused(client)
        assert refused.headers["retry-after"] == "5" and WORDS in refused.text
        page = await client.get(f"/products/{PRODUCT}")
        assert page.status_code == 200 and "Mug" in page.text
    filler.unlink()
    began = time.monotonic()
    while True:
        with suppress(httpx.HTTPError, RuntimeError, StopIteration):
            await bought(unserved)
            break
        assert time.monotonic() - began < BACK_SECONDS, unserved.log.read_text()[-2000:]
    checked = unserved.command("check-invariants")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def fill(file: Path) -> None:
    """To the last byte."""
    with suppress(OSError), file.open("wb", buffering=0) as out:
        while True:
            out.write(b"0" * 4096)


async def until_refused(client: httpx.AsyncClient) -> httpx.Response:
    """Strangers put the mug into baskets, each into one of their own, until the database has no room for the next."""
    asked = {"sec-fetch-site": "same-origin", "accept": "text/html"}
    form = (await client.get(f"/products/{PRODUCT}")).text
    variant = form.split('name="variant"', 1)[1].split('value="', 1)[1].split('"', 1)[0]
    for _ in range(ATTEMPTS):
        client.cookies.clear()
        answer = await client.post("/basket", data={"variant": variant, "quantity": "1"}, headers=asked)
        if answer.status_code not in {200, 303}:
            assert answer.status_code == 503, (answer.status_code, answer.text[-500:])
            return answer
    raise AssertionError("the disk is not full")


async def bought(shop: Served) -> None:
    shopper = Shopper(shop.address)
    try:
        await shopper.buy(PRODUCT)
    finally:
        await shopper.close()
