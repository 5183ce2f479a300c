"""What may be done with an experiment in which state: one table, for the pages, the verbs and the clock."""

from components.experiments.tables import Experiment
from components.foundation.refusals import Refusal

STATES = {"draft": "Draft", "running": "Running", "stopped": "Stopped", "decided": "Decided"}
MAY: dict[str, frozenset[str]] = {
    "edit": frozenset({"draft"}),
    "delete": frozenset({"draft"}),
    "start": frozenset({"draft"}),
    "ask": frozenset({"running"}),
    "stop": frozenset({"running"}),
    "decide": frozenset({"running", "stopped"}),
    "results": frozenset({"running", "stopped", "decided"}),
    "copy": frozenset(STATES),
}
"""`ask`: somebody new may be put in an arm."""


class NotInThisExperimentState(Refusal):
    status = 409

    def __init__(self, experiment: Experiment) -> None:
        super().__init__(f"This experiment is {STATES[experiment.state].lower()} now. Nothing was changed.")


def may(experiment: Experiment, action: str) -> bool:
    return experiment.state in MAY[action]


def refuse_unless(experiment: Experiment, action: str) -> None:
    """Raises `NotInThisExperimentState`."""
    if not may(experiment, action):
        raise NotInThisExperimentState(experiment)
