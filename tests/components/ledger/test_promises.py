"""Whatever happens to one person's money, in whatever order, the books hold."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from components.foundation import clock, database, ids
from components.ledger import cashback, failed_refunds, reservations, schedule
from components.ledger.reservations import NotEnoughCredit
from tests.support import databases, make_ledger_entries

STEPS = st.lists(
    st.tuples(
        st.sampled_from(("give", "earn", "reserve", "spend", "release", "refund", "days", "back", "fails")),
        st.integers(1, 900),
        st.integers(0, 5),
    ),
    min_size=1,
    max_size=25,
)


class Story:
    """One person, the orders she paid, and those that earned cashback."""

    def __init__(self) -> None:
        self.person, self.at = ids.new(), clock.now()
        self.orders: list[tuple[object, int, str]] = []
        self.earned: dict[object, int] = {}
        self.refunded: dict[object, int] = {}
        self.given_back: dict[str, tuple[object, int]] = {}

    async def step(self, what: str, amount: int, which: int) -> None:
        with clock.frozen(self.at):
            await getattr(self, f"_{what}")(amount, which)

    async def _give(self, amount: int, which: int) -> None:
        await make_ledger_entries.give(
            self.person, amount, until=self.at + timedelta(days=20 * which) if which else None
        )

    async def _earn(self, amount: int, which: int) -> None:
        order = ids.new()
        self.earned[order] = await cashback.earn(make_ledger_entries.earning(self.person, amount, order=order))
        self.refunded[order] = 0

    async def _reserve(self, amount: int, which: int) -> None:
        order, before = ids.new(), await make_ledger_entries.spendable(self.person)
        try:
            await reservations.reserve(order, person_id=self.person, amount=amount, words="Order")
        except NotEnoughCredit:
            assert before < amount
            return
        assert await make_ledger_entries.spendable(self.person) == before - amount
        self.orders.append((order, amount, "kept"))

    async def _spend(self, amount: int, which: int) -> None:
        await self._end(which, "spent")

    async def _release(self, amount: int, which: int) -> None:
        await self._end(which, "released")

    async def _end(self, which: int, how: str) -> None:
        kept = [one for one in self.orders if one[2] == "kept"]
        if not kept:
            return
        order, amount, _ = kept[which % len(kept)]
        if how == "spent":
            assert await reservations.spend(order, amount=amount, words="Order")
        else:
            await reservations.release(order, words="Not paid")
        self.orders = [(o, a, how if o == order else h) for o, a, h in self.orders]

    async def _refund(self, amount: int, which: int) -> None:
        if self.earned:
            order = list(self.earned)[which % len(self.earned)]
            self.refunded[order] = min(1000, self.refunded[order] + amount)
            await cashback.reverse(order, refunded=self.refunded[order], total=1000, words="Refunded")

    async def _days(self, amount: int, which: int) -> None:
        self.at += timedelta(days=which * 9)
        with clock.frozen(self.at):
            await schedule.release_and_expire()

    async def _back(self, amount: int, which: int) -> None:
        spent = [one for one in self.orders if one[2] == "spent"]
        if spent:
            order, most, _ = spent[which % len(spent)]
            left = most - sum(part for one, part in self.given_back.values() if one == order)
            cause, part = f"refund:{ids.new()}", min(amount, left)
            for _ in range(2):
                await reservations.restore(order, amount=part, cause=cause, words="Refunded")
            if part:
                self.given_back[cause] = (order, part)

    async def _fails(self, amount: int, which: int) -> None:
        """A refund that had succeeded: of credit, and of what earned cashback."""
        if self.given_back:
            cause = list(self.given_back)[which % len(self.given_back)]
            for _ in range(2):
                await failed_refunds.spend_again(cause, words="Failed")
            del self.given_back[cause]
        if self.earned:
            order = list(self.earned)[which % len(self.earned)]
            self.refunded[order] = max(0, self.refunded[order] - amount)
            for _ in range(2):
                await cashback.reverse(order, refunded=self.refunded[order], total=1000, words="Failed")

    async def refund_everything(self) -> None:
        with clock.frozen(self.at):
            for order in self.earned:
                await cashback.reverse(order, refunded=1000, total=1000, words="Refunded")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
async def test_the_ledger_sums_to_zero_and_cashback_reversed_is_cashback_earned(db: None, steps: list) -> None:
    await databases.empty()
    story = Story()
    for what, amount, which in steps:
        await story.step(what, amount, which)
    assert await make_ledger_entries.is_sound()
    assert await database.fetch_value("SELECT coalesce(sum(amount), 0) FROM ledger_entry") == 0
    given_now = -await make_ledger_entries.account("cashback_given")
    share = sum(story.earned[order] * story.refunded[order] // 1000 for order in story.earned)
    assert given_now == sum(story.earned.values()) - share
    spent = sum(amount for _, amount, how in story.orders if how == "spent")
    assert await make_ledger_entries.account("spent") == spent - sum(part for _, part in story.given_back.values())
    await story.refund_everything()
    assert await make_ledger_entries.account("cashback_given") == 0
    assert await make_ledger_entries.is_sound()
