"""What may be sent to each route, and what is answered to more, to nonsense, and to what takes too long."""

import asyncio
import time
from typing import Any

import pytest
from litestar import _parsers

from components.foundation import ids
from tests.support.shops import Shop
from tests.web.test_security import ALWAYS
from web import app as application
from web.edge import request_bodies, response_bodies, security
from web.edge.request_bodies import MOST_SENT, Body, BodyTooSlow, TooMuchAtOnce
from web.edge.response_bodies import ReaderTooSlow
from web.forms.sending import MOST_FIELDS, WITH_FILE

FILES = {
    "/hooks/mail/{token:str}": 1_000_000,
    "/staff/imports": WITH_FILE,
    "/staff/members/imports": WITH_FILE,
    "/staff/members/adoptions": WITH_FILE,
    "/staff/articles/new": WITH_FILE,
    "/staff/articles/{slug:str}": WITH_FILE,
    "/staff/pages/new": WITH_FILE,
    "/staff/pages/{slug:str}": WITH_FILE,
    "/staff/pictures": WITH_FILE,
    "/staff/products/{slug:str}/pictures": WITH_FILE,
    "/staff/benefits/{benefit_id:uuid}/codes": WITH_FILE,
    "/staff/settings/brand": WITH_FILE,
    "/staff/payments/disputes/{dispute_id:str}/files": WITH_FILE,
    "/staff/home/sections/{kind:str}": WITH_FILE,
    "/staff/home/{section_id:uuid}": WITH_FILE,
}
"""Every other route takes 256 kB."""
FORM = {"content-type": "application/x-www-form-urlencoded"}


def test_every_route_takes_256_kb_but_those_that_take_files() -> None:
    limits = {}
    for route in application.make_pages().routes:
        for handler in getattr(route, "route_handlers", []):
            if {"POST", "PUT", "PATCH", "DELETE"} & set(handler.http_methods):
                limits[route.path] = handler.resolve_request_max_body_size()
    assert len(limits) > 100
    assert {path: limit for path, limit in limits.items() if limit != MOST_SENT} == FILES


async def test_a_form_that_is_too_large_is_refused_in_words_and_none_stops_the_others(shop: Shop) -> None:
    client = shop.browser().client
    await client.post("/sign-in", data={})
    for body, status in (
        (b"a=1&" * 80_000, 413),
        (b"a=1&" * (MOST_FIELDS + 1), 413),
        (b"a" * 300 + b"=1", 413),
        (b"a=" + b"%41" * 85_000, 422),
        (b"a=" + b"%" * 200_000, 422),
        (b"a=1&" * (MOST_FIELDS - 1), 422),
    ):
        slowest = _Slowest()
        async with asyncio.TaskGroup() as group:
            watch = group.create_task(slowest.watch())
            page = await client.post("/sign-in", content=body, headers=FORM)
            watch.cancel()
        assert page.status_code == status, body[:20]
        assert set(page.headers) >= ALWAYS
        assert "<html" in page.text and (status == 422 or "too large" in page.text)
        assert slowest.seconds < 0.2, body[:20]  # 0.05 on a machine that does nothing else


class _Slowest:
    """The longest time for which the loop was busy with one thing."""

    seconds = 0.0

    async def watch(self) -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0)
            self.seconds = max(self.seconds, time.perf_counter() - began)


