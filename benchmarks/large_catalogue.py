"""`python -m benchmarks.large_catalogue [products]`: how long a neighbour waits while somebody asks for much.

A shop with so many products is served by one process; the catalogue is exported in both formats, and the merchants'
feed and the sitemap are asked for, while a neighbour opens pages. The aim is 100 ms at most.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

from benchmarks import servers
from benchmarks.attacks.neighbour import Neighbour
from benchmarks.small_shop import OWNER, PASSWORD
from tests.support import demos

ASKED = (
    "", "/staff/imports/catalogue/shopify", "/staff/imports/catalogue/woocommerce",
    "/staff/imports/catalogue/shopify?for=spreadsheet", "/products/feed.xml", "/sitemap.xml", "/staff/products",
    "/products", "/search?q=mug",
)  # fmt: skip
PATHS = ("/products/mug", "/health/live", "/sign-in")
MOST_MS = 100
FILLING = """
import sys
from benchmarks import small_shop
from components.catalog.product_details import ProductDetails, VariantDetails
from components.catalog.products import products
from components.foundation import database
from components.foundation.operations import terminal

async def fill():
    await small_shop.stock()
    many = int(sys.argv[1])
    for first in range(0, many, 500):
        async with database.transaction():
            for number in range(first, min(first + 500, many)):
                price = 900 + number % 7000
                variants = [VariantDetails(price=price, sku=f"N{number}-{size}", options=(size,), on_hand=5)
                            for size in ("Small", "Large")]
                details = ProductDetails(title=f"Piece number {number}", description="It is thrown by hand. " * 12,
                                         option_names=("Size",))
                await products.create(details, variants, slug=f"piece-{number}")

terminal.run(fill)
"""


def main() -> int:
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    missed = 0
    with tempfile.TemporaryDirectory(prefix="clubfront-large-") as folder:
        data = Path(folder) / "data"
        data.mkdir()
        environment = demos.environment(data, LOG_LEVEL="error")
        began = time.monotonic()
        subprocess.run([sys.executable, "-c", FILLING, str(many)], env=environment, cwd=servers.ROOT, check=True)
        print(f"{many:,} products made in {time.monotonic() - began:.0f} s", flush=True)
        port = servers.free_port()
        environment |= {"PORT": str(port), "HOST": "127.0.0.1", "BASE_URL": f"http://127.0.0.1:{port}"}
        program = [*demos.PROGRAM, "serve"]
        with servers.running(program, {**os.environ, **environment}, data.parent / "shop.log", port) as shop:
            missed = _measure(shop.address)
    return missed


def _measure(address: str) -> int:
    missed = 0
    with httpx.Client(base_url=address, timeout=120) as owner:
        owner.post("/sign-in", data={"email": OWNER, "password": PASSWORD})
        with Neighbour(address, PATHS):
            time.sleep(3)
        for path in ASKED:
            with Neighbour(address, PATHS) as neighbour:
                time.sleep(0.3)
                began = time.monotonic()
                told = "nothing, for comparison"
                if path:
                    answer = owner.get(path)
                    told = f"{answer.status_code} {len(answer.content) / 1e6:.1f} MB"
                seconds = time.monotonic() - began
                time.sleep(0.3 if path else 5)
            waits = sorted(neighbour.waits)
            print(f"{path or '-':50} {told:24} {seconds:6.1f} s   neighbour: longest {neighbour.longest_ms:5.0f} ms, "
                  f"median {waits[len(waits) // 2] * 1000:4.0f} ms of {len(waits)}, {neighbour.refused} failed",
                  flush=True)  # fmt: skip
            missed += neighbour.longest_ms > MOST_MS
    return int(bool(missed))


if __name__ == "__main__":
    raise SystemExit(main())
