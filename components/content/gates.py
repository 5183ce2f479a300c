"""Who can read an article in full, and from when: the one rule for page, list, feed, search and e-mails. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from components.memberships import Standing


class Gated(Protocol):
    """What the rule needs to know about an article. `drip_days` count from when the member first held the benefit."""

    @property
    def gate(self) -> str: ...
    @property
    def drip_days(self) -> int: ...
    @property
    def published_at(self) -> datetime | None: ...


class Why(StrEnum):
    OPEN = "open"
    MEMBERS = "members"
    LATER = "later"
    UNPUBLISHED = "unpublished"


@dataclass(frozen=True, slots=True)
class Reading:
    """`opens_at` is the instant from which this person can read it in full; None when there is none."""

    why: Why
    opens_at: datetime | None = None

    @property
    def whole(self) -> bool:
        return self.why is Why.OPEN

    @property
    def is_visible(self) -> bool:
        """Whether title and teaser may be shown at all."""
        return self.why is not Why.UNPUBLISHED


def reading(article: Gated, standing: Standing, at: datetime) -> Reading:
    """Any gate but the public one is closed unless a benefit opens it."""
    if article.published_at is None or at < article.published_at:
        return Reading(Why.UNPUBLISHED, article.published_at)
    if article.gate == "public":
        return Reading(Why.OPEN)
    since = standing.content_since
    if since is None:
        return Reading(Why.MEMBERS)
    opens_at = since + timedelta(days=article.drip_days)
    return Reading(Why.OPEN if opens_at <= at else Why.LATER, opens_at)
