"""Store credit that pays renewals: given by staff, used where the member wants it, to the penny and once."""

from datetime import timedelta

from hypothesis import strategies as st

from components.foundation import clock, database, ids
from components.ledger import credit
from tests.random_lives.member_rules import WHO
from tests.random_lives.stage import GUARANTEED, HERE, Stage, happens

OFTEN = timedelta(minutes=30)
"""How soon a worker is there while credit is used: an invoice is a draft for an hour."""


class CreditRules(Stage):
    @happens(who=WHO, pence=st.sampled_from((100, 430, 1000, 5000)))
    async def staff_give_store_credit(self, who: str, pence: int) -> None:
        life = self.life(who)
        if life.asked == "erased":
            return
        if not life.purse.is_known:
            life.purse.before = life.purse.guaranteed = await database.fetch_value(GUARANTEED, life.id)
        await credit.grant(life.id, pence, cause=f"staff:{ids.new()}", words="Sorry", expires_at=None)
        life.purse.given += pence
        life.next_charge = None

    @happens(who=WHO, wanted=st.sampled_from((True, True, False)))
    async def store_credit_is_for_renewals(self, who: str, wanted: bool) -> None:
        life = self.life(who)
        if life.asked == "erased" or not life.purse.is_known:
            return
        answer = await self.visitor(who).post(f"{HERE}/credit/{'use' if wanted else 'keep'}")
        assert ("will be used" if wanted else "won’t be used") in answer.notice, answer.notice
        if life.purse.is_wanted and not wanted:
            life.purse.not_since = clock.now()
        life.purse.is_wanted, life.next_charge = wanted, None
        self.world.wakes_after = OFTEN
