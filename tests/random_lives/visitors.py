"""Somebody with a browser without a screen: nothing of a page is parsed that is not asked about."""

import html
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx

from components.foundation import clock
from components.people import sessions

BEGINNING = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)


@dataclass
class Answer:
    """What the shop answered in the end, and every notice on the way is on that page."""

    status: int
    path: str
    text: str

    @property
    def words(self) -> str:
        """All that a person could read, without tags; one space between words."""
        body = re.sub(r"(?s)<(script|style|template|head)\b.*?</\1>", " ", self.text)
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())

    @property
    def notice(self) -> str:
        """What the shop says about what was just done."""
        said = re.findall(r'(?s)<(\w+)[^>]*role="(?:alert|status)"[^>]*>(.*?)</\1>', self.text)
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", " ".join(one for _, one in said))).split())

    def given(self, action: str) -> dict[str, str]:
        """The fields of the form with this action, as they stand on the page."""
        found = re.search(rf'(?s)<form[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>', self.text)
        assert found, f"no form for {action} on {self.path}: {self.words[:600]}"
        return {
            name: html.unescape(value)
            for tag in re.findall(r"<input\b[^>]*>", found[1])
            if (name := _attribute(tag, "name")) and _is_sent(tag)
            for value in [_attribute(tag, "value")]
        }


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return found[1] if found else ""


def _is_sent(tag: str) -> bool:
    kind = _attribute(tag, "type")
    return kind not in ("submit", "button") and (kind not in ("radio", "checkbox") or " checked" in tag)


@dataclass
class Visitor:
    """Somebody with an account and a browser, who signs in again when the session has run out."""

    email: str
    id: UUID
    client: httpx.AsyncClient
    signed_in_at: datetime = BEGINNING - timedelta(days=99)

    async def get(self, address: str) -> Answer:
        await self._sign_in()
        return _answer(await self.client.get(address))

    async def post(self, address: str, **typed: Any) -> Answer:
        await self._sign_in()
        return _answer(await self.client.post(address, data=typed))

    async def _sign_in(self) -> None:
        if clock.now() - self.signed_in_at > timedelta(days=20):
            self.signed_in_at = clock.now()
            self.client.cookies.set("session", await sessions.start(self.id, agent="Tests"))


def _answer(response: httpx.Response) -> Answer:
    return Answer(response.status_code, response.url.raw_path.decode(), response.text)
