"""A newcomer's way to a plan's payment page: the code from their e-mail, and back."""

import asyncio
import re
from collections.abc import Mapping

import httpx

from benchmarks.shopper import forms
from tests.support.post_office import PostOffice

_LETTER, _CODE = re.compile(r"/mailbox/([0-9a-f-]{36})"), re.compile(r">\s*(\d{6})\s*<")


async def to_pay(
    client: httpx.AsyncClient, path: str, fields: Mapping[str, str], email: str, office: PostOffice | None = None
) -> httpx.Response:
    """The payment page. The e-mail comes to this office, or to the practice mailbox. Raises `RuntimeError` when none
    comes."""
    (await client.post(path, data={**fields, "email": email})).raise_for_status()
    code = await _code(str(client.base_url), email, office)
    page = (await client.post("/sign-in/code", data={"email": email, "code": code})).raise_for_status()
    form = next(form for form in forms(page.text) if form.action == path)
    return (await client.post(path, data=form.fields)).raise_for_status()


async def _code(address: str, email: str, office: PostOffice | None) -> str:
    async with httpx.AsyncClient(base_url=address) as here:  # the mailbox is for this machine, whoever is joining
        for _ in range(100):
            if found := _CODE.findall(_sent(office, email) if office else await _in_mailbox(here, email)):
                return str(found[0])
            await asyncio.sleep(0.2)
    raise RuntimeError("no code came by e-mail")


def _sent(office: PostOffice, email: str) -> str:
    own = [letter for letter in office.letters if email in str(letter["To"])]
    body = own[-1].get_body(("html",)) if own else None
    return str(body.get_content()) if body is not None else ""


async def _in_mailbox(here: httpx.AsyncClient, email: str) -> str:
    letters = _LETTER.findall((await here.get("/mailbox", params={"to": email})).text)
    return (await here.get(f"/mailbox/{letters[0]}/sheet")).text if letters else ""
