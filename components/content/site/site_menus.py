"""The menus as every page shows them: what staff have chosen, or what suits a shop where nothing was chosen."""

from components.content.site import site_content
from components.content.site.site_content import MenuLink
from components.foundation.shop_settings import shop_settings
from components.memberships.plans import plan_catalogue

SHOP = (MenuLink("Shop", "/products"), MenuLink("Collections", "/collections"), MenuLink("Journal", "/journal"))
FOOT = (
    MenuLink("Shop all", "/products"),
    MenuLink("Collections", "/collections"),
    MenuLink("Search", "/search"),
    MenuLink("Journal", "/journal"),
)
IN_FOOT = ("about", "delivery", "other")
"""Kinds of pages that the foot of a page leads to by itself; legal ones and contact it always leads to."""


def header() -> tuple[MenuLink, ...]:
    chosen = site_content.current().header
    return chosen or default_header()


def footer() -> tuple[MenuLink, ...]:
    chosen = site_content.current().footer
    return chosen or default_footer()


def default_header() -> tuple[MenuLink, ...]:
    club = shop_settings.current().club_name
    return (*SHOP, MenuLink(club[:1].upper() + club[1:], "/join")) if sells_membership() else SHOP


def default_footer() -> tuple[MenuLink, ...]:
    pages = site_content.current().pages
    own = [page for kind in IN_FOOT for page in pages if page.kind == kind][:6]
    return (*FOOT, *(MenuLink(page.title, page.href) for page in own))


def sells_membership() -> bool:
    return bool(plan_catalogue.active_plans())
