"""A shopper who buys by HTTP as a browser without scripts would: reads forms, fills them in, follows redirects."""

import re
import time
from collections.abc import Awaitable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import httpx

CARD = "4242424242424242"
GIVEN = {
    "email": "guest@post.test",
    "name": "Ada Guest",
    "line1": "1 Bench Lane",
    "city": "Leeds",
    "postcode": "LS6 2AB",
    "country": "GB",
}


@dataclass
class Form:
    action: str
    fields: dict[str, str] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "form":
            self.found.append(Form(said.get("action") or ""))
        elif self.found and tag in ("input", "select", "button", "option"):
            self._field(tag, said)

    def _field(self, tag: str, said: dict[str, str | None]) -> None:
        form, name = self.found[-1], said.get("name") or ""
        if tag == "select":
            self._select = name
        elif tag == "option" and "selected" in said:
            form.fields[self._select] = said.get("value") or ""
        elif name and (said.get("type") not in ("radio", "checkbox") or "checked" in said):
            form.fields.setdefault(name, said.get("value") or "")
        elif name:
            form.names.append(f"{name}={said.get('value')}")


def forms(html: str) -> list[Form]:
    read = _Forms()
    for written in re.findall(r"<form\b.*?</form>", html, re.DOTALL):
        read.feed(written)
    return read.found


class Shopper:
    """One browser. `buy` goes from the product page to the paid order's own page and returns its address."""

    def __init__(self, base_url: str) -> None:
        self.steps: dict[str, float] = {}
        self.client = httpx.AsyncClient(
            base_url=base_url,
            follow_redirects=True,
            timeout=30,
            verify=False,  # http only; reading certificates for each shopper would take longer than the whole visit
            headers={"accept": "text/html", "sec-fetch-site": "same-origin", "user-agent": "Bench"},
        )

    async def sign_in(self, email: str, password: str = "kiln-demo") -> dict[str, str]:
        """The cookies of the session."""
        answer = await self.client.post("/sign-in", data={"email": email, "password": password})
        answer.raise_for_status()
        return dict(self.client.cookies)

    async def reach_payment(self, product: str) -> tuple[httpx.Response, Form]:
        """The hosted payment page, with its form filled in but not sent."""
        page = await self._timed("product page", self._get(f"/products/{product}"))
        add = next(form for form in forms(page.text) if form.action.split("?")[0] == "/basket")
        await self._timed("into the basket", self._post("/basket", add.fields))
        page = await self._timed("checkout page", self._get("/checkout"))
        details = next(form for form in forms(page.text) if "form_key" in form.fields)
        chosen = {"method": _first(details, "method")} if not details.fields.get("method") else {}
        wanted = {**details.fields, **GIVEN, **chosen}
        paying = await self._timed("placed, to the pay page", self._post(details.action or "/checkout", wanted))
        return paying, payment_form(paying)

    async def buy(self, product: str) -> str:
        paying, form = await self.reach_payment(product)
        done = await self._timed("paid, to the order", self._post(str(paying.url.join(form.action)), form.fields))
        if "/orders/" not in done.url.path:
            raise RuntimeError(f"the payment led to {done.url}")
        return done.url.path

    async def _timed(self, step: str, asked: Awaitable[httpx.Response]) -> httpx.Response:
        began = time.perf_counter()
        answer = await asked
        self.steps[step] = time.perf_counter() - began
        return answer

    async def _get(self, address: str) -> httpx.Response:
        answer = await self.client.get(address)
        answer.raise_for_status()
        return answer

    async def _post(self, address: str, data: dict[str, Any]) -> httpx.Response:
        answer = await self.client.post(address, data=data)
        answer.raise_for_status()
        return answer

    async def close(self) -> None:
        await self.client.aclose()


def _first(form: Form, name: str) -> str:
    return next((known.split("=", 1)[1] for known in form.names if known.startswith(f"{name}=")), "")


def payment_form(page: httpx.Response) -> Form:
    found = [form for form in forms(page.text) if any("card" in name or "number" in name for name in form.fields)]
    if not found:
        raise RuntimeError(f"no payment form at {page.url}: {page.text[:300]}")
    form = found[0]
    for name in form.fields:
        if "number" in name or name == "card":
            form.fields[name] = CARD
    return form
