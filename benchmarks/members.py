"""Members who change their minds by HTTP: they pause, come back, cancel, and stay after all.

What their page said last is what they were told; a change that was cut off may or may not have been made, and they
look again before they do anything else. A page that still waits for the bank's answer to such a change says so, and
is sure of nothing.
"""

import random
import re
from dataclasses import dataclass, field

import asyncpg
import httpx

from benchmarks.shopper import Shopper, forms

HERE = "/account/membership"
PAUSE, RETURN = f"{HERE}/pause", f"{HERE}/pause/end"
CANCEL, STAY = f"{HERE}/cancellation", f"{HERE}/cancellation/withdrawal"
WAITING = "/account/waiting/"
NOTICE = re.compile(r'<p class="notice__words">(.*?)</p>', re.DOTALL)
ACTIVE, PAUSED, CANCELLED, UNSURE = "active", "paused", "cancelled", "unsure"
STANDING = """
SELECT person.email, CASE WHEN s.cancel_at IS NOT NULL THEN 'cancelled' ELSE s.status END AS standing
FROM subscription s JOIN person ON person.id = s.payer WHERE s.ended_at IS NULL AND person.email = ANY($1)
"""


@dataclass
class Member:
    """One browser that has joined. `told` is what the membership's page said last."""

    email: str
    address: str
    cookies: httpx.Cookies
    told: str = UNSURE
    changes: list[str] = field(default_factory=list)


def standing_of(page: httpx.Response) -> str:
    """What the membership's page offers says what is so, unless it tells that an answer is still awaited."""
    if page.url.path != HERE or page.status_code != 200 or f'href="{WAITING}' in page.text:
        return UNSURE
    offered = {form.action for form in forms(page.text)}
    if STAY in offered:
        return CANCELLED
    if f'href="{RETURN}"' in page.text or RETURN in offered:
        return PAUSED
    return ACTIVE if f'href="{PAUSE}"' in page.text else UNSURE


async def change(one: Shopper, member: Member, chance: random.Random) -> str:
    """One change, by the forms of the page; what it was, empty when the page offers none."""
    before = standing_of(await one.client.get(HERE))
    member.told = UNSURE
    if before == ACTIVE:
        after = await (_pause(one) if chance.random() < 0.5 else _submitted(one, CANCEL, CANCEL))
    elif before == PAUSED:
        after = await _submitted(one, RETURN, RETURN)
    elif before == CANCELLED:
        after = await _submitted(one, HERE, STAY)
    else:
        return ""
    member.told = standing_of(after)
    member.changes.append(f"{before} to {member.told}" + "".join(f" ({words})" for words in _notices(after)))
    return f"{before} to {member.told}"


def _notices(page: httpx.Response) -> list[str]:
    """What it says above everything else: why nothing has changed, for one."""
    return [" ".join(words.split()) for words in NOTICE.findall(page.text)]


async def _pause(one: Shopper) -> httpx.Response:
    confirming = await one.client.get(f"{PAUSE}/confirmation", params={"start": "now", "months": "1"})
    form = next(form for form in forms(confirming.raise_for_status().text) if form.action == PAUSE)
    return (await one.client.post(PAUSE, data=form.fields)).raise_for_status()


async def _submitted(one: Shopper, page: str, action: str) -> httpx.Response:
    shown = (await one.client.get(page)).raise_for_status()
    form = next(form for form in forms(shown.text) if form.action == action)
    return (await one.client.post(action, data=form.fields)).raise_for_status()


async def told_otherwise(connection: asyncpg.Connection, members: list[Member]) -> list[str]:
    """Whose page said last what the shop's rows do not say."""
    sure = {member.email: member for member in members if member.told != UNSURE}
    kept = {row["email"]: row["standing"] for row in await connection.fetch(STANDING, list(sure))}
    return [
        f"{email} was told {member.told}, the shop has {kept.get(email, 'nothing')} (after {member.changes})"
        for email, member in sure.items() if kept.get(email) != member.told
    ]  # fmt: skip
