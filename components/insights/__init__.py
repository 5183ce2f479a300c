"""Insights: the MRR movement ledger, metrics, staff to-dos, and the check of all invariants.

Reads every component's rows and changes only its own: movements, and scenarios with their simulations.
"""

from components.insights import (
    attention,
    behind,
    called,
    figures,
    leak_policy,
    leak_watch,
    metrics,
    movements,
    outcomes,
    recurring,
    replay,
    replaying,
    replays,
    retention,
    soundness,
)
from components.insights.soundness import invariants

__all__ = [
    "attention",
    "behind",
    "called",
    "figures",
    "invariants",
    "leak_policy",
    "leak_watch",
    "metrics",
    "movements",
    "outcomes",
    "recurring",
    "replay",
    "replaying",
    "replays",
    "retention",
    "soundness",
]
