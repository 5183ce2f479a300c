"""Codes on orders and on what is paid once, a price that is tried on some, and withdrawing from a contract."""

import contextlib
import re

from hypothesis import strategies as st

from components.experiments import experiment_decisions, experiments
from components.foundation import database
from components.foundation.refusals import Refusal
from components.memberships.plans import plan_catalogue
from components.messaging.notices import settled_withdrawals
from components.people.privacy import erasure_wishes
from components.people.privacy.erasure import ErasureRefused
from tests.random_lives.bank import Charge
from tests.random_lives.beginning import CHEAPER, CODES, GOOD_CARD, MUGS_OFF, TERM_OFF_BP, TRIED
from tests.random_lives.member_rules import CARDS, WHO, form_on
from tests.random_lives.order_rules import OrderRules
from tests.random_lives.stage import happens
from tests.random_lives.visitors import Answer

TRIED_PRICE = re.compile(r"£(\d)\.00 a month")
TOTAL = re.compile(r'totals__row--whole[\s\S]*?value="([\d.]+)"')
RECEIPTS = "SELECT count(*) FROM email WHERE template = 'withdrawal_receipt' AND recipient = $1"
WAITING = "SELECT id, about FROM withdrawal WHERE email = $1 AND settled_at IS NULL"


class CodeRules(OrderRules):
    # orders

    @happens(who=WHO, card=CARDS)
    async def order_with_a_code(self, who: str, card: str) -> None:
        """So much less than without, once for each person; whoever has used it pays the whole."""
        life = self.life(who)
        if life.asked == "erased" or not self.is_calm():
            return
        without = await self.to_the_checkout(who, "")
        answer = await self.visitor(who).post("/basket/coupon", coupon="MUGS")
        page = await self.visitor(who).get("/checkout")
        if "Coupon MUGS" not in page.words:
            assert life.codes, f"{who} never used it, and was refused: {answer.notice}"
            return
        is_new = "Coupon MUGS" not in without.words
        assert "MUGS" not in life.codes, f"{who} may use it a second time"
        less = MUGS_OFF if is_new else 0
        assert self.to_pay(without) - self.to_pay(page) == less, (self.to_pay(without), self.to_pay(page))
        life.codes.add("tried")
        answer = await self.visitor(who).post("/checkout", **self.filled_in(who, page))
        assert "/offline-payments" in answer.path, answer.words
        before = self.bank().charged(life.id)
        await self.pay_for_the_order(who, page, answer.path, card, True)
        if self.bank().charged(life.id) > before:
            life.codes.add("MUGS")

    def to_pay(self, page: Answer) -> int:
        found = TOTAL.search(page.text)
        assert found is not None, page.words
        return round(float(found[1]) * 100)

    @happens(who=WHO, joins=st.sampled_from(("monthly", "tryout")), code=st.sampled_from(tuple(CODES)))
    async def order_and_join_with_a_code(self, who: str, joins: str, code: str) -> None:
        """The fee of as many payments as it says is less; `pay_for_the_order` reads from the page that it is."""
        held = self.agreement(who)
        if self.life(who).asked == "erased" or not self.is_calm() or (held is not None and not held.is_over):
            return
        await self.to_the_checkout(who, "")
        await self.visitor(who).post("/basket/coupon", coupon=code)
        page = await self.visitor(who).get(f"/checkout?join={joins}")
        answer = await self.visitor(who).post("/checkout", **self.filled_in(who, page))
        if "/offline-payments" in answer.path:
            await self.pay_for_the_order(who, page, answer.path, GOOD_CARD, True)

    # what is paid once

    @happens(who=WHO, card=CARDS)
    async def buy_a_fixed_term_with_a_code(self, who: str, card: str) -> None:
        life, price = self.life(who), plan_catalogue.by_slug("term").price.amount
        if life.asked == "erased" or not self.is_calm():
            return
        starts = self.when_free(life)
        page = await self.visitor(who).get("/join/term?code=LONG")
        answer = await self.visitor(who).post("/join/term", **form_on(page, "/join/term"))
        if "/offline-payments" not in answer.path:
            assert starts is None, answer.words
            return
        if "Coupon LONG" in page.words:
            price -= price * TERM_OFF_BP // 10000
        assert f"£{price / 100:.2f}" in page.words, page.words
        await self.pay_for_a_term(who, answer.path, card, starts, price)

    # a price that is tried

    @happens(who=WHO, joins=st.booleans())
    async def look_at_a_price_that_is_tried(self, who: str, joins: bool) -> None:
        """Whoever is shown the lower one is never shown the higher, and pays what was shown, at each renewal."""
        life, held = self.life(who), self.agreement(who)
        if life.asked == "erased" or not self.is_calm() or (held is not None and not held.is_over):
            return
        page = await self.visitor(who).get("/join/tried")
        form = form_on(page, "/join/tried")
        found = TRIED_PRICE.search(page.words)
        if not form or found is None:
            return
        shown = int(found[1]) * 100
        assert shown in (TRIED, CHEAPER), page.words
        (experiment,) = await experiments.everyone()
        if experiment.state == "running":
            assert life.tried in (None, shown), f"{who} was told {life.tried}, and now {shown}"
            life.tried = shown
        answer = await self.visitor(who).post("/join/tried", **form) if joins else None
        if answer is None or "/offline-payments" not in answer.path:
            return
        await self.pay_for_joining(who, answer.path, GOOD_CARD, True)
        agreed = self.agreement(who)
        assert agreed is not None and agreed.price == shown, f"{who} was shown {shown}: {agreed}"

    @happens(arm=st.sampled_from((0, 1)))
    async def staff_decide_which_price(self, arm: int) -> None:
        """Of those who have joined nobody pays anything else."""
        (experiment,) = await experiments.everyone()
        try:
            await experiment_decisions.decide(experiment.id, arm, by=self.world.owner)
        except Refusal:
            return

    # withdrawing

    @happens(who=WHO, about=st.sampled_from(("membership", "order")))
    async def withdraw(self, who: str, about: str) -> None:
        """In two steps, with a receipt; nothing moves by itself."""
        life, visitor = self.life(who), self.visitor(who)
        if life.asked == "erased" or not self.is_calm():
            return
        before: tuple[Charge, ...] = self.bank().charges
        number = await database.fetch_value(
            "SELECT number FROM orders WHERE person = $1 ORDER BY placed_at DESC LIMIT 1", life.id
        )
        typed = {"name": who, "email": visitor.email, "about": about}
        typed["number"] = number if about == "order" and number else "Monthly"
        second = await visitor.post("/withdraw", **typed)
        assert "Nothing has been sent yet." in second.words, second.words
        receipts = await database.fetch_value(RECEIPTS, visitor.email)
        answer = await visitor.post("/withdraw/confirm", **typed)
        assert "/withdraw/received/" in answer.path, answer.words
        life.withdrawn += 1
        await self.catch_up()
        assert await database.fetch_value(RECEIPTS, visitor.email) == receipts + 1
        assert self.bank().charges == before

    @happens(who=WHO)
    async def ask_to_be_erased_before_that_was_seen_to(self, who: str) -> None:
        """What is owed could not be given back to nobody: the wish waits, and here they think better of it."""
        life = self.life(who)
        if not life.withdrawn or life.asked == "erased":
            return
        with contextlib.suppress(ErasureRefused):
            assert await erasure_wishes.make(life.id), f"{who} has withdrawn, and nobody had seen to it"
        await erasure_wishes.withdraw(life.id)

    @happens(who=WHO)
    async def staff_see_to_what_was_withdrawn(self, who: str) -> None:
        """As refunded only where something was; otherwise it is refused."""
        life, books = self.life(who), self.bank()
        for row in await database.fetch(WAITING, self.visitor(who).email):
            try:
                await settled_withdrawals.settle(row["id"], outcome="done", by=self.world.owner)
            except settled_withdrawals.NotRefunded:
                await settled_withdrawals.settle(row["id"], outcome="refused", by=self.world.owner)
            else:
                is_back = books.returned(life.id) or row["about"] == "membership"
                assert is_back, f"{who} is said to have been refunded, and nothing was"
        life.withdrawn = 0
