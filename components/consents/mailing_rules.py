"""What the shop decides about marketing e-mails: how many somebody gets, and whether an address confirms first."""

from dataclasses import dataclass
from uuid import UUID

from components.consents.tables import MailingRules
from components.foundation import audit, database
from components.foundation.shop_settings import shop_settings

ASKING_TWICE = frozenset({"AT", "DE"})
"""Where a shop can prove consent to e-mails only if the address itself confirmed it: Germany (BGH, 10 February 2011,
I ZR 164/09) and Austria (data protection authority, 9 October 2019, DSB-D130.073/0008-DSB/2019)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """At most `most` marketing e-mails in `days` days. `confirms`: "country" or "always". What they said is kept for
    `keep_months` months."""

    most: int = 2
    days: int = 7
    confirms: str = "country"
    hook_number: int = 1
    is_hook_open: bool = False
    keep_months: int = 12

    @property
    def asks_twice(self) -> bool:
        """Whether an address that nobody has confirmed is asked by e-mail first."""
        return self.confirms == "always" or shop_settings.current().country in ASKING_TWICE


async def current() -> Rules:
    """Until somebody has decided anything, the defaults."""
    one = MailingRules
    row = await one.select(one.most, one.days, one.confirms, one.hook_number, one.is_hook_open, one.keep_months).first()
    return Rules(**row) if row else Rules()


async def save(rules: Rules, *, by: UUID) -> None:
    """In the audit log, unless nothing has changed."""
    async with database.transaction():
        before = await current()
        if before == rules:
            return
        await MailingRules.insert(MailingRules(id=1)).on_conflict(action="DO NOTHING")
        await MailingRules.update(
            {
                MailingRules.most: rules.most,
                MailingRules.days: rules.days,
                MailingRules.confirms: rules.confirms,
                MailingRules.hook_number: rules.hook_number,
                MailingRules.is_hook_open: rules.is_hook_open,
                MailingRules.keep_months: rules.keep_months,
            }
        ).where(MailingRules.id == 1)
        await audit.record(by, "marketing e-mail rules changed", "setting", "mailing", before=_told(before),
                           after=_told(rules))  # fmt: skip


def _told(rules: Rules) -> dict[str, object]:
    told = {"most": rules.most, "days": rules.days, "confirms": rules.confirms, "webhook": rules.is_hook_open}
    return {**told, "months": rules.keep_months}
