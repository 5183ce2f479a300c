"""A newcomer's way to a plan's payment page: the code from the practice mailbox, and back."""

import asyncio
import re
from collections.abc import Mapping

import httpx

from benchmarks.shopper import forms

_LETTER, _CODE = re.compile(r"/mailbox/([0-9a-f-]{36})"), re.compile(r">\s*(\d{6})\s*<")


async def to_pay(client: httpx.AsyncClient, path: str, fields: Mapping[str, str], email: str) -> httpx.Response:
    """The payment page. Raises `RuntimeError` when no e-mail comes."""
    (await client.post(path, data={**fields, "email": email})).raise_for_status()
    code = await _code(client, email)
    page = (await client.post("/sign-in/code", data={"email": email, "code": code})).raise_for_status()
    form = next(form for form in forms(page.text) if form.action == path)
    return (await client.post(path, data=form.fields)).raise_for_status()


async def _code(client: httpx.AsyncClient, email: str) -> str:
    for _ in range(100):
        letters = _LETTER.findall((await client.get("/mailbox", params={"to": email})).text)
        if letters and (found := _CODE.findall((await client.get(f"/mailbox/{letters[0]}/sheet")).text)):
            return str(found[0])
        await asyncio.sleep(0.2)
    raise RuntimeError("no code came by e-mail")
