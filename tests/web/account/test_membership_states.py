"""Every state of a membership with every action of member and staff, held against the table in docs/memberships.md."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import pytest

from components.foundation import clock, database, ids
from components.memberships.billing import cancellations, pauses, payments_due, subscriptions
from components.memberships.billing.states import current_states, pause_schedule
from components.memberships.billing.states.membership_states import (
    MemberAction,
    MembershipState,
    StaffAction,
    member_actions,
    staff_actions,
)
from components.memberships.editing import plan_benefits, plans
from components.memberships.entitlements import entitlements, membership_periods
from components.memberships.grants import complimentary, seats
from components.memberships.plans import plan_catalogue
from tests.support import agreed_dates, join_members, kept_shops, make_plans, people
from tests.support.kept_shops import KeptShop
from tests.support.pages import Browser, Page
from tests.support.shops import Shop
from tests.web.account import state_surfaces

HERE = "/account/membership"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FAILS_LATER = "4000000000000341"
IRIS = "iris@kiln.test"
DOCS = Path(__file__).parents[3] / "docs/memberships.md"


class Row(NamedTuple):
    state: str
    benefits: str
    words: str
    member: str
    staff: str
    email: str


def _table() -> dict[str, Row]:
    lines = DOCS.read_text().split("| state | benefits |")[1].split("\n\n")[0].splitlines()[2:]
    rows = [Row(*(cell.strip() for cell in line.strip("|").split("|"))) for line in lines]
    return {row.state: row for row in rows}


TABLE = _table()


def _named(cell: str) -> set[str]:
    return set() if cell == "–" else {one.strip() for one in cell.split(",")}


# how each state is reached


async def _active(shop: Shop) -> None:
    await join_members.joins(shop, plan_catalogue.by_slug("monthly"))


async def _trial(shop: Shop) -> None:
    await plans.set_terms(
        plan_catalogue.by_slug("monthly").id, plans.PlanTerms(trial_days=14, trial_ends="card"), by=None
    )
    await _active(shop)


async def _past_due(shop: Shop) -> None:
    browser = await join_members.joins(shop, plan_catalogue.by_slug("monthly"))
    page = await browser.submit(await browser.get(HERE), f"{HERE}/card")
    await browser.get((await shop.pay(page, FAILS_LATER)).url)  # type: ignore[attr-defined]
    await shop.catch_up()
    await join_members.until(shop, clock.now() + 31 * DAY + 2 * HOUR)


async def _after_grace(shop: Shop) -> None:
    await _past_due(shop)
    await join_members.until(shop, clock.now() + 14 * DAY)


async def _unpaid(shop: Shop) -> None:
    """As Stripe leaves it where the account's settings say so."""
    shop.stand_in.retry_renewals(schedule="one week", then="unpaid")
    await _past_due(shop)
    for _ in range(4):
        await join_members.until(shop, clock.now() + 5 * DAY)


async def _planned(shop: Shop) -> None:
    await _active(shop)
    begins = clock.now() + 10 * DAY
    await pauses.start(await _its(), from_at=begins, until=begins + 30 * DAY)


async def _paused(shop: Shop) -> None:
    await _active(shop)
    clock.set_everywhere(clock.now() + HOUR)
    await pauses.start(await _its(), until=clock.now() + 30 * DAY)
    await shop.catch_up()


async def _cancelling(shop: Shop) -> None:
    await _active(shop)
    await cancellations.schedule(await _its())
    await shop.catch_up()


async def _cancelling_paused(shop: Shop) -> None:
    await _paused(shop)
    await cancellations.schedule(await _its())
    await shop.catch_up()


async def _ended(shop: Shop) -> None:
    await _cancelling(shop)
    await join_members.until(shop, clock.now() + 32 * DAY)


async def _holding(shop: Shop, source: str, *, days: int | None = 30) -> None:
    person = (await people.customer(join_members.MAYA, name="Maya")).id
    plan, until = plan_catalogue.by_slug("monthly"), clock.now() + days * DAY if days else None
    await membership_periods.start(
        person, plan_id=plan.id, source=source, source_id=ids.new(), starts_at=clock.now(), ends_at=until
    )
    await shop.catch_up()


async def _never(shop: Shop) -> None:
    await people.customer(join_members.MAYA, name="Maya")


