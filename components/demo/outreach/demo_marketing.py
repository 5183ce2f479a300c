"""Kiln's segments, who agreed to its e-mails, a campaign that was sent and one being written; its journeys."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from components.campaigns import campaign_sending, campaigns
from components.campaigns.campaigns import CampaignDraft
from components.consents import consents
from components.demo.generator.arrivals import OpenedAccount
from components.demo.generator.seasonal_calendar import A_DAY
from components.demo.outreach import demo_journeys
from components.demo.past_customers import KnownCustomer, in_turn
from components.demo.past_orders import Buyer
from components.demo.shop_history import Life
from components.foundation import clock
from components.segments import segment_editing, segments

SENT = timedelta(days=22)
"""Long enough ago for all that is counted of it."""
AGREE, WITHDRAW = 0.9, 0.04
"""How many of those who ever bought tick the box, and how many of these change their mind."""
ADDED_MOST, EARLIEST = 480, 40 * A_DAY
"""Of those who are added beside the story, how many are asked, and how long they had been there: with them a campaign
has enough on both sides to compare.
"""
TIPS_TOO = 3
"""One in so many of them ticks the second box too."""
DEMO_SEGMENTS: tuple[tuple[str, list[dict[str, Any]]], ...] = (
    ("Members who use nothing", [
        {"kind": "member_for", "is": "at_least", "days": "60"},
        {"kind": "benefit_used", "is": "no", "benefit": "*", "days": "60"},
    ]),
    ("May be leaving", [{"kind": "at_risk", "is": "yes", "risk": "*"}]),
    ("Regulars who are not members", [
        {"kind": "orders", "is": "at_least", "number": "3", "days": ""},
        {"kind": "plan", "is": "no", "plan": "*"},
    ]),
    ("Quiet, and glad to hear from us", [
        {"kind": "last_order", "is": "before", "days": "120"},
        {"kind": "agreed", "is": "yes", "emails": "news"},
    ]),
)  # fmt: skip
LIT = CampaignDraft(
    name="Candlelight from the last firing",
    subject="Out of the kiln: candlelight",
    preheader="Tealight lanterns and candlesticks, unpacked on Saturday",
    body="""# Hello{if first name} {first name}{end},

the kiln was opened on Saturday, and everything for candles came out whole. There are lanterns and candlesticks again,
in all glazes.

{if member}
With your membership you have saved **{saved}** so far.
{end}

[See what came out]({link})
""",
    link="/collections/planters-and-candlelight",
    holdout=25,
)
WRITTEN = CampaignDraft(
    name="What is waiting for members",
    kind="tips",
    subject="{first name, otherwise Dear member}, this is yours and you have not used it",
    body="""# Hello{if first name} {first name}{end},

a membership is worth what you do with it. These are waiting for you: repairs of broken handles, a weekend at the farm,
and every price of the club.

[See what is yours]({link})
""",
    link="/account/membership",
)


@dataclass(frozen=True)
class _Change:
    """What somebody said of e-mails: agreed `days` ago, or withdrew it."""

    email: str
    person: UUID | None
    days: float
    how: str
    kinds: tuple[str, ...] = ("news",)
    is_over: bool = False


async def tell(
    today: datetime, lives: Iterable[Life], known: KnownCustomer, added: Sequence[OpenedAccount], *, by: UUID
) -> None:
    """All of it, when each of it was."""
    said: dict[str, list[_Change]] = {}
    chance = Random(311)
    told = (*_said(chance, lives, known), *_said_by_cast(known.homes), *_said_by_added(chance, added, today))
    for one in told:
        said.setdefault(one.email, []).append(one)
    await in_turn(_say(changes, today) for changes in said.values())
    made = []
    for number, (name, parts) in enumerate(DEMO_SEGMENTS):
        with clock.frozen(today - timedelta(days=60 - 9 * number)):
            made.append(await segment_editing.create(name, {"match": "all", "parts": parts}, by=by))
    await _send((today - SENT).replace(hour=9, minute=0, second=0), by=by)
    with clock.frozen(today - timedelta(days=2)):
        await campaigns.create(replace(WRITTEN, segment=made[0]), by=by)
    await demo_journeys.tell(today, by=by)


async def count(today: datetime) -> None:
    """Sizes of segments as of today."""
    with clock.frozen(today):
        for segment in await segments.active():
            await segments.counted(segment.id)


def _said(chance: Random, lives: Iterable[Life], known: KnownCustomer) -> Iterable[_Change]:
    for life in lives:
        who, agrees, ends = known.people[life.who.number], chance.random() < AGREE, chance.random() < WITHDRAW
        if agrees:
            how, days = ("account" if who.person_id else "checkout"), float(life.who.arrives)
            kinds = ("news", "tips") if who.person_id and life.who.number % TIPS_TOO == 0 else ("news",)
            yield _Change(who.email, who.person_id, days, how, kinds)
            if ends:
                yield _Change(who.email, who.person_id, days / 2, "unsubscribe", kinds, is_over=True)


def _said_by_added(chance: Random, added: Sequence[OpenedAccount], today: datetime) -> Iterator[_Change]:
    """In their account, on the day they opened it."""
    now = today.timestamp()
    for one in [each for each in added if now - each.at > EARLIEST][:ADDED_MOST]:
        if chance.random() < AGREE:
            yield _Change(one.email, one.person, (now - one.at) / A_DAY, "account")


def _said_by_cast(homes: dict[str, Buyer]) -> Iterable[_Change]:
    maya, theo, noor = (homes[f"{name}@kiln.test"] for name in ("maya", "theo", "noor"))
    yield _Change(maya.email, maya.person_id, 498, "own page", ("news", "tips"))
    yield _Change(theo.email, theo.person_id, 394, "checkout")
    yield _Change(theo.email, theo.person_id, 28, "unsubscribe", is_over=True)
    yield _Change(noor.email, noor.person_id, 87, "checkout")


async def _say(changes: list[_Change], today: datetime) -> None:
    for one in changes:
        with clock.frozen(today - timedelta(days=one.days)):
            if one.is_over:
                await consents.withdraw(one.email, one.kinds, how=one.how, person_id=one.person)
            else:
                await consents.agree(one.email, one.kinds, how=one.how, person_id=one.person)


async def _send(at: datetime, *, by: UUID) -> None:
    with clock.frozen(at - timedelta(days=1)):
        made = await campaigns.create(LIT, by=by)
    with clock.frozen(at):
        await campaigns.schedule(made.id, at=at, version=made.version, by=by)
        await campaign_sending.start(made.id)
        for _ in range(40):  # a slow machine writes less in the seconds of one job
            await campaign_sending.send(str(made.id))
            if (await campaigns.by_id(made.id)).ended_at:
                return
