"""What may be done with a campaign in which state: one table, for the pages, the verbs and the clock."""

from components.campaigns.tables import Campaign
from components.foundation.refusals import Refusal

STATES = {
    "draft": "Draft",
    "scheduled": "Scheduled",
    "sending": "Sending",
    "stopped": "Stopped",
    "sent": "Sent",
}
WRITTEN = "Written"
"""In place of "Sent" where no mail server was there that could have sent it."""
MAY: dict[str, frozenset[str]] = {
    "edit": frozenset({"draft"}),
    "delete": frozenset({"draft"}),
    "schedule": frozenset({"draft"}),
    "unschedule": frozenset({"scheduled"}),
    "start": frozenset({"scheduled"}),
    "stop": frozenset({"sending"}),
    "resume": frozenset({"stopped"}),
    "close": frozenset({"stopped"}),
    "finish": frozenset({"sending"}),
    "copy": frozenset(STATES),
    "preview": frozenset(STATES),
    "test": frozenset(STATES),
}
"""`start` and `finish` are done by the clock: when its time has come, and when nobody waits any more."""


class NotInThisState(Refusal):
    status = 409

    def __init__(self, campaign: Campaign) -> None:
        super().__init__(f"This campaign is {STATES[campaign.state].lower()} now. Nothing was changed.")


def may(campaign: Campaign, action: str) -> bool:
    return campaign.state in MAY[action]


def refuse_unless(campaign: Campaign, action: str) -> None:
    """Raises `NotInThisState`."""
    if not may(campaign, action):
        raise NotInThisState(campaign)