async def _free(shop: Shop) -> None:
    await _never(shop)
    await complimentary.join_free(await join_members.person(), await make_plans.free_tier())


async def _given(shop: Shop) -> None:
    await _never(shop)
    plan, by = plan_catalogue.by_slug("monthly"), await join_members.person(IRIS)
    await complimentary.grant(await join_members.person(), plan, until=None, by=by)
    await shop.catch_up()


async def _seat_on_hold(shop: Shop) -> None:
    await _seat(shop)
    payer = await subscriptions.running(await join_members.person("payer@kiln.test"))
    assert payer is not None
    clock.set_everywhere(clock.now() + HOUR)
    await pauses.start(payer.id, until=clock.now() + 30 * DAY)
    await membership_periods.announce_ended()
    await shop.catch_up()


async def _seat(shop: Shop) -> None:
    await plans.set_terms(plan_catalogue.by_slug("monthly").id, plans.PlanTerms(seats=2), by=None)
    await join_members.joins(shop, plan_catalogue.by_slug("monthly"), email="payer@kiln.test")
    await _never(shop)
    payer = await join_members.person("payer@kiln.test")
    seat = await seats.invite(payer, email=join_members.MAYA, own_email="payer@kiln.test")
    await seats.accept(seat.id, seats.token(seat.id), holder=await join_members.person())
    await shop.catch_up()


REACHED: dict[MembershipState, Callable[[Shop], Awaitable[None]]] = {
    MembershipState.NEVER: _never,
    MembershipState.FREE: _free,
    MembershipState.TRIAL: _trial,
    MembershipState.ACTIVE: _active,
    MembershipState.PAST_DUE_IN_GRACE: _past_due,
    MembershipState.PAST_DUE_AFTER_GRACE: _after_grace,
    MembershipState.UNPAID: _unpaid,
    MembershipState.PAUSE_PLANNED: _planned,
    MembershipState.PAUSED: _paused,
    MembershipState.CANCELLING: _cancelling,
    MembershipState.CANCELLING_PAUSED: _cancelling_paused,
    MembershipState.ENDED: _ended,
    MembershipState.COMPLIMENTARY: _given,
    MembershipState.GIFT: lambda shop: _holding(shop, "gift"),
    MembershipState.SEAT: _seat,
    MembershipState.SEAT_ON_HOLD: _seat_on_hold,
    MembershipState.EARNED: lambda shop: _holding(shop, "earned"),
    MembershipState.FIXED_TERM: lambda shop: _holding(shop, "term"),
    MembershipState.LIFE: lambda shop: _holding(shop, "term", days=None),
}


# what each action sends, and what it leads to

OFFERED: dict[str, str] = {
    MemberAction.JOIN: "/join",
    MemberAction.CHANGE_CARD: f"{HERE}/card",
    MemberAction.CHANGE_PLAN: f"{HERE}/plan",
    MemberAction.PAUSE: f"{HERE}/pause",
    MemberAction.RESUME: f"{HERE}/pause/end",
    MemberAction.CANCEL: f"{HERE}/cancellation",
    MemberAction.END_NOW: f"{HERE}/cancellation",
    MemberAction.UNDO_CANCELLATION: f"{HERE}/cancellation/withdrawal",
    MemberAction.PAY: f"{HERE}/payment",
    MemberAction.LEAVE_HOUSEHOLD: "/account/household/leaving",
    MemberAction.LEAVE_FREE: f"{HERE}/free/end",
}
"""Where the member's page leads for each action."""
STAFF_OFFERED: dict[str, str] = {
    StaffAction.PAUSE: "pause",
    StaffAction.RESUME: "pause/end",
    StaffAction.CANCEL: "cancellation",
    StaffAction.END_NOW: "cancellation/now",
    StaffAction.UNDO_CANCELLATION: "cancellation/withdrawal",
    StaffAction.RETRY: "payment",
    StaffAction.END_COMPLIMENTARY: "comps/end",
}
S, A = MembershipState, MemberAction
PAYS = "the payment page"
AFTER: dict[tuple[str, str], str] = {
    (S.TRIAL, A.CANCEL): S.CANCELLING,
    (S.TRIAL, A.CHANGE_PLAN): S.TRIAL,
    (S.ACTIVE, A.CANCEL): S.CANCELLING,
    (S.PAUSE_PLANNED, A.CANCEL): S.CANCELLING,
    (S.PAUSED, A.CANCEL): S.CANCELLING_PAUSED,
    (S.PAUSE_PLANNED, A.CHANGE_PLAN): S.PAUSE_PLANNED,
    (S.ACTIVE, A.PAUSE): S.PAUSED,
    (S.CANCELLING_PAUSED, A.RESUME): S.CANCELLING,
    (S.CANCELLING, A.UNDO_CANCELLATION): S.ACTIVE,
    (S.CANCELLING_PAUSED, A.UNDO_CANCELLATION): S.PAUSED,
    (S.SEAT, A.LEAVE_HOUSEHOLD): S.NEVER,
    (S.SEAT_ON_HOLD, A.LEAVE_HOUSEHOLD): S.NEVER,
    (S.FREE, A.LEAVE_FREE): S.NEVER,
    (S.COMPLIMENTARY, StaffAction.END_COMPLIMENTARY): S.NEVER,
}
"""Otherwise: ended by cancelling or ending, active by resuming and by changing plan, and `PAYS` for the rest."""


