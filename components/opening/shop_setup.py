"""The steps of opening a shop: begun once on an empty database, answered in any order, opened at the end."""

from collections.abc import Mapping
from uuid import UUID

from piccolo.columns import Column

from components.catalog.products import admin_products
from components.checkout.delivery import delivery_terms
from components.checkout.taxes import suggested_rates
from components.content.pages import starter_pages
from components.foundation import audit, clock, database, ids
from components.foundation.languages import language
from components.foundation.languages.words import N_, _
from components.foundation.refusals import Refusal
from components.foundation.shop_settings import setting_rows, shop_settings
from components.memberships.benefits import kinds
from components.memberships.editing import plan_benefits
from components.opening import country_facts, setup_state, trades
from components.opening.tables import ShopSetup
from components.people import operators


class SetupIncomplete(Refusal):
    message = N_("Some questions have no answer yet.")
    status = 409


class NoOwner(Refusal):
    message = "The shop has no owner yet. Add one first: `clubfront staff add --owner you@example.org`."


async def begin_when_empty() -> None:
    """A database with neither staff nor products is a new shop, closed until its questions are answered."""
    if not await operators.all_operators() and not await admin_products.counts():
        begun = ShopSetup(id=ids.new(), begun_at=clock.now())
        await ShopSetup.insert(begun).on_conflict(action="DO NOTHING")
    await setup_state.refresh()


async def answer_shop(
    *, name: str, country: str, trade: str, email: str, by: UUID, region: str = "", time_zone: str = ""
) -> None:
    """What the shop is called, where it is and what it sells; what follows from that is set with it.

    `email` is the owner's: the sender until they name another. Raises `ShopSettingRefused`, `SetupIncomplete`.
    """
    followed = country_facts.settings(country, region=region, time_zone=time_zone)
    followed |= {"shop_name": name, "trade": trade}
    with language.speaking(followed["shop_language"]):
        followed |= {"club_name": _club(name), "shop_tagline": _("Welcome to %(shop)s", shop=name)}
    if not (await _row()).emails_at:
        followed["mail_from"] = sender(name, email)
    await _answered("shop", followed, by=by)


async def answer_payments(*, by: UUID) -> None:
    """Practice, or a Stripe key that was tried and kept."""
    await _answered("payments", {}, by=by)


async def answer_emails(mail_from: str, *, by: UUID) -> None:
    """Who e-mails come from. Raises `ShopSettingRefused`."""
    await _answered("emails", {"mail_from": mail_from}, by=by)


async def open_shop(*, by: UUID) -> None:
    """Everybody sees the shop from now on; twice is once.

    Tax rates, the first texts of the pages and benefits to begin with are made now, when the country is certain.
    Raises `SetupIncomplete`.
    """
    row = await _row()
    if row.opened_at:
        return
    if not (row.shop_at and row.payments_at and row.emails_at):
        raise SetupIncomplete
    async with database.transaction():
        opened: dict[Column | str, object] = {
            ShopSetup.opened_at: clock.now(),
            ShopSetup.opened_by: by,
            ShopSetup.link_digest: None,
        }
        if not await ShopSetup.update(opened).where(ShopSetup.opened_at.is_null()).returning(ShopSetup.id):
            return
        country = shop_settings.current().country
        await suggested_rates.adopt(country, (await delivery_terms.current()).taxes, by=by)
        await starter_pages.begin(country, by=by)
        if not await plan_benefits.all_benefits():
            for name in trades.of(shop_settings.current()).benefits:
                kind, answers = kinds.starter(name)
                with language.speaking(language.own()):
                    said = _(name)
                await plan_benefits.create_benefit(kind_key=kind, name=said, answers=dict(answers), by=by)
        await audit.record(by, "shop opened", "shop", "shop")
    await setup_state.refresh()


async def skip() -> None:
    """Open the shop without its questions, for whoever sets it up with commands and files. Raises `NoOwner`."""
    if not any(one.is_owner for one in await operators.all_operators()):
        raise NoOwner
    await ShopSetup.update({ShopSetup.opened_at: clock.now(), ShopSetup.link_digest: None}).where(
        ShopSetup.opened_at.is_null()
    )
    await setup_state.refresh()


def sender(name: str, email: str) -> str:
    """The sender as a setting: the shop's name and an address."""
    plain = "".join(one for one in name if one not in '"<>,;@\\').strip()
    return f"{plain} <{email}>" if plain else email


def _club(name: str) -> str:
    """As it reads in a sentence: “Join the Northline Club”."""
    has_article = name.lower().startswith("the ")
    club = _("%(shop)s Club", shop=name) if has_article else _("the %(shop)s Club", shop=name)
    return club if len(club) <= 60 else _("the Club")


async def _answered(step: str, followed: Mapping[str, str], *, by: UUID) -> None:
    row = await _row()
    if row.opened_at:
        raise SetupIncomplete(_("This shop is open already. Change its settings under Settings."))
    if followed:
        await setting_rows.change(followed, by=by)
    await ShopSetup.update({f"{step}_at": clock.now()}).where(ShopSetup.id == row.id)
    await setup_state.refresh()


async def _row() -> ShopSetup:
    row = await ShopSetup.objects().first()
    if row is None:
        raise SetupIncomplete(_("This shop is open already. Change its settings under Settings."))
    return row