async def test_multipart_forms_are_bounded_too(shop: Shop) -> None:
    client = shop.browser().client
    many: Any = [(f"a{number}", (None, b"1")) for number in range(MOST_FIELDS + 1)]
    assert (await client.post("/sign-in", files=many)).status_code == 413
    kind = {"content-type": "multipart/form-data; boundary=x"}
    for body in (
        b"--x\r\nContent-Disposition: form-data; name=a\r\nX-Long: " + b"y" * 9_000 + b"\r\n\r\n1\r\n--x--",
        b"--x\r\n" + b"X-A: 1\r\n" * 30 + b"\r\n1\r\n--x--",
    ):
        assert (await client.post("/sign-in", content=body, headers=kind)).status_code == 413
    for body in (b"no parts at all", b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n\xff\xfe\r\n--x--\r\n"):
        page = await client.post("/sign-in", content=body, headers=kind)
        assert page.status_code == 400 and "<html" in page.text
    right = b'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\nk\xc3\xa9\r\n--x--\r\n'
    page = await client.post("/sign-in", content=right, headers=kind)
    assert page.status_code == 422 and 'value="ké"' in page.text


async def test_no_form_is_remembered_after_it_was_answered(shop: Shop) -> None:
    """The framework's own parser keeps the last 1,024 bodies, passwords and all."""
    before = _parsers.parse_url_encoded_form_data.cache_info().misses
    await shop.browser().client.post("/sign-in", data={"email": "noor@kiln.test", "password": ids.new().hex})
    assert _parsers.parse_url_encoded_form_data.cache_info().misses == before


async def test_query_strings_and_cookies_are_forgotten_before_they_fill_the_memory(shop: Shop) -> None:
    client = shop.browser().client
    for number in range(300):
        await client.get("/nowhere", params={f"{number}-{field}": "x" * 30 for field in range(150)})
    assert _parsers.parse_query_string.cache_info().currsize < 260


async def test_an_address_or_headers_that_are_too_long_are_refused(shop: Shop) -> None:
    client = shop.browser().client
    for path, headers, status in (
        ("/" + "a" * 3_000, {}, 414),
        ("/static/" + "a" * 3_000, {}, 414),
        ("/search?q=" + "a" * 9_000, {}, 414),
        ("/search?" + "a&" * 300, {}, 414),
        ("/api/v1/products?" + "a&" * 300, {}, 414),
        ("/", {"cookie": "a=" + "b" * 9_000}, 431),
        ("/", {"x-long": "b" * 40_000}, 431),
    ):
        page = await client.get(path, headers=headers)
        assert page.status_code == status, path[:30]
        assert set(page.headers) >= ALWAYS and page.text.strip()


async def test_a_body_that_comes_too_slowly_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    async def silent() -> Any:
        await asyncio.sleep(60)

    async def trickling() -> Any:
        await asyncio.sleep(0.02)
        return {"type": "http.request", "body": b"x", "more_body": True}

    monkeypatch.setattr(request_bodies, "LONGEST_GAP", 0.05)
    with pytest.raises(BodyTooSlow):
        await Body(silent)()
    monkeypatch.setattr(request_bodies, "FIRST_SECONDS", 0.2)
    body = Body(trickling)
    with pytest.raises(BodyTooSlow):
        for _ in range(100):
            await body()


async def test_what_waits_of_unfinished_bodies_is_bounded_and_small_forms_still_pass(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def coming(size: int, *, ends: bool = False) -> Any:
        async def receive() -> Any:
            return {"type": "http.request", "body": b"x" * size, "more_body": not ends}

        return receive

    monkeypatch.setattr(request_bodies, "MOST_WAITING", 100_000)
    large = Body(coming(110_000))
    await large()
    with pytest.raises(TooMuchAtOnce):
        await Body(coming(30_000))()
    await Body(coming(1_000, ends=True))()
    large.finish()
    await Body(coming(30_000, ends=True))()


async def test_a_long_answer_waits_for_its_reader_but_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(response_bodies, "LONGEST_WAIT", 0.05)
    taken: list[Any] = []

    async def send(piece: Any) -> None:
        taken.append(piece)
        if len(taken) == 3:
            await asyncio.sleep(60)

    whole = {"type": "http.response.body", "body": bytes(2 * response_bodies.AT_ONCE + 5)}
    with pytest.raises(ReaderTooSlow):
        await response_bodies.send_in_pieces(send, whole)
    assert b"".join(piece["body"] for piece in taken) == whole["body"]
    assert [piece["more_body"] for piece in taken] == [True, True, False]


async def test_nor_does_a_file_that_is_sent_while_it_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its pieces are small, and each waits for the one before."""
    monkeypatch.setattr(response_bodies, "LONGEST_WAIT", 0.05)
    taken: list[Any] = []

    async def send(message: Any) -> None:
        taken.append(message)
        if len(taken) == 3:
            await asyncio.sleep(60)

    scope = {"method": "GET", "path": "/", "headers": [], "request_id": "1"}
    answered = security._Answer(send, [], scope, Body(send))
    await answered({"type": "http.response.start", "status": 200, "headers": []})
    await answered({"type": "http.response.body", "body": b"a", "more_body": True})
    with pytest.raises(ReaderTooSlow):
        async with asyncio.timeout(5):
            await answered({"type": "http.response.body", "body": b"b", "more_body": True})


async def test_hundreds_whose_bodies_never_come_are_given_up_without_a_wait_for_others(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each page with its layout would take some milliseconds of everybody's time, all in one moment."""
    monkeypatch.setattr(request_bodies, "LONGEST_GAP", 0.2)

    async def never() -> Any:
        yield b"a=1"
        await asyncio.sleep(60)

    client = shop.browser().client
    page = await client.post("/basket", content=never(), headers=FORM)
    assert page.status_code == 408 and set(page.headers) >= ALWAYS
    assert "took too long" in page.text and len(page.text) < 600
    answer = await client.post("/api/v1/quotes", content=never(), headers={"content-type": "application/json"})
    assert answer.status_code == 408 and "took too long" in answer.json()["detail"]


async def test_what_is_still_being_sent_is_taken_before_an_answer_that_does_not_need_it(shop: Shop) -> None:
    """Otherwise the server cuts the connection, and the answer or the next request is lost."""
    taken = []

    async def body() -> Any:
        for number in range(5):
            yield b"a=1&" * 1_000
            taken.append(number)

    for path, status in (("/health/live", 405), ("/nowhere", 404), ("/staff/articles/new", 401)):
        taken.clear()
        assert (await shop.browser().client.post(path, content=body(), headers=FORM)).status_code == status
        assert len(taken) == 5, path
