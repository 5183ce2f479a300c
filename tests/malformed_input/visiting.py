"""Somebody who types nonsense wherever she may, and notes every answer that is none."""

import asyncio
import os
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

import httpx

from tests.malformed_input.crawling import Asked, Found, parameters
from tests.malformed_input.values import PATH_VALUES, VALUES
from tests.support import site_map
from tests.support.shops import Shop

PATIENCE = 20
SAID = r'field__error|refusals|notice--refusal|role="alert"'
ALL = os.environ.get("MALFORMED") == "all"
PART = 1 if ALL else 3
"""Of the values one in so many is sent to each form and address, and the next one gets the next of them."""
TRIES, LOOKS, UNLINKED = (3, 4, 6) if ALL else (1, 1, 2)
"""So many values each field is given while the others are right, each parameter; so many rounds an unlinked form."""


class Visit:
    """One person's visit; without an e-mail it is a guest's."""

    def __init__(self, shop: Shop, email: str) -> None:
        self.shop, self.email, self.turn, self.asked = shop, email, 0, 0

    async def begin(self) -> None:
        self.browser = await self.shop.signed_in(self.email) if self.email else self.shop.browser()

    async def try_form(self, asked: Asked) -> list[str]:
        """Nothing at all; values in every field, all fields wrong at once; then in one field among what is right, now
        and then two."""
        wrong = await self._send(replace(asked, shown=frozenset()), {})
        for turn in self._share(len(VALUES)):
            wrong += await self._send(asked, {name: _turned(turn + 5 * at) for at, name in enumerate(asked.names)})
        for number, name in ((number + turn, name) for turn in range(TRIES) for number, name in enumerate(asked.names)):
            typed = [self._next(), self._next()] if number % 3 == 2 else self._next()
            wrong += await self._send(asked, {**asked.given, name: typed})
        return wrong + (await self._send_files(asked) if asked.names else [])

    def _share(self, count: int) -> range:
        self.asked += 1
        return range(self.asked % PART, count, PART)

    async def try_unlinked(self, asked: Asked) -> list[str]:
        """A few rounds of nonsense to what no page links to: it need not give back what was typed."""
        judged = replace(asked, shown=frozenset())
        wrong = await self._send(judged, {})
        for _ in range(UNLINKED):
            wrong += await self._send(judged, {name: self._next() for name in asked.names})
        return wrong

    def _next(self) -> str:
        self.turn += 1
        return _turned(self.turn)

    async def _send(self, asked: Asked, data: dict[str, Any]) -> list[str]:
        return await self._judged(asked, data, self._post(asked.action, data=data))

    async def _send_files(self, asked: Asked) -> list[str]:
        """A file where words are wanted, words where a file is, and bytes that are no words."""
        file = ("x.txt", b"\xff\xfe not a picture", "text/plain")
        files: Any = {name: (None, b"\xed\xb3\xbf") if name in asked.files else file for name in asked.names}
        wrong = await self._judged(asked, {}, self._post(asked.action, files=files))
        files = dict.fromkeys(asked.names, (None, b"\xed\xb3\xbf"))
        return wrong + await self._judged(asked, {}, self._post(asked.action, files=files))

    async def _post(self, action: str, **sent: Any) -> httpx.Response:
        answer = await self.browser.client.post(action, follow_redirects=False, **sent)
        if self.email and "session" not in self.browser.client.cookies:
            await self.begin()
        return answer

    async def _judged(self, asked: Asked, data: dict[str, Any], sending: Any) -> list[str]:
        told = f"POST {asked.action} { {key: str(value)[:20] for key, value in data.items()} }"
        return [f"{told}: {fault}" for fault in await _faults(sending, asked, data)]

    async def try_addresses(self, found: Found, within: str) -> list[str]:
        wrong, gets = [], site_map.handlers("GET")
        for kind in sorted(one for one in gets if one.startswith(within)):
            for turn in self._share(len(PATH_VALUES)) if "{" in kind else ():
                wrong += await self._look(re.sub(r"\{[^}]*\}", PATH_VALUES[turn], kind))
            known = next(iter(found.pages.get(kind, [])), kind).split("?")[0]
            for name in parameters(gets[kind]) | found.queries.get(kind, set()):
                for _ in range(LOOKS):
                    wrong += await self._look(f"{known}?{urlencode({name: self._next()[:6_000]})}")
        return wrong

    async def _look(self, address: str) -> list[str]:
        sending = self.browser.client.get(address, follow_redirects=False)
        return [f"GET {address[:120]}: {fault}" for fault in await _faults(sending)]


def _turned(turn: int) -> str:
    return VALUES[turn % len(VALUES)]


async def _faults(sending: Any, asked: Asked | None = None, data: dict[str, Any] | None = None) -> list[str]:
    try:
        answer: httpx.Response = await asyncio.wait_for(sending, PATIENCE)
    except TimeoutError:
        return ["no answer"]
    if answer.status_code >= 500:
        return [f"answered {answer.status_code}"]
    if answer.status_code < 400:
        return []
    faults = [] if _has_words(answer.text) else [f"{answer.status_code} without words"]
    if answer.status_code == 422 and asked is not None:
        faults += _lost(asked, data or {}, answer.text)
    return faults


def _has_words(text: str) -> bool:
    """Something is said at a field, above a form, in a notice, or by a page that says nothing else."""
    return "<html" not in text or 'class="form"' not in text or re.search(SAID, text) is not None


def _lost(asked: Asked, data: dict[str, Any], text: str) -> list[str]:
    """Typed values that are no longer in the form they were typed into."""
    shown = _Shown(asked.action)
    shown.feed(text)
    given = {name: data[name][0] if isinstance(data[name], list) else data[name] for name in asked.shown & data.keys()}
    lost = {name for name, typed in given.items() if name in shown.values and shown.values[name] != _plain(typed)}
    return [f"lost what was typed as {name}: {shown.values[name][:40]!r}" for name in sorted(lost)]


def _plain(words: str) -> str:
    return " ".join(words.replace("\x00", "\N{REPLACEMENT CHARACTER}").split())


class _Shown(HTMLParser):
    """What stands in the text fields of the form with this action."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.action, self.is_inside, self.area = action, False, ""
        self.values: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        known = dict(attrs)
        if tag == "form":
            self.is_inside = known.get("action") == self.action
        elif self.is_inside and tag == "textarea":
            self.area = known.get("name", "")
            self.values[self.area] = ""
        elif self.is_inside and tag == "input" and known.get("name"):
            self.values.setdefault(known["name"], _plain(known.get("value") or ""))

    def handle_data(self, data: str) -> None:
        if self.area:
            self.values[self.area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.area:
            self.values[self.area], self.area = _plain(self.values[self.area]), ""