def _expected(state: str, action: str) -> str:
    if (state, action) in AFTER:
        return str(AFTER[state, action])
    if action in (A.CANCEL, A.END_NOW):
        return S.ENDED
    if action == StaffAction.RETRY:
        return state
    return S.ACTIVE if action in (A.RESUME, A.CHANGE_PLAN) else PAYS


async def _send(browser: Browser, action: str) -> Page:
    """As the page's own forms would; a form that is not there is sent all the same."""
    if action == A.JOIN:
        return await browser.post("/join/monthly", {})
    if action == A.CHANGE_PLAN:
        page = await browser.get(f"{HERE}/plan/large")
        if page.path.endswith("/plan/large"):
            return await browser.submit(page, f"{HERE}/plan/large")
        return await browser.post(f"{HERE}/plan/large", {"at": clock.now().isoformat(), "due": "0", "version": "x"})
    if action == A.END_NOW:
        return await browser.post(f"{HERE}/cancellation/now", {})
    typed = agreed_dates.pause_now() if action == A.PAUSE else {"due": "0"} if action == A.RESUME else {}
    return await browser.post(OFFERED[action], typed)


async def _send_as_staff(browser: Browser, person: UUID, action: str) -> Page:
    typed: dict[str, Any] = {}
    if action == StaffAction.PAUSE:
        typed = {"choice": "now-1", "until": agreed_dates.pause_now()["until"]}
    if action == StaffAction.RETRY and (owed := await payments_due.of_person(person)) is not None:
        typed = {"due": str(owed.amount.amount)}
    if action == StaffAction.END_COMPLIMENTARY:
        found = await database.fetch_value("SELECT id FROM membership WHERE holder = $1 LIMIT 1", person)
        typed = {"membership": str(found or person)}
    return await browser.post(f"/staff/members/{person}/{STAFF_OFFERED[action]}", typed)


# the walk


async def _its() -> UUID:
    found = await subscriptions.latest(await join_members.person())
    assert found is not None
    return found.id


async def _state() -> str:
    person = await join_members.person()
    standing = await entitlements.for_person(person)
    return (await current_states.of_person(person, standing.plan)).state.value


async def _rows() -> list[object]:
    found: list[object] = []
    for table in ("subscription", "pause", "membership", "plan_change", "seat"):
        found += [tuple(row.values()) for row in await database.fetch(f"SELECT * FROM {table} ORDER BY id")]
    return found


async def _built(shop: Shop, state: MembershipState, folder: Path) -> KeptShop:
    await people.owner(IRIS)
    await make_plans.club(price=450, interval="month", slug="monthly")
    await plans.create(slug="large", name="Large", summary="", price=900, interval="month", by=None)
    for benefit in plan_catalogue.by_slug("monthly").benefits:
        await plan_benefits.attach(plan_catalogue.by_slug("large").id, benefit.id, by=None)
    await state_surfaces.stock()
    await REACHED[state](shop)
    await pause_schedule.end_due()
    await shop.catch_up()
    return await kept_shops.keep(shop, folder, join_members.MAYA, IRIS)


