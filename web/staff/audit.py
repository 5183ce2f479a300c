"""Who changed what: the audit trail, newest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import urlencode
from uuid import UUID

from litestar import Controller, Request, Response, get

from components.exchange import keys
from components.foundation import audit, json
from components.people import accounts, operators
from web.forms import Choice, Form
from web.guards import staff
from web.views import View, page

PER_PAGE = 50


class FindForm(Form):
    subject = Choice("What", required=False)
    actor = Choice("Who", required=False)


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a changed thing; empty words where there was nothing."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class EntryLine:
    at: datetime
    who: str
    what: str
    subject: str
    subject_id: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, kw_only=True)
class AuditPage(View):
    template: ClassVar[str] = "staff/audit/index.html"
    form: FindForm
    entries: tuple[EntryLine, ...]
    newer: str
    older: str


class AuditController(Controller):
    path = "/staff/audit"
    guards = [staff("settings")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        people = {str(one.person_id): one.name or one.email for one in await operators.every()}
        subjects = tuple((name, name.capitalize()) for name in await audit.subjects())
        form = FindForm.of_query(request, choices={"subject": subjects, "actor": tuple(people.items())})
        subject, actor = _chosen(form, "subject"), _chosen(form, "actor")
        number = _page_number(request)
        found = await audit.entries(
            subject=subject,
            actor=UUID(actor) if actor else None,
            limit=PER_PAGE + 1,
            offset=(number - 1) * PER_PAGE,
        )
        names = people | {str(one.id): f"The key “{one.name}”" for one in await keys.every()}
        lines = tuple([await _line(entry, names) for entry in found[:PER_PAGE]])
        newer = _address(subject, actor, number - 1) if number > 1 else ""
        older = _address(subject, actor, number + 1) if len(found) > PER_PAGE else ""
        return page(request, AuditPage(form=form, entries=lines, newer=newer, older=older))


def _chosen(form: FindForm, name: str) -> str:
    return "" if name in form.errors else str(form.values[name])


def _page_number(request: Request[Any, Any, Any]) -> int:
    written = request.query_params.get("page", "1")
    return int(written) if written.isdecimal() and len(written) < 5 and int(written) > 0 else 1


def _address(subject: str, actor: str, number: int) -> str:
    wanted = {"subject": subject, "actor": actor, "page": str(number)}
    return "/staff/audit?" + urlencode({name: value for name, value in wanted.items() if value})


async def _line(entry: dict[str, Any], people: dict[str, str]) -> EntryLine:
    before = json.load(entry["before"]) if entry["before"] else {}
    after = json.load(entry["after"]) if entry["after"] else {}
    changes = [Change(name, _words(before.get(name)), _words(after.get(name))) for name in {**before, **after}]
    return EntryLine(
        at=entry["at"],
        who=await _who(entry["actor"], people),
        what=entry["what"],
        subject=entry["subject"],
        subject_id=entry["subject_id"],
        changes=tuple(change for change in changes if change.before != change.after),
    )


async def _who(actor: UUID | None, people: dict[str, str]) -> str:
    """Somebody who has left is looked up once and remembered for the rest of the page."""
    if actor is None:
        return "The shop itself"
    key = str(actor)
    if key not in people:
        person = await accounts.person(actor)
        people[key] = (person.name or person.email) if person else "Somebody erased"
    return people[key]


def _words(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(_words(one) for one in value)
    return value if isinstance(value, str) else json.dump(value)
