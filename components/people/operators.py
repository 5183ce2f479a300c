"""Staff, and what each of them may do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from components.foundation import audit, clock, database, ids, outbox
from components.foundation.operations import security_events
from components.foundation.refusals import NotFound, Refusal
from components.people import customer_accounts, sessions
from components.people.facts import OperatorInvited
from components.people.second_factor import second_factors
from components.people.tables import Operator, Person

PERMISSIONS = {
    "orders": "Orders and shipping",
    "refunds": "Refunds",
    "products": "Products, collections and imports",
    "plans": "Plans and benefits",
    "members": "Members",
    "content": "Journal, pages and e-mail texts",
    "emails": "E-mails",
    "campaigns": "Campaigns",
    "metrics": "Metrics",
    "settings": "Settings",
    "jobs": "Background jobs and payment events",
}


class LastOwner(Refusal):
    message = "The shop needs an owner. Make someone else an owner first."


class AlreadyOperator(Refusal):
    message = "This person already has staff access."


class UnknownRole(Refusal):
    message = "Choose owner or staff, with permissions from the list."


@dataclass(frozen=True, slots=True)
class OperatorView:
    person_id: UUID
    email: str
    name: str
    role: str
    permissions: tuple[str, ...]
    since: datetime

    @property
    def is_owner(self) -> bool:
        return self.role == "owner"


async def all_operators() -> tuple[OperatorView, ...]:
    """Owners first, then by e-mail."""
    rows = await database.fetch_rows(_ALL)
    return tuple(
        OperatorView(person_id=person_id, email=email, name=name, role=role, permissions=tuple(may), since=since)
        for person_id, email, name, role, may, since in rows
    )


_ALL = """
SELECT p.id, p.email, p.name, o.role, o.permissions, o.since
FROM operator o JOIN person p ON p.id = o.person ORDER BY o.role, p.email
"""


async def by_id(person_id: UUID) -> OperatorView:
    """Raises `NotFound`."""
    for operator in await all_operators():
        if operator.person_id == person_id:
            return operator
    raise NotFound


async def includes(person_id: UUID) -> bool:
    """Whether this person is staff."""
    return await Operator.exists().where(Operator.person == person_id)


async def note_sign_in(person_id: UUID) -> bool:
    """Whether this person is staff; then that they have signed in is in the audit log."""
    is_staff = await includes(person_id)
    if is_staff:
        await audit.record(person_id, "signed in", "sign-in", person_id)
    return is_staff


async def add(
    person_id: UUID,
    role: str,
    permissions: Iterable[str] = (),
    *,
    by: UUID | None = None,
) -> None:
    """Give a person a role; their sessions end, and they sign in with it. Raises `AlreadyOperator`, `UnknownRole`."""
    held = _checked(role, permissions)
    async with database.transaction():
        operator = Operator(
            id=ids.new(),
            person=person_id,
            role=role,
            permissions=held,
            since=clock.now(),
        )
        added = await Operator.insert(operator).on_conflict(action="DO NOTHING").returning(Operator.id)
        if not added:
            raise AlreadyOperator
        await sessions.end_all(person_id)
        await security_events.note("staff access", person=person_id, detail=f"given: {role}")
        await audit.record(
            by,
            "staff access given",
            "operator",
            person_id,
            after={"role": role, "permissions": held},
        )


async def invite(email: str, role: str, permissions: Iterable[str] = (), *, by: UUID | None) -> Person:
    """Add somebody by e-mail, with or without an account, and e-mail them. Raises `AlreadyOperator`, `UnknownRole`.

    An account whose e-mail was never confirmed loses its password and passkeys: somebody else may have created it.
    """
    async with database.transaction():
        person = await customer_accounts.by_email(email) or await customer_accounts.sign_up(email)
        if not person.email_confirmed_at:
            await Person.update({Person.password_hash: None}).where(Person.id == person.id)
            await second_factors.forget(person.id)
        await add(person.id, role, permissions, by=by)
        await outbox.announce(OperatorInvited(person.id, by))
    return person


async def change(person_id: UUID, *, role: str, permissions: Iterable[str], by: UUID | None) -> None:
    """Change role or permissions; their sessions end. Raises `LastOwner`, `NotFound`, `UnknownRole`."""
    held = _checked(role, permissions)
    async with database.transaction():
        operator = await _held(person_id)
        before = {"role": operator.role, "permissions": list(operator.permissions)}
        after: dict[str, Any] = {"role": role, "permissions": held}
        if before == after:
            return
        if role != "owner":
            await _refuse_last_owner(operator)
        await operator.update_self({Operator.role: role, Operator.permissions: held})
        await sessions.end_all(person_id)
        await security_events.note("staff access", person=person_id, detail=f"now {role}")
        await audit.record(by, "staff access changed", "operator", person_id, before=before, after=after)


async def remove(person_id: UUID, *, by: UUID | None) -> None:
    """Back to being a customer; their sessions end. Raises `LastOwner`, `NotFound`."""
    async with database.transaction():
        operator = await _held(person_id)
        await _refuse_last_owner(operator)
        await Operator.delete().where(Operator.person == person_id)
        await sessions.end_all(person_id)
        before = {"role": operator.role, "permissions": list(operator.permissions)}
        await security_events.note("staff access", person=person_id, detail="removed")
        await audit.record(by, "staff access removed", "operator", person_id, before=before)


async def _held(person_id: UUID) -> Operator:
    """The operator's row, with every owner's: of two owners removing each other the second is refused."""
    await Operator.select(Operator.id).where(Operator.role == "owner").order_by(Operator.id).lock_rows()
    operator = await database.locked(Operator, Operator.person == person_id)
    if operator is None:
        raise NotFound
    return operator


async def _refuse_last_owner(operator: Operator) -> None:
    if await is_last_owner(operator.role):
        raise LastOwner


async def is_last_owner(role: str) -> bool:
    """Whether somebody of this role is the only owner, who stays."""
    return role == "owner" and await Operator.count().where(Operator.role == "owner") < 2


def _checked(role: str, permissions: Iterable[str]) -> list[str]:
    wanted = frozenset(permissions)
    if role not in {"owner", "staff"} or not wanted <= PERMISSIONS.keys():
        raise UnknownRole
    return [] if role == "owner" else [name for name in PERMISSIONS if name in wanted]
