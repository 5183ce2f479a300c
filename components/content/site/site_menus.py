"""The menus as every page shows them: what staff have chosen, or what suits a shop where nothing was chosen."""

from components.catalog.snapshot.snapshot_refresh import snapshot
from components.content.site import site_content
from components.content.site.site_content import MenuLink
from components.foundation import formatting
from components.foundation.languages.words import N_, _
from components.memberships.plans import plan_catalogue

EMPTY = {
    "/collections": lambda: not any(one.is_listed for one in snapshot().collections),
    "/journal": lambda: not site_content.current().has_articles,
}
"""What the usual menus leave out as long as there is nothing there."""
SHOP = (
    MenuLink(N_("Shop"), "/products"),
    MenuLink(N_("Collections"), "/collections"),
    MenuLink(N_("Journal"), "/journal"),
)
FOOT = (
    MenuLink(N_("Shop all"), "/products"),
    MenuLink(N_("Collections"), "/collections"),
    MenuLink(N_("Search"), "/search"),
    MenuLink(N_("Journal"), "/journal"),
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
    club = formatting.club_name()
    return (*_said(SHOP), *([MenuLink(club[:1].upper() + club[1:], "/join")] if sells_membership() else []))


def default_footer() -> tuple[MenuLink, ...]:
    pages = site_content.current().pages
    own = [page for kind in IN_FOOT for page in pages if page.kind == kind][:6]
    return (*_said(FOOT), *(MenuLink(page.title, page.href) for page in own))


def _said(links: tuple[MenuLink, ...]) -> tuple[MenuLink, ...]:
    there = (link for link in links if link.href not in EMPTY or not EMPTY[link.href]())
    return tuple(MenuLink(_(link.label), link.href) for link in there)


def sells_membership() -> bool:
    return bool(plan_catalogue.active_plans())
