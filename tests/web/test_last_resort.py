"""Whatever breaks, and wherever, the answer has the edge's headers and words, and the log has one line of JSON."""

import asyncio
import json
import subprocess
import sys
from typing import Any

import pytest
from prometheus_client import generate_latest

from tests.support.shops import Shop
from tests.web.test_security import ALWAYS
from web import assets
from web.edge import traffic
from web.edge.security import Edge

ODD = (
    "/static/%00", "/static/built/%00x", "/static/built/" + "a" * 300, "/static/../web/app.py", "/static/%2e%2e/x",
    "/static/built/../../../etc/passwd", "/static", "/static/", "/static/built/", "/%00", "/%ff%fe", "//", "///x",
    "/products/%00", "/products/%2e%2e", "/%2e%2e/%2e%2e/etc/passwd", "/api/%00", "/api/v1/%ff", "/?%00=%00",
    "/search?q=%00", "/search?q=%ff%fe", "/offline-payments/%00", "/offline-payments/" + "a" * 300, "/hooks/%00",
    "/account/%F0%9F%AB%96", "/journal/%0d%0aset-cookie:x", "/pictures/%00", "/pictures/" + "9" * 300, "/health/%00",
    "/metrics/%00", "/products/feed.xml/%00", "/staff/%00", "/;", "/%", "/%zz", "/\u2028",
)  # fmt: skip
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "BREW")


async def test_every_answer_to_an_odd_address_has_the_headers_and_is_no_500(shop: Shop) -> None:
    client, wrong = shop.browser().client, []
    for path in ODD:
        for method in METHODS:
            page = await client.request(method, path)
            if page.status_code >= 500 or not set(page.headers) >= ALWAYS:
                wrong.append(f"{method} {path[:60]}: {page.status_code} lacks {ALWAYS - set(page.headers)}")
    assert wrong == []


@pytest.mark.parametrize("path", ["/products", "/api/v1/products", "/static/x.css"])
async def test_what_breaks_outside_the_shop_is_a_500_page_of_the_edge(
    shop: Shop, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any) -> Any:
        raise ValueError("embedded null byte")

    monkeypatch.setattr(assets, "respond", broken)
    monkeypatch.setattr(Edge, "_pass_on", broken)
    page = await shop.browser().client.get(path)
    assert page.status_code == 500
    assert set(page.headers) >= ALWAYS
    assert "problem is on our side" in page.text and "null byte" not in page.text


async def test_invented_methods_are_counted_as_one(shop: Shop) -> None:
    client = shop.browser().client
    await asyncio.gather(*(client.request(f"INVENTED{number}", "/products") for number in range(40)))
    assert b"INVENTED" not in generate_latest()
    assert traffic._count.cache_info().currsize < 100


async def test_only_built_assets_are_kept_in_memory(shop: Shop) -> None:
    client, before = shop.browser().client, len(assets._assets())
    for number in range(50):
        assert (await client.get(f"/static/built/{number}.css")).status_code == 404
    assert len(assets._assets()) == before > 5


SAYING = """
import logging.config, structlog
from web import logs
logs.configure("info")
logging.config.dictConfig({"version": 1, "disable_existing_loggers": False, **logs.of_the_server()})
try:
    raise ValueError("x" * 50_000)
except ValueError:
    structlog.get_logger().exception("a request failed", path="/" + "a" * 60_000)
    logging.getLogger("asyncio").exception("from a library\\non two lines")
logging.getLogger("_granian").info("Started worker-%s", 1)
"""


def test_the_log_is_one_short_object_a_line_even_for_what_libraries_and_the_server_say() -> None:
    said = subprocess.run([sys.executable, "-c", SAYING], capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in said.stderr.strip().split("\n")]
    assert [line["event"] for line in lines] == [
        "a request failed", "from a library\non two lines", "Started worker-1",
    ]  # fmt: skip
    assert [line["level"] for line in lines] == ["error", "error", "info"]
    assert "exception" in lines[0] and "exception" in lines[1]
    assert len(said.stderr) < 20_000 and said.stdout == ""
