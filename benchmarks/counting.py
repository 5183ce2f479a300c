"""What it costs a page to be counted: `python -m benchmarks.counting [DATA]`.

One shop, one page that is kept for everybody and one that is rendered for each request, counting turned off and on
again in turns by its owner; the ratio of each turn's requests per second to the turn before it, and what was counted.
"""

import asyncio
import statistics
import sys
import tempfile
from pathlib import Path

import httpx

from benchmarks import load, servers

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0"
ADDRESSES = ("/join", "/search?q=mug")
SECONDS, TURNS = 3, 6
SETTINGS = "/staff/settings/behaviour"


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp(prefix="clubfront-counting-"))
    with servers.shop(folder / "data") as served:
        iris = httpx.Client(base_url=served.address, follow_redirects=True, timeout=60)
        iris.post("/sign-in", data={"email": "iris@kiln.test", "password": "kiln-demo"}).raise_for_status()
        product = httpx.get(f"{served.address}/sitemap.xml").text.split("/products/")[1].split("<")[0]
        for path in (*ADDRESSES, f"/products/{product}"):
            print(f"{path}: {_ratio(served.address + path, iris)}", flush=True)


def _ratio(address: str, iris: httpx.Client) -> str:
    """Of as many turns each, one after the other, so that what else the machine does hits both alike."""
    load.ask(address, seconds=1, agent=FIREFOX)
    ratios = []
    for _ in range(TURNS):
        rates = {}
        for how in ("off", "counts"):
            _set(iris, how)
            rates[how] = load.ask(address, seconds=SECONDS, agent=FIREFOX).rate
        ratios.append(rates["counts"] / rates["off"])
    return f"{statistics.median(ratios):.2f} of the rate without (from {min(ratios):.2f} to {max(ratios):.2f})"


def _set(iris: httpx.Client, how: str) -> None:
    page = iris.get(SETTINGS).text
    mark = page.split('name="as_it_was" value="')[1].split('"')[0]
    given = {"as_it_was": mark, "behaviour": how, "behaviour_asking": "country", "behaviour_months": "13"}
    iris.post(SETTINGS, data=given).raise_for_status()
    asyncio.run(asyncio.sleep(1.2))  # what waits is written, and every process has heard


if __name__ == "__main__":
    main()
