"""The one Jinja environment: autoescaped, strict about unknown names, with the shop's formats for money and time."""

from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, Environment, FileSystemBytecodeCache, StrictUndefined
from markupsafe import Markup

from components.behaviour import visit_consents
from components.content import markdown
from components.content.site import site_content, site_menus
from components.content.site.site_content import MenuLink, SiteContent
from components.foundation import formatting, practice_time, settings
from components.foundation.languages import catalogues, language, template_words
from components.foundation.languages.words import _
from components.foundation.operations import own_templates
from components.foundation.operations.own_templates import LayeredTemplates
from components.foundation.shop_settings import shop_settings
from components.messaging import cancellation_notices
from components.messaging.notices import withdrawals
from components.opening import setup_state
from web import assets, demo_mode
from web.looks import shop_look
from web.looks.price_note import PriceNote, price_note


def _made(loader: BaseLoader) -> Environment:
    made = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=FileSystemBytecodeCache(str(_cache_folder())),
        extensions=["jinja2.ext.i18n"],
    )
    template_words.install(made)
    made.filters |= {
        "money": formatting.money,
        "gain": formatting.gain,
        "loss": formatting.loss,
        "plain": formatting.plain,
        "day": formatting.day,
        "moment": formatting.moment,
        "number": formatting.number,
        "percent_bp": formatting.percent,
        "markdown": lambda text: Markup(markdown.html(text)),
    }
    made.globals |= {"asset": assets.address, "shop": Shop(), "spoken": template_words.Spoken()}
    return made


_TEMPLATES = LayeredTemplates(_made)


def environment() -> Environment:
    """That of the built-in templates."""
    return _TEMPLATES.built_in


def _cache_folder() -> Path:
    folder = settings.current().data / "template-cache"
    folder.mkdir(exist_ok=True)
    return folder


def render(name: str, context: dict[str, Any]) -> str:
    return _TEMPLATES.render(name, context)


class Shop:
    """What templates may show of the shop as a whole."""

    @property
    def name(self) -> str:
        return shop_settings.current().shop_name

    @property
    def club_name(self) -> str:
        return formatting.club_name()

    @property
    def tagline(self) -> str:
        return shop_settings.current().shop_tagline

    @property
    def has_invoices(self) -> bool:
        return shop_settings.current().invoices == "on"

    @property
    def has_personal(self) -> bool:
        """Whether anything is chosen for whoever is signed in."""
        return shop_settings.current().personal_shelves == "on"

    @property
    def brand(self) -> shop_look.Look:
        return shop_look.look()

    @property
    def is_draft(self) -> bool:
        """Whether this page shows looks that somebody tries and has not saved."""
        return shop_settings.is_trial()

    @property
    def is_closed(self) -> bool:
        """Whether it is new, and not open yet."""
        return setup_state.current().is_closed

    @property
    def currency(self) -> str:
        return shop_settings.current().currency

    @property
    def currency_sign(self) -> str:
        """ "£", before a field for an amount."""
        return formatting.currency_sign()

    @property
    def country(self) -> str:
        return shop_settings.current().country

    @property
    def base_url(self) -> str:
        return settings.current().base_url

    @property
    def offline_payments(self) -> bool:
        return settings.current().is_offline

    @property
    def broken_templates(self) -> tuple[str, ...]:
        """Own templates that are passed over, for staff."""
        return tuple(own_templates.troubles())

    @property
    def content(self) -> SiteContent:
        """Published pages and the menus."""
        return site_content.current()

    @property
    def header_menu(self) -> tuple[MenuLink, ...]:
        return site_menus.header()

    @property
    def footer_menu(self) -> tuple[MenuLink, ...]:
        return site_menus.footer()

    @property
    def sells_membership(self) -> bool:
        """Whether there is a plan to join."""
        return site_menus.sells_membership()

    @property
    def offers_cancelling(self) -> bool:
        """Whether a membership can be cancelled without signing in."""
        return cancellation_notices.is_offered()

    @property
    def keeps_visits(self) -> bool:
        return visit_consents.keeps_visits()

    @property
    def offers_withdrawing(self) -> bool:
        """Whether a contract can be withdrawn from without signing in."""
        return withdrawals.is_offered()

    @property
    def price_note(self) -> PriceNote | None:
        """What is said below prices, where the law asks for it."""
        return price_note()

    @property
    def company_facts(self) -> tuple[str, ...]:
        """Who is behind the shop, for the foot of each page."""
        known = shop_settings.current()
        vat = _("VAT %(number)s", number=known.vat_number) if known.vat_number else ""
        facts = (known.company_name, known.company_street, known.company_town, known.company_phone, vat)
        return tuple(fact for fact in facts if fact)

    @property
    def practice_controls(self) -> bool:
        """Whether pages lead to the controls of the practice bank."""
        return demo_mode.controls_are_offered()

    @property
    def practice_clock_moves_to(self) -> datetime | None:
        """Where the practice clock is being moved to, while what is due until then is done."""
        return practice_time.moving_to()


def warm() -> None:
    """Compile every template now, so that no visitor waits for it and a broken one is found at startup."""
    for name in names():
        environment().get_template(name)
    check_own()


def check_own() -> None:
    """Compile the shop's own templates, and read its own words; what is wrong with them is noted for staff."""
    _TEMPLATES.check()
    for name, trouble in catalogues.troubles().items():
        own_templates.note(name, trouble)


def warm_words() -> None:
    """Read the words of every language that is offered: 150 ms for each, in which nobody else would be answered."""
    for code in language.offered():
        catalogues.of(code)


def names() -> list[str]:
    """The shop's own templates. The stand-in for Stripe has an environment of its own."""
    return environment().list_templates(filter_func=lambda name: not name.startswith("standin/"))