@pytest.mark.parametrize("state", list(MembershipState), ids=lambda state: state.value.replace(" ", "-"))
async def test_state_and_actions_are_as_the_table_says(
    shop: Shop, dsn: str, tmp_path: Path, state: MembershipState
) -> None:
    row = TABLE[state.value]
    assert _named(row.member) == {one.value for one in member_actions(state)}
    assert _named(row.staff) == {one.value for one in staff_actions(state)}
    kept = await _built(shop, state, tmp_path)
    assert await _state() == state.value
    person = await join_members.person()
    async with kept.opened(tmp_path / "looking", dsn) as (_, browsers):
        maya, iris = browsers[join_members.MAYA], browsers[IRIS]
        await _looks_right(maya, iris, person, state, row)
        await _refuses_the_rest(maya, iris, person, state)
    for number, action in enumerate(sorted(member_actions(state))):
        async with kept.opened(tmp_path / f"member-{number}", dsn) as (_, browsers):
            await _leads(await _send(browsers[join_members.MAYA], action), state, action)
    for number, action in enumerate(sorted(staff_actions(state))):
        async with kept.opened(tmp_path / f"staff-{number}", dsn) as (_, browsers):
            await _leads(await _send_as_staff(browsers[IRIS], person, action), state, action)


OFF_FOR_NOW = frozenset(
    {
        MembershipState.PAUSED,
        MembershipState.CANCELLING_PAUSED,
        MembershipState.PAST_DUE_AFTER_GRACE,
        MembershipState.UNPAID,
        MembershipState.SEAT_ON_HOLD,
    }
)
"""The overview says so too, and offers no plans."""


async def _looks_right(maya: Browser, iris: Browser, person: UUID, state: MembershipState, row: Row) -> None:
    page, seen = await maya.get(HERE), await iris.get(f"/staff/members/{person}")
    assert row.words in page.words, page.words
    await state_surfaces.look(maya, iris, state)
    overview = (await maya.get("/account")).words
    assert ("See the plans" in overview) is (state in (MembershipState.NEVER, MembershipState.ENDED)), overview
    if state in OFF_FOR_NOW:
        assert row.words in overview or "so your benefits are off" in overview, overview
    standing = await entitlements.for_person(person)
    assert bool(standing.entitlements) is (row.benefits == "yes")
    assert state.value.capitalize() in seen.words, seen.words
    assert _ways(page) & set(OFFERED.values()) == {OFFERED[one] for one in member_actions(state)}
    within = f"/staff/members/{person}/"
    offered = {way.removeprefix(within) for way in _ways(seen) if way.startswith(within)}
    wanted = {STAFF_OFFERED[one] for one in staff_actions(state)}
    assert offered & set(STAFF_OFFERED.values()) == wanted
    if row.email != "–":
        sent = await database.fetch_value(
            "SELECT count(*) FROM email WHERE template = $1 AND person = $2", row.email, person
        )
        assert sent == 1 or (sent > 1 and row.email == "payment_failed"), (row.email, sent)


def _ways(page: Page) -> set[str]:
    """The addresses that the page's own part leads to, by link or by button."""
    main = page.tree.find(".//main")
    assert main is not None
    forms = {form.get("action", "") for form in main.iter("form")}
    return forms | {link.get("href", "").split("/join/")[0] or "/join" for link in main.iter("a")}


async def _refuses_the_rest(maya: Browser, iris: Browser, person: UUID, state: MembershipState) -> None:
    before = await _rows()
    for action in sorted(set(MemberAction) - member_actions(state)):
        answer = await _send(maya, action)
        assert "/offline-payments" not in answer.path, action
        assert answer.alerts().strip() or answer.status >= 400 or action == A.CHANGE_PLAN, (action, answer.words)
        assert await _rows() == before, action
    for action in sorted(set(StaffAction) - staff_actions(state)):
        answer = await _send_as_staff(iris, person, action)
        assert answer.alerts().strip() or answer.status >= 400, (action, answer.words)
        assert await _rows() == before, action


async def _leads(answer: Page, state: MembershipState, action: str) -> None:
    wanted = _expected(state.value, action)
    if wanted == PAYS:
        assert "/offline-payments" in answer.path, answer.words
    else:
        assert answer.status == 200 and await _state() == wanted, (action, await _state(), answer.alerts())


def test_the_table_has_every_state_and_no_other() -> None:
    assert set(TABLE) == {state.value for state in MembershipState} == {state.value for state in REACHED}
