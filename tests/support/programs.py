"""A program that asks the shop: no browser, no cookies but those it is given, and every answer held to the document."""

import re
from functools import cache
from typing import Any

import httpx

from components.foundation import ids
from components.people import api_keys
from tests.support import schemas
from web.api import openapi

PROBLEM = "application/problem+json"
SEEN: set[tuple[str, str]] = set()
"""Every operation (method, path) that was answered as documented, by any test of this process."""


class Program:
    def __init__(self, app: Any, *, key: str = "", cookies: dict[str, str] | None = None) -> None:
        headers = {"authorization": f"Bearer {key}"} if key else {}
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app), base_url="http://shop.test", headers=headers, cookies=cookies
        )

    async def get(self, path: str, **params: Any) -> Any:
        """What a 200 says."""
        answer = await self.ask("GET", path, params=params or None)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, body: Any, **headers: str) -> Any:
        answer = await self.ask("POST", path, json=body, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def refused(self, path: str, status: int, **rest: Any) -> dict[str, Any]:
        """The problem document with which it was refused."""
        method = "POST" if {"json", "content"} & rest.keys() else "GET"
        answer = await self.ask(rest.pop("method", method), path, **rest)
        assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM), answer.text
        assert answer.json()["status"] == status and answer.json()["detail"].endswith((".", "”"))
        return answer.json()  # type: ignore[no-any-return]

    async def ask(self, method: str, path: str, **rest: Any) -> httpx.Response:
        answer = await self.client.request(method, f"/api/v1{path}", **rest)
        if answer.status_code != 304 and path != "/openapi.json":
            check(method, answer)
        return answer


def check(method: str, answer: httpx.Response) -> None:
    """Raises when the answer is not as the document describes it."""
    made = document()
    documented = next((path for path in made["paths"] if pattern(path).fullmatch(answer.url.path)), None)
    problem = {"$ref": "#/components/schemas/Problem"}
    schema, kind = problem, PROBLEM
    if answer.status_code == 200 and documented is not None:
        ((kind, content),) = made["paths"][documented][method.lower()]["responses"]["200"]["content"].items()
        schema = content["schema"]
        SEEN.add((method, documented))
    assert answer.headers["content-type"] == kind, answer.text[:500]
    found = schemas.troubles(answer.json(), schema, made["components"]["schemas"])
    assert found == [], "\n".join(found)


@cache
def document() -> dict[str, Any]:
    return openapi.build_document()


def pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{\w+\}", "[^/]+", path))


async def key_for(owner_id: Any, *scopes: str, name: str = "Warehouse") -> str:
    return await api_keys.create(ids.new(), name=name, scopes=scopes, by=owner_id)
