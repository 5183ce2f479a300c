"""When this has happened, do that: every cause and effect of the shop on one screen.

Each reaction is a job of its own, is tried again when it fails, may run twice and must end the same.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from components import payments
from components.foundation.outbox import Fact

Reaction = Callable[[Any], Awaitable[None]]

REACTIONS: dict[type[Fact], tuple[Reaction, ...]] = {
    payments.CardKept: (payments.cards.adopt,),
}


def following(fact: Fact) -> tuple[Reaction, ...]:
    return REACTIONS.get(type(fact), ())


def name_of(reaction: Reaction) -> str:
    return f"{reaction.__module__.removeprefix('components.')}.{reaction.__qualname__}"  # type: ignore[attr-defined]


def named(name: str) -> Reaction:
    """Raises KeyError for a reaction that is no longer there."""
    return {name_of(reaction): reaction for many in REACTIONS.values() for reaction in many}[name]
