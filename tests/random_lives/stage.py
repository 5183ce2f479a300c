"""What all rules stand on: the people, the bank, what may be asked of them, and what is looked at after each step."""

import asyncio
import functools
import inspect
import re
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from hypothesis.stateful import RuleBasedStateMachine, rule

from components.foundation import clock, database
from components.insights import invariants
from components.memberships.entitlements import entitlements
from components.payments import reconcile
from tests.random_lives import bank, model, words
from tests.random_lives.bank import Agreement, Bank
from tests.random_lives.beginning import begun
from tests.random_lives.model import Done, Life, Pending
from tests.random_lives.visitors import Answer, Visitor
from tests.random_lives.world import World

HERE = "/account/membership"
GUARANTEED = "SELECT coalesce(sum(given), 0)::bigint FROM fee_guarantee WHERE person = $1"


class Backstage:
    """The event loop that the database's pool lives in; the machine itself runs in a thread beside it."""

    loop: ClassVar[asyncio.AbstractEventLoop]
    dsn: ClassVar[str]
    happened: ClassVar[Counter[str]] = Counter()

    @classmethod
    def wait(cls, act: Awaitable[Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(act, cls.loop).result(timeout=300)  # type: ignore[arg-type]


def happens(**drawn: Any) -> Callable[[Any], Any]:
    """An async method is a rule: it happens, and then everybody is looked at."""

    def as_rule(act: Callable[..., Awaitable[None]]) -> Any:
        @functools.wraps(act)
        def one_step(self: "Stage", **given: Any) -> None:
            Backstage.wait(self.step(act, given))
            Backstage.happened[act.__name__] += 1

        made = rule(**drawn)(one_step)
        made.drawn = drawn
        return made

    return as_rule


def all_that_happens(machine: type["Stage"]) -> dict[str, dict[str, Any]]:
    """The rules of a machine by name, and what is drawn for each."""
    return {name: found.drawn for name, found in inspect.getmembers(machine) if hasattr(found, "drawn")}


class Stage(RuleBasedStateMachine):
    """`is_quiet`: every webhook has arrived and every job is done, so what the shop gives must be what is due."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None)
        self.world: World = Backstage.wait(begun(Path(self.folder.name), Backstage.dsn))
        self.is_quiet, self.is_faulty, self.is_late = True, False, False
        self.lives = {name: Life(name, who.id) for name, who in self.world.people.items()}
        for name, fee in self.world.joined.items():
            self.lives[name].asked, self.lives[name].fees = "running", {fee}
        self.lost = 0
        self.explain_all(self.bank(), told_before=True)

    def teardown(self) -> None:
        try:
            Backstage.wait(self.settle())
        finally:
            Backstage.wait(self.world.close())
            self.folder.cleanup()

    # one step

    async def step(self, act: Callable[..., Awaitable[None]], given: dict[str, Any]) -> None:
        await act(self, **given)
        if self.is_faulty or self.is_late or self.lost:
            for life in self.lives.values():
                life.purse.is_certain = False
                if life.reduction is not None:
                    life.reduction.is_certain = False
        await self.purses_fill()
        self.explain_all(self.bank())
        if self.is_quiet:
            await self.gifts_begin()
            await self.access_is_due()

    def bank(self) -> Bank:
        return bank.read(self.world.stand_in, self.world.customers)

    def life(self, name: str) -> Life:
        return self.lives[name]

    def visitor(self, name: str) -> Visitor:
        return self.world.people[name]

    def agreement(self, name: str) -> Agreement | None:
        return self.bank().agreement(self.life(name).id)

    def explain_all(self, books: Bank, *, told_before: bool = False) -> None:
        wrong = model.contradictions(books)
        for life in self.lives.values():
            for charge in life.new_charges(books):
                why = life.explain(charge) if not told_before else life.explained.add(charge.id)
                wrong += [why] if why else []
        assert not wrong, "\n".join(wrong)
        for life in self.lives.values():
            life.grants = [one for one in life.grants if model.keeps_its_seat(one, books)]

    async def access_is_due(self) -> None:
        books, now = self.bank(), clock.now()
        for life in (one for one in self.lives.values() if one.asked != "erased"):
            due = self.is_due_access(life, books, now)
            held = bool((await entitlements.for_person(life.id, now)).price_context.rules)
            assert held == due, (
                f"{life.name} {'has' if held else 'has no'} benefits at {now}, and {'has' if due else 'has no'} right "
                f"to them: {books.agreement(life.id)} {life.grants}"
            )

    def is_due_access(self, life: Life, books: Bank, now: datetime) -> bool:
        by_agreement = model.has_access(books.agreement(life.id), now) and not life.is_paused(now)
        return by_agreement or any(self.grant_holds(one, books, now) for one in life.grants)

    def grant_holds(self, grant: model.Grant, books: Bank, now: datetime) -> bool:
        if grant.source == "seat":
            carrier = books.by_id(grant.agreement)
            payer = next((one for one in self.lives.values() if carrier and one.id == carrier.person), None)
            return model.has_access(carrier, now) and not (payer and payer.is_paused(now))
        return grant.holds(now)

    async def purses_fill(self) -> None:
        """A guarantee gives store credit by itself, and the next renewal may use it."""
        for life in self.lives.values():
            if life.purse.is_known:
                found = await database.fetch_value(GUARANTEED, life.id)
                if found != life.purse.guaranteed:
                    life.purse.given += found - life.purse.guaranteed
                    life.purse.guaranteed, life.next_charge = found, None

    async def gifts_begin(self) -> None:
        """One that waits begins when what was held has ended, and lasts a year from then."""
        for life in self.lives.values():
            for one in life.grants:
                if one.source == "gift" and one.starts_at is None:
                    began = await database.fetch_value("SELECT begun_at FROM gift_membership WHERE id = $1", one.id)
                    assert began is None or began <= clock.now(), f"the gift of {life.name} began at {began}"
                    one.starts_at, one.ends_at = began, model.years_later(began, 1)

    # what people do

    async def act(
        self, name: str, address: str, *, done: Done, then: Callable[[], None], offered: str = "", **typed: Any
    ) -> bool:
        """Somebody sends a form. Whether it was done is what the bank says, and the page must not contradict it."""
        who, life = self.visitor(name), self.life(name)
        page = await self.read(name)
        before = self.bank()
        answer = await who.post(address, **typed)
        after = self.bank()
        was_done = done(before.agreement(life.id), after.agreement(life.id))
        self.must_be_true(name, answer, before, after)
        assert words.is_true(answer.notice, after.agreement(life.id)), f"{name} was told: {answer.notice!r}"
        assert self.is_faulty or not was_done or words.is_told(address, answer.notice), (
            f"{name} did {address}, and was told: {answer.notice!r}"
        )
        is_offered = bool(offered) and re.search(offered, page.text) is not None
        if self.is_quiet and not self.is_faulty and is_offered:
            assert was_done, (
                f"{address} was offered to {name}, and not done: {answer.notice!r} {after.agreement(life.id)}"
            )
        self.became(life, before.agreement(life.id), was_done, done, then)
        return was_done

    def became(
        self, life: Life, before: Agreement | None, was_done: bool, done: Done, then: Callable[[], None]
    ) -> None:
        if was_done:
            then()
        elif self.is_faulty:
            life.pending.append(Pending(before, done, then))

    async def read(self, name: str) -> Answer:
        """The page about the membership, as it is now; what it says of money is held against the books later."""
        before = self.bank()
        page = await self.visitor(name).get(HERE)
        self.must_be_true(name, page, before, self.bank())
        life = self.life(name)
        if self.is_quiet and not self.is_faulty:
            life.next_charge, life.purse.told = words.next_charge(page.words), words.next_credit(page.words)
            life.purse.is_certain = True
            agreement = before.agreement(life.id)
            assert words.suits(page.words, life, agreement), f"{name} ({life.asked}, {agreement}): {page.words}"
        return page

    def must_be_true(self, name: str, answer: Answer, before: Bank, after: Bank) -> None:
        life = self.life(name)
        assert answer.status < 500 or (answer.status == 503 and self.is_faulty), f"{answer.status} at {answer.path}"
        taken = after.charged(life.id) - before.charged(life.id)
        assert not (taken and words.denies_a_charge(answer.words)), f"{name} paid {taken} and read: {answer.words}"

    # what the world does

    async def catch_up(self) -> None:
        await self.world.catch_up()
        self.is_quiet = not self.lost

    async def settle(self) -> None:
        """The bank answers, the nightly check runs, and nothing is left to do: now all must be as it should."""
        self.world.no_more_faults()
        self.is_faulty = False
        clock.set_everywhere(clock.now() + timedelta(hours=3))
        await self.world.after_the_outage()
        await self.world.catch_up()
        await reconcile.fully()
        await self.world.catch_up()
        await self.world.timetable()
        await self.world.catch_up()
        self.lost, self.is_quiet, self.is_late = 0, True, False
        self.everybody_learns()
        await self.purses_fill()
        self.explain_all(self.bank())
        await self.gifts_begin()
        await self.access_is_due()
        broken = [words for part in [one async for one in invariants.examine()] for words in part.broken]
        assert not broken, "\n".join(broken)
        for life in self.lives.values():
            if life.asked != "erased":
                await self.read(life.name)
                await self.purse_is_right(life)
            self.refunds_are_as_agreed(life)

    async def purse_is_right(self, life: Life) -> None:
        if life.purse.is_known:
            left = words.credit_left((await self.visitor(life.name).get("/account/credit")).words)
            assert life.purse.holds(left), f"{life.name} has {left} of store credit left: {life.purse}"

    def refunds_are_as_agreed(self, life: Life) -> None:
        """All of them, and what a plan change that came late may have put right; a disputed charge stays."""
        books = self.bank()
        returned = books.returned(life.id)
        least = 0 if books.is_disputed(life.id) else life.returned
        is_right = least <= returned <= life.returned + life.correctable
        assert is_right, f"{life.name} got {returned} back; agreed: {life.returned}"

    def everybody_learns(self) -> None:
        books = self.bank()
        wrong = [life.learns(books.agreement(life.id)) for life in self.lives.values() if life.asked != "erased"]
        assert not any(wrong), wrong
