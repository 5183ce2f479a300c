"""Those who use a shop that is killed again and again: whatever happens to them, they come back and try anew."""

import asyncio
import random
import re
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import httpx

from benchmarks import joining, members, shopper
from benchmarks.members import Member
from benchmarks.shopper import Shopper, forms
from benchmarks.small_shop import OWNER, PASSWORD, PLAN, PRODUCT
from tests.support.post_office import PostOffice

CUT_OFF = (httpx.HTTPError, RuntimeError, StopIteration, LookupError)
ORDER_NUMBER = re.compile(r"\b([A-Z]{1,6}-1\d{4,})\b")


@dataclass
class Traffic:
    """What they were told had worked. `changed` counts what members did by what it was, `numbers` are paid orders."""

    bought: int = 0
    joined: int = 0
    refunded: int = 0
    cut_off: int = 0
    numbers: list[str] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)
    changed: Counter[str] = field(default_factory=Counter)
    office: PostOffice | None = None
    turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))
    """Acts that may begin: more than the shop's worker can follow would only pile up jobs."""

    def allow(self, acts: int) -> None:
        for _ in range(acts):
            self.turns.release()


def somebody(base_url: str) -> Shopper:
    """From an address of their own: the shop limits how many accounts one address opens."""
    made = Shopper(base_url)
    made.client.headers["x-forwarded-for"] = an_address()
    return made


def an_address() -> str:
    return ".".join(str(random.randint(1, 250)) for _ in range(4))


async def buy(traffic: Traffic, base_url: str) -> None:
    one = somebody(base_url)
    try:
        address = await one.buy(PRODUCT)
        traffic.bought += 1
        page = await one.client.get(address)
        traffic.numbers += ORDER_NUMBER.findall(page.text)[:1]
    finally:
        await one.close()


async def join(traffic: Traffic, base_url: str) -> None:
    one = somebody(base_url)
    try:
        email = await join_plan(one, PLAN, traffic.office)
        traffic.joined += 1
        address = one.client.headers["x-forwarded-for"]
        traffic.members.append(Member(email, address, one.client.cookies, members.ACTIVE))
    finally:
        await one.close()


async def join_plan(one: Shopper, plan: str, office: PostOffice | None = None) -> str:
    """From the plan's page to the paid membership of somebody new; their e-mail address."""
    page = (await one.client.get(f"/join/{plan}")).raise_for_status()
    form = next((form for form in forms(page.text) if form.action == f"/join/{plan}"), None)
    if form is None:
        raise RuntimeError(f"no form to join {plan} at {page.url}")
    email = f"member-{random.getrandbits(48):x}@post.test"
    paying = await joining.to_pay(one.client, form.action, form.fields, email, office)
    if paying.url.path.startswith("/account/membership"):  # nothing is to be paid for this plan
        return email
    card = shopper.payment_form(paying)
    done = (await one.client.post(str(paying.url.join(card.action)), data=card.fields)).raise_for_status()
    if "/offline-payments/" in done.url.path:
        raise RuntimeError(f"the payment led to {done.url}")
    return email


async def change(traffic: Traffic, base_url: str) -> None:
    """Somebody who has joined pauses, comes back, cancels or stays; never two of one member at once."""
    if not traffic.members:
        await asyncio.sleep(0.5)
        return
    member = traffic.members.pop(random.randrange(len(traffic.members)))
    one = somebody(base_url)
    one.client.headers["x-forwarded-for"], one.client.cookies = member.address, member.cookies
    try:
        if done := await members.change(one, member, random.Random()):
            traffic.changed[done] += 1
    finally:
        traffic.members.append(member)
        await one.close()


async def refund(traffic: Traffic, base_url: str) -> None:
    """A pound of some order; never of the same twice."""
    if not traffic.numbers:
        await asyncio.sleep(0.5)
        return
    number = traffic.numbers.pop(random.randrange(len(traffic.numbers)))
    one = somebody(base_url)
    try:
        await one.sign_in(OWNER, PASSWORD)
        page = (await one.client.get(f"/staff/orders/{number}/refunds/new")).raise_for_status()
        form = next(form for form in forms(page.text) if form.action.endswith("/refunds"))
        sent = await one.client.post(form.action, data={**form.fields, "how": "amount", "amount": "1.00"})
        sent.raise_for_status()
        traffic.refunded += 1
    finally:
        await one.close()


Act = Callable[[Traffic, str], Awaitable[None]]


async def for_ever(act: Act, traffic: Traffic, base_url: str, *, pause: float) -> None:
    while True:
        await traffic.turns.acquire()
        try:
            await act(traffic, base_url)
            await asyncio.sleep(pause * random.random())
        except CUT_OFF:
            traffic.cut_off += 1
            await asyncio.sleep(0.2)
