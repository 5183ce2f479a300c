"""Kiln's benefits apart from prices: cashback, a birthday gift, a partner code and repairs."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from components.catalog.snapshot import snapshot_refresh
from components.foundation import clock
from components.ledger import schedule
from components.memberships import benefit_events
from components.memberships.editing import plan_benefits
from components.people import customer_accounts
from components.rewards import partner_codes

CASHBACK: dict[str, Any] = {"rate": 300, "cap": 2000, "each": "year", "days": 365}
BIRTHDAY_PIECE = "little-cup"
FARM = {
    "promise": "20% off a weekend at Larkhill Farm, two miles from the workshop",
    "how": "Quote it when you book: hello@larkhill.test.",
}
REPAIRS = {"promise": "Broken handles repaired for the price of the glue", "times": 2}
CODES = 60


async def promise(annual: UUID, *, by: UUID) -> None:
    """Only the annual plan has these."""
    piece = snapshot_refresh.snapshot().product(BIRTHDAY_PIECE)
    assert piece is not None
    cup = {"occasion": "birthday", "variants": [str(one.id) for one in piece.variants], "days": 60}
    given: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("cashback", "3% back", CASHBACK),
        ("gift", "A little cup on your birthday", cup),
        ("partner_code", "A weekend at Larkhill Farm", FARM),
        ("perk", "Handle repairs", REPAIRS),
    )
    for position, (kind, name, answers) in enumerate(given, start=20):
        benefit = await plan_benefits.create_benefit(kind_key=kind, name=name, answers=answers, by=by)
        await plan_benefits.attach(annual, benefit, by=by, position=position)
        if kind == "partner_code":
            await partner_codes.upload(benefit, "\n".join(_codes()), by=by)


async def hand_out(today: datetime, *, maya: UUID) -> None:
    """What is due by today: cashback that can be spent, and a recent birthday."""
    born = (today - timedelta(days=5)).date()
    await customer_accounts.remember_birthday(maya, birthday=born.replace(year=1988, day=min(born.day, 28)))
    with clock.frozen(today):
        await schedule.release_and_expire()
        await benefit_events.day_started()


def _codes() -> list[str]:
    """Sixty codes that look random."""
    return [f"LARKHILL-{(7919 * n + 104729) % 1679616:05X}" for n in range(1, CODES + 1)]
