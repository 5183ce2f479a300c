"""Orders and gifts: paid once on a page of their own, with or without a membership beside them."""

import re
from datetime import datetime, timedelta

from hypothesis import strategies as st

from components.foundation import clock, database, ids
from components.foundation.refusals import Refusal
from components.memberships.grants import gift_codes, gift_memberships
from components.memberships.grants.gift_memberships import GiftDetails
from components.memberships.plans import plan_catalogue
from components.orders.refunds import refunds
from components.orders.refunds.refund_requests import RefundRequest
from components.payments.values import Payer
from tests.random_lives import model
from tests.random_lives.bank import Agreement
from tests.random_lives.beginning import CODES
from tests.random_lives.member_rules import CARDS, WHO
from tests.random_lives.stage import Stage, happens
from tests.random_lives.visitors import Answer
from tests.random_lives.world import NO_ANSWER, session_of
from tests.support import refunding

FEE_CODE = re.compile(rf"({'|'.join(CODES)}) Off your fee (?:The fee is|There is no fee)")
AT_HOME = {"name": "Noor", "line1": "4 Mill Lane", "city": "Leeds", "postcode": "LS1 4AB", "country": "GB"}


class OrderRules(Stage):
    @happens(who=WHO, joins=st.sampled_from(("", "", "monthly", "tryout")), card=CARDS, comes_back=st.booleans())
    async def order(self, who: str, joins: str, card: str, comes_back: bool) -> None:
        """From the product to the payment; perhaps with a membership in the same payment."""
        if self.life(who).asked == "erased":
            return
        page = await self.to_the_checkout(who, joins)
        answer = await self.visitor(who).post("/checkout", **self.filled_in(who, page))
        if "/offline-payments" not in answer.path:
            assert self.is_faulty or not self.is_quiet or answer.status in (409, 422), answer.words
            return
        await self.pay_for_the_order(who, page, answer.path, card, comes_back)

    @happens(who=WHO, card=CARDS)
    async def order_with_the_card_on_file(self, who: str, card: str) -> None:
        """In one step; on the bank's page when it asks."""
        life = self.life(who)
        if life.asked == "erased":
            return
        page = await self.to_the_checkout(who, "")
        offered, button = (
            re.search(r"Pay £([\d.]+) with", page.words),
            re.search(r'name="card" value="([^"]+)"', page.text),
        )
        if offered is None or button is None:
            return
        before, asked = self.bank(), round(float(offered[1]) * 100)
        life.agree("order", asked)
        answer = await self.visitor(who).post("/checkout", **self.filled_in(who, page), card=button[1])
        self.must_be_true(who, answer, before, self.bank())
        self.is_quiet = False
        if "/offline-payments" in answer.path:
            life.promises.remove(next(one for one in life.promises if one.amount == asked))
            await self.pay_for_the_order(who, page, answer.path, card, True)
        elif not self.is_faulty and self.bank().charged(life.id) == before.charged(life.id):
            life.promises.remove(next(one for one in life.promises if one.amount == asked))

    async def to_the_checkout(self, who: str, joins: str) -> Answer:
        visitor = self.visitor(who)
        product = await visitor.get("/products/moon-mug")
        await visitor.post("/basket", **{**product.given("/basket"), "quantity": "1"})
        return await visitor.get(f"/checkout?join={joins}" if joins else "/checkout")

    def filled_in(self, who: str, page: Answer) -> dict[str, str]:
        keeps = {"keeps_credit": "on"} if self.life(who).purse.is_known else {}
        return {**page.given("/checkout"), **AT_HOME, **keeps, "email": self.visitor(who).email}

    async def pay_for_the_order(self, who: str, page: Answer, address: str, card: str, comes_back: bool) -> None:
        life, before = self.life(who), {one.id for one in self.bank().agreements}
        sum_asked = self.world.amount_of(session_of(address))
        assert f'value="{sum_asked / 100:.2f}"' in page.text, f"{sum_asked} was not shown at the checkout"
        paid = await self.world.pay(address, card)
        self.is_quiet = False
        if paid.state != "done":
            return
        made = [one for one in self.bank().agreements if one.id not in before]
        life.agree("joining" if made else "order", sum_asked)
        if made:
            life.asked, life.fees, life.next_charge, life.pause = "running", {made[0].price}, None, None
            life.reduction = reduced_by(FEE_CODE.search(page.words), made[0])
        if comes_back:
            await visitor_comes_back(self, who, paid.url)

    @happens(pence=st.integers(1, 3000), by_hand=st.booleans())
    async def staff_refund_an_order(self, pence: int, by_hand: bool) -> None:
        row = await database.fetch_one(
            "SELECT id, person FROM orders WHERE paid_at IS NOT NULL ORDER BY number DESC LIMIT 1"
        )
        if row is None:
            return
        try:
            made = await refunds.create(row["id"], RefundRequest(amount=pence), by=self.world.owner, key=ids.new())
        except Refusal:
            return
        next(life for life in self.lives.values() if life.id == row["person"]).returned += pence
        self.is_quiet = False
        if by_hand:
            try:
                await refunds.send(made.id)
            except NO_ANSWER:
                assert self.is_faulty
            except Refusal as refused:
                life = next(life for life in self.lives.values() if life.id == row["person"])
                assert self.bank().is_disputed(life.id), f"a refund of {pence} was refused: {refused}"

    # gifts

    @happens(who=WHO, card=CARDS, days=st.sampled_from((0, 0, 5, 40)), comes_back=st.booleans())
    async def buy_a_gift(self, who: str, card: str, days: int, comes_back: bool) -> None:
        life, visitor = self.life(who), self.visitor(who)
        if life.asked == "erased":
            return
        plan = plan_catalogue.by_slug("annual")
        wish = GiftDetails(
            giver_name=who, recipient_name="Pat", recipient_email="pat@kiln.test", message="",
            send_at=clock.now() + timedelta(days=days),
        )  # fmt: skip
        payer = Payer(life.id, visitor.email, who)
        try:
            address = await gift_memberships.buy(payer, plan, wish, success_path="/gifts/bought", cancel_path="/gifts")
        except NO_ANSWER:
            assert self.is_faulty
            return
        paid = await self.world.pay(address, card)
        self.is_quiet = False
        if paid.state == "done":
            life.agree("gift", plan.price.amount)
            if comes_back:
                await visitor_comes_back(self, who, paid.url)

    @happens(who=WHO)
    async def redeem_a_gift(self, who: str) -> None:
        life = self.life(who)
        row = await database.fetch_one(
            "SELECT id FROM gift_membership WHERE paid_at IS NOT NULL AND refunded_at IS NULL"
            " AND redeemed_at IS NULL ORDER BY created_at LIMIT 1"
        )
        if row is None or life.asked == "erased" or not self.is_quiet:
            return
        starts = self.when_free(life)
        code = gift_codes.code_of(await gift_memberships.by_id(row["id"]))
        answer = await self.visitor(who).post("/gifts/redeem", code=code)
        assert answer.status == 200, answer.words
        life.grants.append(model.Grant("gift", row["id"], starts, model.years_later(starts, 1)))
        self.is_quiet = False

    @happens()
    async def staff_refund_a_gift(self) -> None:
        row = await database.fetch_one(
            "SELECT id, buyer FROM gift_membership WHERE paid_at IS NOT NULL AND redeemed_at IS NULL"
            " AND refunded_at IS NULL ORDER BY created_at LIMIT 1"
        )
        if row is None:
            return
        life = next(life for life in self.lives.values() if life.id == row["buyer"])
        self.is_quiet = False
        try:
            await refunding.refund_gift(row["id"], by=self.world.owner)
        except NO_ANSWER:
            assert self.is_faulty
        except Refusal as refusal:
            assert self.bank().is_disputed(life.id), refusal
            return
        life.returned += plan_catalogue.by_slug("annual").price.amount

    # paid once

    @happens(who=WHO, card=CARDS)
    async def buy_a_fixed_term(self, who: str, card: str) -> None:
        life = self.life(who)
        if life.asked == "erased" or not self.is_quiet:
            return
        starts = self.when_free(life)
        answer = await self.visitor(who).post("/join/term")
        if "/offline-payments" not in answer.path:
            assert self.is_faulty or starts is None, answer.words
            return
        await self.pay_for_a_term(who, answer.path, card, starts, plan_catalogue.by_slug("term").price.amount)

    async def pay_for_a_term(self, who: str, address: str, card: str, starts: datetime | None, price: int) -> None:
        life, paid = self.life(who), await self.world.pay(address, card)
        self.is_quiet = False
        if paid.state == "done":
            life.agree("term", price)
            begins = starts or clock.now()
            life.grants.append(model.Grant("term", ids.new(), begins, model.months_later(begins, 3)))
            await visitor_comes_back(self, who, paid.url)

    def when_free(self, life: model.Life) -> datetime | None:
        """The first instant at which nothing is held any more; None when what is held has no end."""
        now, agreement = clock.now(), self.bank().agreement(life.id)
        ends = [now]
        if agreement is not None and model.has_access(agreement, now) and not life.is_paused(now):
            if agreement.status in ("trialing", "active") and agreement.cancel_at is None:
                return None
            since = agreement.owing_since or agreement.period_start
            ends.append(agreement.cancel_at or since + model.GRACE)
        for one in life.grants:
            if one.source == "seat" and self.grant_holds(one, self.bank(), now):
                return self._end_of_seat(one)
            if one.source != "free" and one.ends_at is None and one.starts_at is not None:
                return None
            ends += [one.ends_at] if one.ends_at and one.source != "free" else []
        return max(ends)

    def _end_of_seat(self, grant: model.Grant) -> datetime | None:
        carrier = self.bank().by_id(grant.agreement)
        return carrier.cancel_at if carrier is not None else clock.now()


def reduced_by(code: re.Match[str] | None, made: Agreement) -> model.Reduction | None:
    """Off as many payments of the fee as the code says; while a trial runs there is none yet."""
    if code is None:
        return None
    percent_bp, payments = CODES[code[1]]
    is_later = made.status == "trialing"
    return model.Reduction(made.id, percent_bp, payments + is_later if payments is not None else None)


async def visitor_comes_back(stage: Stage, who: str, address: str) -> None:
    before = stage.bank()
    stage.must_be_true(who, await stage.visitor(who).get(address), before, before)
    await stage.catch_up()
