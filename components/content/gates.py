"""Who can read an article in full, and from when: the one rule for page, list, feed, search and e-mails. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from components.memberships.entitlements.customer_entitlements import CustomerEntitlements


class Gated(Protocol):
    """What the rule needs to know about an article. `drip_days` count from when the member first held the benefit."""

    @property
    def gate(self) -> str: ...
    @property
    def drip_days(self) -> int: ...
    @property
    def published_at(self) -> datetime | None: ...


class GateReason(StrEnum):
    OPEN = "open"
    MEMBERS = "members"
    LATER = "later"
    UNPUBLISHED = "unpublished"


@dataclass(frozen=True, slots=True)
class ArticleAccess:
    """`opens_at` is the instant from which this person can read it in full; None when there is none."""

    why: GateReason
    opens_at: datetime | None = None

    @property
    def whole(self) -> bool:
        return self.why is GateReason.OPEN

    @property
    def is_visible(self) -> bool:
        """Whether title and teaser may be shown at all."""
        return self.why is not GateReason.UNPUBLISHED


def access_to(article: Gated, standing: CustomerEntitlements, at: datetime) -> ArticleAccess:
    """Any gate but the public one is closed unless a benefit opens it."""
    if article.published_at is None or at < article.published_at:
        return ArticleAccess(GateReason.UNPUBLISHED, article.published_at)
    if article.gate == "public":
        return ArticleAccess(GateReason.OPEN)
    since = standing.content_since
    if since is None:
        return ArticleAccess(GateReason.MEMBERS)
    opens_at = since + timedelta(days=article.drip_days)
    return ArticleAccess(GateReason.OPEN if opens_at <= at else GateReason.LATER, opens_at)
