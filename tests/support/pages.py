"""A browser without a screen: it keeps cookies, follows redirects, and fails on any page that is not well made."""

from collections import Counter
from functools import cached_property
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import httpx

from tests.support import trees

NO_LABEL_NEEDED = {"hidden", "submit", "button", "reset", "image"}


class Browser:
    """Sends what a browser sends and checks each page it gets."""

    def __init__(self, app: Any, base_url: str = "http://shop.test") -> None:
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app),
            base_url=base_url,
            follow_redirects=True,
            headers={"sec-fetch-site": "same-origin", "accept": "text/html", "user-agent": "Tests"},
            timeout=30,
        )

    async def get(self, address: str, **rest: Any) -> "Page":
        return Page(await self.client.get(address, **rest))

    async def post(self, address: str, data: dict[str, Any] | None = None, **rest: Any) -> "Page":
        return Page(await self.client.post(address, data=data or {}, **rest))

    async def part(self, address: str, **rest: Any) -> "Page":
        """What htmx gets when it asks for a part of the page."""
        return Page(
            await self.client.get(address, headers={"hx-request": "true", "hx-request-type": "partial"}, **rest)
        )

    async def post_for_part(self, address: str, data: dict[str, Any] | None = None) -> "Page":
        headers = {"hx-request": "true", "hx-request-type": "partial"}
        return Page(await self.client.post(address, data=data or {}, headers=headers))

    async def submit(self, page: "Page", action: str, **typed: Any) -> "Page":
        """Fill in the form with this action as it stands on the page and send it."""
        form = page.form(action)
        data = {**form.given, **typed}
        if form.method == "get":
            return await self.get(form.action, params=data)
        return await self.post(form.action, data)

    async def close(self) -> None:
        await self.client.aclose()


class Form:
    def __init__(self, element: Element, here: str) -> None:
        self.method = element.get("method", "get").lower()
        self.action = element.get("action") or here
        self.given: dict[str, Any] = {}
        for field in element.iter():
            if name := field.get("name"):
                self._take(field, name)

    def _take(self, field: Element, name: str) -> None:
        kind = field.get("type", "text")
        if field.tag == "select":
            options = list(field.iter("option"))
            chosen = [o for o in options if o.get("selected") is not None] or options[:1]
            if chosen:
                self.given[name] = chosen[0].get("value", chosen[0].text or "")
        elif field.tag == "textarea":
            self.given[name] = (field.text or "").removeprefix("\n")
        elif field.tag == "input" and kind in {"radio", "checkbox"}:
            if field.get("checked") is not None:
                self.given.setdefault(name, field.get("value", "on"))
        elif field.tag == "input" and kind not in {"submit", "file"}:
            self.given[name] = field.get("value", "")


class Page:
    """An answer; when it is a whole HTML page, it has been looked over."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self.status = response.status_code
        self.text = response.text
        self.path = response.url.raw_path.decode()
        self.headers = response.headers
        assert self.status != 500 or "500" in str(response.request.url), f"{self.path} failed:\n{self.words[:2000]}"
        if "text/html" in response.headers.get("content-type", "") and "<html" in self.text:
            self.check()

    @cached_property
    def tree(self) -> Element:
        return html5lib.parse(self.text, namespaceHTMLElements=False)

    @property
    def words(self) -> str:
        """All the text that a person could read, with single spaces."""
        if "<" not in self.text:
            return self.text
        skipped = {"script", "style", "head", "template"}
        return " ".join(" ".join(_texts(self.tree, skipped)).split())

    @property
    def heading(self) -> str:
        return " ".join("".join(self.tree.find(".//h1").itertext()).split())  # type: ignore[union-attr]

    def prices(self) -> list[str]:
        return [e.get("value", "") for e in self.tree.iter("data") if "price" in e.get("class", "").split()]

    def links(self) -> list[str]:
        return [e.get("href", "") for e in self.tree.iter("a")]

    def form(self, action: str) -> Form:
        found = [e for e in self.tree.iter("form") if (e.get("action") or self.path.split("?")[0]) == action]
        assert found, (
            f"no form with action {action} on {self.path}: {[e.get('action') for e in self.tree.iter('form')]}"
        )
        return Form(found[0], self.path.split("?")[0])

    def alerts(self) -> str:
        return " ".join("".join(e.itertext()) for e in self.tree.iter() if e.get("role") in {"alert", "status"})

    def check(self) -> None:
        """Well-formed HTML, one h1, unique ids, a label for each field, a language, a title."""
        self.tree, wrong = trees.parsed(self.text)
        tree = self.tree
        assert not wrong, f"{self.path}: bad HTML {wrong[:3]}"
        assert len(list(tree.iter("h1"))) == 1, f"{self.path}: {len(list(tree.iter('h1')))} h1"
        ids = Counter(e.get("id") for e in tree.iter() if e.get("id"))
        assert not [i for i, n in ids.items() if n > 1], (
            f"{self.path}: ids used twice {[i for i, n in ids.items() if n > 1]}"
        )
        assert tree.get("lang"), f"{self.path}: no language"
        assert (tree.find(".//title").text or "").strip(), f"{self.path}: no title"
        labelled = {e.get("for") for e in tree.iter("label")} | {
            id(field) for label in tree.iter("label") for field in label.iter()
        }
        for field in tree.iter():
            if field.tag in {"input", "select", "textarea"} and field.get("type", "text") not in NO_LABEL_NEEDED:
                named = field.get("id") in labelled or id(field) in labelled or field.get("aria-label")
                assert named, f"{self.path}: no label for {field.get('name')}"


def _texts(element: Element, skipped: set[str]) -> Any:
    if element.tag in skipped:
        return
    if element.text:
        yield element.text
    for child in element:
        yield from _texts(child, skipped)
        if child.tail:
            yield child.tail
