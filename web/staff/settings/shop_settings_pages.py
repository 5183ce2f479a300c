"""The shop's settings: shown, changed, and what they were before."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.checkout import shop_currency
from components.foundation.refusals import NotFound
from components.foundation.shop_settings import setting_rows, shop_settings
from components.foundation.shop_settings.setting_rows import SettingChange, ShopSettingRefused
from components.messaging import mailbox
from components.messaging.alerts import staff_recipients
from components.messaging.notices import law_overview
from components.messaging.notices.law_overview import JurisdictionShown
from components.people import operators
from web.current_person import person_id_of
from web.guards import owner
from web.replies import see_other, with_notice
from web.staff.edit_conflicts import overtaken
from web.staff.settings.shop_settings_forms import (
    LIST,
    SECTIONS,
    Section,
    SettingsForm,
    ShopForm,
    choices,
    label,
    written,
)
from web.views import View, page, visitor_of


@dataclass(frozen=True, kw_only=True)
class HistoryRow:
    """One change, as its page shows it. `by` is "" for what came from the environment."""

    change: SettingChange
    label: str
    value: str
    by: str


@dataclass(frozen=True, kw_only=True)
class SettingsSectionPage(View):
    """`can_send` is None on pages without a test e-mail; `law` is for the page about notices."""

    template: ClassVar[str] = "staff/settings/section.html"
    section: Section
    form: SettingsForm
    history: tuple[HistoryRow, ...]
    currency_is_fixed: bool
    can_send: bool | None
    law: tuple[JurisdictionShown, ...]
    email: str


class ShopSettingsController(Controller):
    path = LIST
    guards = [owner]

    @get("/{section:str}")
    async def show(self, request: Request[Any, Any, Any], section: FromPath[str]) -> Response[Any]:
        found = _section(section)
        return page(request, await _shown(request, found, found.form.filled()))

    @post("/{section:str}")
    async def update(self, request: Request[Any, Any, Any], section: FromPath[str]) -> Response[Any]:
        found = _section(section)
        form = await found.form.read(request, choices=choices())
        if form.is_valid and await _changes_fixed_currency(form):
            form.refuse("currency", "Something has a price already, and changing the currency would not convert it.")
        if not form.is_valid or overtaken(form, found.form.filled()):
            return page(request, await _shown(request, found, form), status=form.answer_status)
        try:
            changed = await setting_rows.change(form.settings(), by=person_id_of(request))
        except ShopSettingRefused as refusal:
            form.refuse(refusal.name, str(refusal))
            return page(request, await _shown(request, found, form), status=422)
        words = "Saved. It applies from now on." if changed else "Nothing was changed."
        return with_notice(see_other(f"{LIST}/{found.slug}"), words)

    @post("/emails/test")
    async def send_test(self, request: Request[Any, Any, Any]) -> Response[Any]:
        sent_to = (await staff_recipients.send_test(person_id_of(request))).recipient
        words = (
            f"A test e-mail is on its way to {sent_to}."
            if mailbox.can_send()
            else f"No mail server is set up, so the test e-mail to {sent_to} was only kept under E-mails."
        )
        return with_notice(see_other(f"{LIST}/emails"), words)


def _section(slug: str) -> Section:
    found = next((each for each in SECTIONS if each.slug == slug), None)
    if found is None:
        raise NotFound
    return found


async def _changes_fixed_currency(form: SettingsForm) -> bool:
    wanted = form.settings().get("currency", shop_settings.current().currency)
    return wanted != shop_settings.current().currency and await shop_currency.is_fixed()


async def _shown(request: Request[Any, Any, Any], section: Section, form: SettingsForm) -> SettingsSectionPage:
    names = {one.person_id: one.name or one.email for one in await operators.all_operators()}
    rows = await setting_rows.history(tuple(section.form.declared))
    return SettingsSectionPage(
        section=section,
        form=form,
        history=tuple(
            HistoryRow(
                change=one,
                label=label(one.name),
                value=written(one.name, one.value),
                by=names.get(one.by, "Former staff") if one.by else "",
            )
            for one in rows
        ),
        currency_is_fixed=section.form is ShopForm and await shop_currency.is_fixed(),
        can_send=mailbox.can_send() if section.slug == "emails" else None,
        law=law_overview.shown() if section.slug == "notices" else (),
        email=visitor_of(request).email,
    )
