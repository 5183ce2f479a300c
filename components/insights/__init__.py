"""Insights: the ledger of movements and MRR, figures and what the staff should see to, and the check of all invariants.

Reads every component's rows and changes none but its own: movements, and drafts of rules with their replays.
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
