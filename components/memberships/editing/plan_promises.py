"""What others have promised of a plan, and that is asked before it changes: they say no, by raising a `Refusal`."""

from collections.abc import Awaitable, Callable
from typing import Literal
from uuid import UUID

PlanChange = Literal["price", "period", "archive"]
Guard = Callable[[UUID, PlanChange], Awaitable[None]]

GUARDS: dict[str, Guard] = {}


def register_guard(name: str, guard: Guard) -> None:
    """The components above memberships, in `components.reactions`."""
    GUARDS[name] = guard


async def refuse_if_promised(plan_id: UUID, change: PlanChange) -> None:
    """Whoever makes the change; belongs in its transaction. Raises the `Refusal` of whoever promised otherwise."""
    for guard in GUARDS.values():
        await guard(plan_id, change)
