"""What is left to do before a new shop sells, each item true by looking at the data.

An item is done when the shop's rows say so, never because somebody ticked it. What a shop does not need is said so by a
member of staff, and stays on record with who and when.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation import audit, clock, database, ids
from components.foundation.refusals import NotFound
from components.opening import checklist_findings as findings
from components.opening import invoice_findings, setup_state
from components.opening.checklist_findings import Findings
from components.opening.tables import ChecklistDecision


@dataclass(frozen=True, slots=True)
class ItemRule:
    """`permission` opens where it is done, `also` are more places. `look` says what is missing, in sentences; nothing
    when it is done."""

    key: str
    title: str
    permission: str
    href: str
    action: str
    look: Callable[[Findings], tuple[str, ...]]
    is_optional: bool = False
    also: tuple[tuple[str, str], ...] = ()
    lead: Callable[[Findings], tuple[str, str] | None] = lambda found: None
    """Where what is left is done, if that is elsewhere than usual: its address and what the button says."""


OF_PAGES = (
    ("Company", "/staff/settings/company"),
    ("Terms at checkout", "/staff/settings/consent"),
    ("Menus", "/staff/menus"),
    ("Home page", "/staff/home"),
)
OF_PLAN = (("Benefits", "/staff/benefits"),)
RULES = (
    ItemRule(
        "products",
        "Products",
        "products",
        "/staff/products",
        "Add products",
        findings.products,
        False,
        (("Import them from another shop", "/staff/imports"),),
    ),
    ItemRule("delivery", "Delivery", "settings", "/staff/delivery", "Set delivery", findings.delivery, True),
    ItemRule("tax", "Tax", "settings", "/staff/settings/tax", "Set tax rates", findings.tax, True),
    ItemRule(
        "pages",
        "Pages and company details",
        "content",
        "/staff/pages",
        "Finish pages",
        findings.pages,
        False,
        OF_PAGES,
        findings.where_of_pages,
    ),
    ItemRule(
        "plan",
        "Membership",
        "plans",
        "/staff/plans",
        "Make a plan",
        findings.plan,
        True,
        (("Benefits", "/staff/benefits"),),
    ),
    ItemRule(
        "invoices", "Invoices", "settings", "/staff/settings/invoices", "Set invoices", invoice_findings.invoices, True
    ),
    ItemRule("payments", "Payments", "owner", "/staff/settings/payments", "Connect Stripe", findings.payments),
    ItemRule("emails", "E-mails", "owner", "/staff/settings/emails", "Send a test", findings.emails),
    ItemRule("domain", "Address of the shop", "owner", "/staff/settings/server", "See how", findings.domain),
)


@dataclass(frozen=True, slots=True)
class Decision:
    """Who said that an item is not needed, and when."""

    at: datetime
    by: UUID


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """`missing` is what is left, in sentences. `not_needed` is set while somebody has said so."""

    rule: ItemRule
    missing: tuple[str, ...]
    not_needed: Decision | None
    href: str
    action: str

    @property
    def is_done(self) -> bool:
        return not self.missing

    @property
    def is_over(self) -> bool:
        return self.is_done or self.not_needed is not None


@dataclass(frozen=True, slots=True)
class Checklist:
    items: tuple[ChecklistItem, ...]

    @property
    def is_over(self) -> bool:
        return all(item.is_over for item in self.items)

    @property
    def done(self) -> int:
        return sum(item.is_over for item in self.items)


async def current() -> Checklist | None:
    """None in a shop that was never set up with the questions, and before they are answered."""
    if not setup_state.current().was_asked:
        return None
    found, decided = await findings.look(), await _decisions()
    return Checklist(
        tuple(
            ChecklistItem(
                rule, rule.look(found), decided.get(rule.key), *(rule.lead(found) or (rule.href, rule.action))
            )
            for rule in RULES
        )
    )


async def decide(key: str, *, is_needed: bool, by: UUID) -> None:
    """Say that the shop does not need an item, or does after all. Raises `NotFound`."""
    if not any(rule.key == key and rule.is_optional for rule in RULES):
        raise NotFound
    if (key in await _decisions()) != is_needed:
        return
    async with database.transaction():
        row = ChecklistDecision(id=ids.new(), item=key, is_needed=is_needed, at=clock.now(), by=by)
        await ChecklistDecision.insert(row)
        words = "checklist item needed again" if is_needed else "checklist item not needed"
        await audit.record(by, words, "shop", key)


async def _decisions() -> dict[str, Decision]:
    """The latest of each item, where it says that it is not needed."""
    rows = await ChecklistDecision.objects().order_by(ChecklistDecision.at, ChecklistDecision.id)
    latest = {row.item: row for row in rows}
    return {key: Decision(row.at, row.by) for key, row in latest.items() if not row.is_needed}
