"""Whether this process knows the shop to be open: asked by every request, without the database."""

from dataclasses import dataclass
from uuid import UUID

from components.foundation.database.notifications import listener
from components.opening.tables import ShopSetup

CHANNEL = "shop_setup"
STEPS = ("shop", "payments", "emails")


@dataclass(frozen=True, slots=True)
class SetupState:
    """`done` are the steps that were answered. A shop that was never asked is open.

    `was_asked`: it was opened with the questions, so it has a checklist."""

    is_closed: bool = False
    was_asked: bool = False
    owner: UUID | None = None
    done: tuple[str, ...] = ()

    @property
    def next_step(self) -> str:
        """The first step without an answer; `open` when there is none."""
        return next((step for step in STEPS if step not in self.done), "open")


class _Known:
    state = SetupState()
    is_listening = False


def current() -> SetupState:
    return _Known.state


async def start() -> None:
    """Read it, and keep it up to date from then on."""
    if not _Known.is_listening:
        listener.on(CHANNEL, _heard, after_a_gap=refresh)
        _Known.is_listening = True
    await refresh()


async def refresh() -> None:
    row = await ShopSetup.objects().first()
    if row is None:
        _Known.state = SetupState()
        return
    done = tuple(step for step in STEPS if getattr(row, f"{step}_at"))
    is_open = row.opened_at is not None
    _Known.state = SetupState(is_closed=not is_open, was_asked=is_open, owner=row.owner, done=done)


async def _heard(_payload: str) -> None:
    await refresh()
