"""What a new shop lacks, looked up in its rows: each function says it in sentences, and nothing when all is there."""

from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parseaddr
from urllib.parse import urlsplit

from components.catalog.products import admin_products
from components.checkout import page_values
from components.checkout.delivery import delivery_terms
from components.checkout.delivery.delivery_terms import DeliveryTerms
from components.content.pages import agreements, page_editing, page_placeholders
from components.content.pages.page_editing import StoredPage
from components.content.pages.starter_pages import KINDS
from components.content.site import home_editing, link_targets, site_menus
from components.foundation import clock, settings
from components.foundation.settings import Settings
from components.foundation.shop_settings import shop_settings
from components.foundation.shop_settings.shop_settings import ShopSettings
from components.memberships.editing import plan_benefits
from components.memberships.plans import plan_catalogue
from components.messaging import trial_email
from components.payments.stripe_account import key_alarm, webhook_endpoint

COMPANY = {"company_name": "name", "company_street": "street", "company_town": "town"}
NOWHERE = ("example.org", "example.com", "localhost")
OWN_MACHINE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """As the shop is now. `dead_links` lead nowhere; `key_trouble` is what Stripe says against the key."""

    shop: ShopSettings
    machine: Settings
    on_sale: int
    terms: DeliveryTerms
    pages: tuple[StoredPage, ...]
    unfinished: tuple[str, ...]
    asks_consent: bool
    dead_links: tuple[str, ...]
    plans: int
    spare_benefits: tuple[str, ...]
    has_sent: bool
    key_trouble: str


async def look() -> Findings:
    values, pages = await page_values.values(), await page_editing.all_pages()
    alarm = await key_alarm.current() if not settings.current().is_offline else None
    whole = {page.slug: page_placeholders.fill(page.body, values).is_whole for page in pages}
    return Findings(
        shop=shop_settings.current(),
        machine=settings.current(),
        on_sale=(await admin_products.counts()).get("active", 0),
        terms=await delivery_terms.current(),
        pages=pages,
        unfinished=tuple(page.title for page in pages if page.kind in KINDS and not whole[page.slug]),
        asks_consent=agreements.asked() is not None,
        dead_links=await link_targets.dead(_linked(), clock.now()),
        plans=len(plan_catalogue.active_plans()),
        spare_benefits=tuple(one.name for one in await plan_benefits.all_benefits() if not one.plans),
        has_sent=await trial_email.has_sent_any(),
        key_trouble=alarm.detail if alarm else "",
    )


def products(found: Findings) -> tuple[str, ...]:
    return () if found.on_sale else ("Nothing is on sale yet.",)


def delivery(found: Findings) -> tuple[str, ...]:
    if not found.terms.methods:
        return ("There is no delivery method, so nobody can order what has to be delivered.",)
    is_home = found.shop.country in found.terms.countries
    return () if is_home else ("No method delivers in the shop’s own country.",)


def tax(found: Findings) -> tuple[str, ...]:
    if found.shop.small_business == "yes":
        return ()
    own = [rate for rate in found.terms.taxes.in_force(clock.now()) if rate.country == found.shop.country]
    return () if own else ("No tax rate of the shop’s own country is set: nothing is charged.",)


def pages(found: Findings) -> tuple[str, ...]:
    return tuple(_of_pages(found))


def where_of_pages(found: Findings) -> tuple[str, str] | None:
    """Where the first of what is left is done; None where that is among the pages."""
    published = {page.kind for page in found.pages if page.published_at}
    if any(kind in KINDS and kind not in published for kind, _ in page_editing.KINDS):
        return None
    if not all(getattr(found.shop, name) for name in COMPANY):
        return "/staff/settings/company", "Enter company details"
    if found.unfinished:
        return None
    if not found.asks_consent:
        return "/staff/settings/consent", "Set terms at checkout"
    return ("/staff/menus", "Mend links") if found.dead_links else None


def _of_pages(found: Findings) -> Iterator[str]:
    published = {page.kind for page in found.pages if page.published_at}
    titles = {page.kind: page.title for page in found.pages}
    if left := [titles.get(kind, name) for kind, name in page_editing.KINDS if kind in KINDS and kind not in published]:
        yield f"Not published yet: {_listed(left)}."
    if found.unfinished:
        yield f"With gaps to fill in: {_listed(found.unfinished)}."
    if empty := [words for name, words in COMPANY.items() if not getattr(found.shop, name)]:
        yield f"Under Settings, Company, these are empty: {_listed(empty)}."
    if not found.asks_consent:
        yield "Under Settings, Terms at checkout, nothing is asked for."
    if found.dead_links:
        yield f"Links of the menus or the home page that lead nowhere: {_listed(found.dead_links)}."


def plan(found: Findings) -> tuple[str, ...]:
    if found.plans:
        return ()
    spare = f"Benefits to begin with: {_listed(found.spare_benefits)}." if found.spare_benefits else ""
    return tuple(filter(None, ("There is no plan that customers could join.", spare)))


def payments(found: Findings) -> tuple[str, ...]:
    if found.machine.is_offline:
        return ("Payments are practice: no money is taken.",)
    if found.key_trouble:
        return (f"Stripe refuses the key: {found.key_trouble}",)
    if not found.machine.takes_real_money:
        return ("The Stripe key is a test key: real cards are not charged.",)
    fault = webhook_endpoint.secret_fault()
    return (fault,) if fault else ()


def emails(found: Findings) -> tuple[str, ...]:
    return tuple(_of_emails(found))


def _of_emails(found: Findings) -> Iterator[str]:
    address = parseaddr(found.shop.mail_from)[1]
    if address.rpartition("@")[2] in NOWHERE:
        yield f"The sender is {address}, which is nobody’s address."
    if not found.machine.smtp_url:
        yield "No mail server is set up (SMTP_URL): e-mails are only kept."
    elif not found.has_sent:
        yield "No e-mail has been sent yet. Send a test."


def domain(found: Findings) -> tuple[str, ...]:
    host = urlsplit(found.machine.base_url).hostname or ""
    if host in OWN_MACHINE:
        return (f"The shop is at {found.machine.base_url}, which only this machine can open.",)
    return () if found.machine.is_https else (f"The shop is at {found.machine.base_url}, without https.",)


def _linked() -> list[str]:
    menus = [link.href for link in (*site_menus.header(), *site_menus.footer())]
    return menus + [str(one.settings.get("href") or "") for one in home_editing.sections() if not one.is_hidden]


def _listed(names: list[str] | tuple[str, ...]) -> str:
    return ", ".join(names)
