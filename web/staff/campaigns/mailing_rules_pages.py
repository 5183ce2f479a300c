"""The rules for marketing e-mails: how many somebody gets, who confirms, and where bounces are reported to."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get, post

from components.consents import bounce_hook, mailing_rules
from components.consents.mailing_rules import Rules
from web.current_person import person_id_of
from web.forms.fields import Choice, Tick
from web.forms.form import Form
from web.forms.numbers import Whole
from web.forms.sending import read_body
from web.guards import staff
from web.replies import see_other, with_notice
from web.views import View, page

HERE = "/staff/campaigns/rules"


class MailingRulesForm(Form):
    most = Whole("Marketing e-mails, at most", least=1, most=50)
    days = Whole("In so many days", least=1, most=90)
    confirms = Choice(
        "Confirming by e-mail",
        (("country", "Where the shop’s country asks for it (Germany, Austria)"), ("always", "Always")),
        as_radio=True,
        help="Whoever has confirmed the address of their account is never asked again.",
    )
    keep_months = Whole(
        "Keep what they said for, in months",
        least=1,
        most=60,
        help="Then the text of a marketing e-mail is deleted, and one that has not gone out by then never does. To "
        "whom it was sent, when, and its subject stay, and so do the results.",
    )
    is_hook_open = Tick("Take reports of bounces and complaints at the address below")


@dataclass(frozen=True, kw_only=True)
class MailingRulesPage(View):
    template: ClassVar[str] = "staff/campaigns/rules.html"
    form: MailingRulesForm
    hook: str
    asks_twice: bool


class StaffMailingRulesController(Controller):
    path = HERE
    guards = [staff("settings")]

    @get()
    async def edit(self, request: Request[Any, Any, Any]) -> Response[Any]:
        rules = await mailing_rules.current()
        form = MailingRulesForm.blank(
            most=rules.most, days=rules.days, confirms=rules.confirms, is_hook_open=rules.is_hook_open,
            keep_months=rules.keep_months,
        )  # fmt: skip
        return page(request, _page(form, rules))

    @post()
    async def update(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """Save them; or, as the button says, make the webhook's present address worthless."""
        rules, by = await mailing_rules.current(), person_id_of(request)
        if "renew" in await read_body(request):
            await mailing_rules.save(replace(rules, hook_number=rules.hook_number + 1), by=by)
            return with_notice(see_other(HERE), "The address is another one now. Enter it at your mail provider.")
        form = await MailingRulesForm.read(request)
        if not form.is_valid:
            return page(request, _page(form, rules), status=422)
        changed = replace(
            rules, most=form.most, days=form.days, confirms=form.confirms, is_hook_open=form.is_hook_open,
            keep_months=form.keep_months,
        )  # fmt: skip
        await mailing_rules.save(changed, by=by)
        return with_notice(see_other(HERE), "Saved.")


def _page(form: MailingRulesForm, rules: Rules) -> MailingRulesPage:
    hook = bounce_hook.address(rules) if rules.is_hook_open else ""
    return MailingRulesPage(form=form, hook=hook, asks_twice=rules.asks_twice)
