"""What may be done with a journey in which state: one table, for the pages, the verbs and the clock."""

from components.campaigns.journeys.tables import Journey
from components.foundation.refusals import Refusal

STATES = {"draft": "Draft", "running": "Running", "paused": "Paused", "ended": "Ended"}
MAY: dict[str, frozenset[str]] = {
    "edit": frozenset({"draft"}),
    "steps": frozenset({"draft", "running", "paused"}),
    "delete": frozenset({"draft"}),
    "start": frozenset({"draft"}),
    "pause": frozenset({"running"}),
    "resume": frozenset({"paused"}),
    "end": frozenset({"running", "paused"}),
    "enter": frozenset({"running"}),
    "walk": frozenset({"running"}),
    "copy": frozenset(STATES),
    "preview": frozenset(STATES),
    "test": frozenset(STATES),
}
"""`enter` and `walk` are done by the clock; `steps` is to add, change, move and remove them."""


class JourneyNotInThisState(Refusal):
    status = 409

    def __init__(self, journey: Journey) -> None:
        super().__init__(f"This journey is {STATES[journey.state].lower()} now. Nothing was changed.")


def may(journey: Journey, action: str) -> bool:
    return journey.state in MAY[action]


def refuse_unless(journey: Journey, action: str) -> None:
    """Raises `JourneyNotInThisState`."""
    if not may(journey, action):
        raise JourneyNotInThisState(journey)
