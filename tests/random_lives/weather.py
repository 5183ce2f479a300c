"""What nobody in the shop decides: time, the post, whether a worker is there, and what the bank does."""

from datetime import timedelta

from hypothesis import strategies as st

from components import worker
from components.foundation import clock, database
from components.payments import reconcile
from tests.random_lives.stage import Stage, happens

MOST_STOPS = 40


class Weather(Stage):
    # time, with a worker

    @happens(hours=st.integers(1, 30))
    async def hours_pass(self, hours: int) -> None:
        await self.live(timedelta(hours=hours))

    @happens(days=st.integers(2, 20))
    async def days_pass(self, days: int) -> None:
        await self.live(timedelta(days=days))

    @happens(months=st.integers(1, 3))
    async def months_pass(self, months: int) -> None:
        await self.live(timedelta(days=31 * months))

    async def live(self, step: timedelta) -> None:
        """A worker is there whenever something is due."""
        until = clock.now() + step
        for _ in range(MOST_STOPS):
            clock.set_everywhere(await self.world.next_wake(until))
            await self.catch_up()
            await self.world.timetable()
            await self.catch_up()
            self.time_tells()
            await self.purses_fill()
            self.explain_all(self.bank())
            if clock.now() >= until:
                return

    def time_tells(self) -> None:
        """Ends come by themselves: what was asked for is over when the bank says so."""
        books = self.bank()
        for life in self.lives.values():
            agreement = books.agreement(life.id)
            if life.asked in ("cancelled", "running") and (agreement is None or agreement.is_over):
                life.asked = "nothing"

    # time, with nobody there

    @happens(days=st.integers(1, 40))
    async def nobody_works_for_days(self, days: int) -> None:
        clock.set_everywhere(clock.now() + timedelta(days=days))
        self.is_quiet, self.is_late = False, True

    @happens()
    async def the_worker_returns(self) -> None:
        await self.catch_up()
        await self.world.timetable()
        await self.catch_up()
        self.time_tells()

    # the post

    @happens()
    async def all_news_is_lost(self) -> None:
        self.lost += await self.world.lose_news()
        self.is_quiet = self.is_quiet and not self.lost

    @happens()
    async def news_comes_and_nobody_works(self) -> None:
        if await self.world.deliver():
            self.is_quiet = False

    @happens(times=st.integers(1, 4))
    async def news_comes_several_times(self, times: int) -> None:
        self.world.fault("duplicate", times)
        await self.catch_up()

    @happens(times=st.integers(1, 3))
    async def news_comes_in_another_order(self, times: int) -> None:
        self.world.fault("reorder", times)
        await self.catch_up()

    @happens(times=st.integers(1, 3))
    async def news_will_be_late(self, times: int) -> None:
        self.world.fault("delay", times)
        self.is_quiet, self.lost = False, self.lost + 1

    @happens(times=st.integers(1, 3))
    async def news_will_be_lost(self, times: int) -> None:
        self.world.fault("drop", times)
        self.is_quiet, self.lost = False, self.lost + 1

    @happens()
    async def every_fact_is_told_again(self) -> None:
        for row in await database.fetch("SELECT id FROM announced_fact ORDER BY id DESC LIMIT 8"):
            await worker.deliver_fact(str(row["id"]))
        await self.catch_up()

    # the bank

    @happens(
        kind=st.sampled_from(("error_after_commit", "timeout", "unavailable", "rate_limit", "key_in_use")),
        times=st.integers(1, 4),
    )
    async def the_bank_fails(self, kind: str, times: int) -> None:
        self.world.fault(kind, times)  # type: ignore[arg-type]
        self.is_faulty, self.is_quiet, self.lost = True, False, self.lost + 1

    @happens()
    async def the_hourly_check_runs(self) -> None:
        await reconcile.lightly()
        await self.catch_up()
