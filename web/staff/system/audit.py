"""Who changed what: the audit log, newest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get

from components.foundation import audit, json
from components.insights import payment_subjects
from components.insights.metrics import display_names
from components.insights.payment_subjects import PaymentSubject
from components.people import api_keys, customer_accounts, operators
from web.forms.fields import Choice
from web.forms.form import Form
from web.guards import staff
from web.pager import Pager, page_asked
from web.staff.system import audit_text
from web.staff.system.audit_text import AuditChange
from web.views import View, page

PER_PAGE = 50
ROOMS = {
    "order": "/staff/orders/{}",
    "person": "/staff/members/{}",
    "benefit": "/staff/benefits/{}",
    "operator": "/staff/operators/{}",
}
"""The page of a changed thing, by its id."""
PAID_FOR = ("gift", "subscription", "term")


class AuditSearchForm(Form):
    subject = Choice("Type", required=False)
    actor = Choice("Who", required=False)


@dataclass(frozen=True, slots=True)
class EntryLine:
    """`raw` is the row as stored."""

    at: datetime
    who: str
    what: str
    subject: str
    href: str
    changes: tuple[AuditChange, ...]
    raw: str


@dataclass(frozen=True, kw_only=True)
class AuditPage(View):
    template: ClassVar[str] = "staff/system/audit/index.html"
    form: AuditSearchForm
    entries: tuple[EntryLine, ...]
    newer: str
    older: str


class AuditController(Controller):
    path = "/staff/audit"
    guards = [staff("settings")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        people = {str(one.person_id): one.name or one.email for one in await operators.all_operators()}
        subjects = tuple((name, audit_text.type_name(name).capitalize()) for name in await audit.subjects())
        form = AuditSearchForm.of_query(request, choices={"subject": subjects, "actor": tuple(people.items())})
        subject, actor = _chosen(form, "subject"), _chosen(form, "actor")
        number = page_asked(request)
        found = await audit.entries(
            subject=subject,
            actor=UUID(actor) if actor else None,
            limit=PER_PAGE + 1,
            offset=(number - 1) * PER_PAGE,
        )
        people |= {str(one.id): f"API key “{one.name}”" for one in await api_keys.all_keys()}
        read = [_read(entry) for entry in found[:PER_PAGE]]
        ids = set(audit_text.ids_in(*read))
        paid_for = await payment_subjects.subjects(ids)
        names = {one: found.name for one, found in paid_for.items()} | await display_names.names(ids)
        lines = tuple([await _line(entry, people, names, paid_for) for entry in read])
        pages = Pager(
            page=number, pages=number + (len(found) > PER_PAGE), path=self.path,
            query={"subject": subject, "actor": actor},
        )  # fmt: skip
        newer = pages.url(number - 1) if number > 1 else ""
        older = pages.url(number + 1) if pages.pages > number else ""
        return page(request, AuditPage(form=form, entries=lines, newer=newer, older=older))


def _chosen(form: AuditSearchForm, name: str) -> str:
    return "" if name in form.errors else str(form.values[name])


def _read(entry: dict[str, Any]) -> dict[str, Any]:
    opened = {side: json.load(entry[side]) if entry[side] else {} for side in ("before", "after")}
    return {**entry, **opened}


async def _line(
    entry: dict[str, Any], people: dict[str, str], names: audit_text.Names, paid_for: dict[UUID, PaymentSubject]
) -> EntryLine:
    subject, subject_id = entry["subject"], entry["subject_id"]
    return EntryLine(
        at=entry["at"],
        who=await _who(entry["actor"], people),
        what=entry["what"],
        subject=audit_text.subject(subject, subject_id, names),
        href=_page_of(subject, subject_id, paid_for),
        changes=audit_text.changes(entry["before"], entry["after"], names),
        raw=json.dump(
            {"subject": subject, "id": subject_id, "before": entry["before"] or None, "after": entry["after"] or None}
        ),
    )


def _page_of(subject: str, subject_id: str, paid_for: dict[UUID, PaymentSubject]) -> str:
    """Of a subscription, a gift or a term: the page of the member who pays for it."""
    if subject in ROOMS:
        return ROOMS[subject].format(subject_id)
    found = paid_for.get(UUID(subject_id)) if subject in PAID_FOR else None
    return ROOMS[found.kind].format(found.page) if found else ""


async def _who(actor: UUID | None, people: dict[str, str]) -> str:
    """People who have left are looked up once and cached for the rest of the page."""
    if actor is None:
        return "System"
    key = str(actor)
    if key not in people:
        person = await customer_accounts.by_id(actor)
        people[key] = (person.name or person.email) if person else "Deleted account"
    return people[key]
