"""Staff take back store credit that the shop gave, and that is still there."""

from uuid import UUID

from components.foundation import audit, database, formatting
from components.foundation.money import Money
from components.foundation.shop_settings import shop_settings
from components.ledger import credit
from web.forms.fields import Once, Text
from web.forms.form import Form
from web.forms.numbers import AmountField


class TakeBackForm(Form):
    """Its fields have names of their own, because the form that adds credit is on the same page."""

    back = AmountField("Amount")
    why = Text("Reason", longest=120, help="The member sees this on their statement.")
    once = Once("Form")


async def take_back(person_id: UUID, form: TakeBackForm, *, by: UUID) -> int:
    """The status to answer with: 303 when it is done, else the form says why not. The same form twice takes it once."""
    if form.is_valid and form.back <= 0:
        form.refuse("back", "Enter an amount above zero.")
    if not form.is_valid:
        return 422
    try:
        async with database.transaction():
            if await credit.take_back(person_id, form.back, cause=f"taken-back:{form.once}", words=form.why):
                after = {"amount": form.back, "words": form.why}
                await audit.record(by, "store credit taken back", "person", person_id, after=after)
    except credit.MoreThanGiven as refusal:
        left = Money(await credit.given_left(person_id), shop_settings.current().currency)
        form.refuse("back", f"At most {formatting.money(left)} can be taken back." if left else str(refusal))
        return refusal.status
    return 303
