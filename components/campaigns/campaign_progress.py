"""What became of each recipient of a campaign, in words, and how many of each there are."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from components.campaigns import campaign_delivery
from components.foundation import database

WORDS = {
    "": "Waiting",
    "written": "Written",
    "withdrawn": "Left out: unsubscribed, or changed their address, before it was their turn",
    "unreachable": "Left out: e-mails to them come back",
    "forgotten": "Left out: their data was deleted",
    "capped": "Left out: they had enough marketing e-mails lately",
    "failed": "Left out: the e-mail could not be made",
}


@dataclass(frozen=True, slots=True)
class Progress:
    """`held_out` get nothing, for comparison. `not_handed_over` are written and wait for the mail server. Of
    the e-mails that are still kept, `handed_over` are with it, `failed` could not be sent, and `unsent` are neither."""

    by_outcome: dict[str, int]
    held_out: int
    not_handed_over: int
    handed_over: int = 0
    failed: int = 0
    unsent: int = 0

    @property
    def never_sent(self) -> int:
        """Nothing waits to hand them over: no mail server was set up when they were written."""
        return max(0, self.unsent - self.not_handed_over)

    @property
    def nothing_sent(self) -> bool:
        """None of those that were written went out, and none still waits to."""
        return not self.handed_over and not self.not_handed_over and bool(self.never_sent or self.failed)

    @property
    def everybody(self) -> int:
        return sum(self.by_outcome.values()) + self.held_out

    @property
    def waiting(self) -> int:
        return self.by_outcome.get("", 0)

    @property
    def written(self) -> int:
        return self.by_outcome.get("written", 0)


async def only_written(campaign_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Those of them of which nothing was handed over and nothing waits to be: told by the first few that they wrote."""
    return frozenset(await database.fetch_values(_ONLY_WRITTEN, list(campaign_ids)))


async def progress(campaign_id: UUID) -> Progress:
    rows = await database.fetch_rows(_COUNTED, campaign_id)
    return Progress(
        {outcome: count for outcome, is_holdout, count in rows if not is_holdout},
        sum(count for _, is_holdout, count in rows if is_holdout),
        await campaign_delivery.waiting(campaign_id=str(campaign_id)),
        *(await database.fetch_rows(_EMAILS, campaign_id))[0],
    )


_COUNTED = """
SELECT outcome, is_holdout, count(*) FROM campaign_recipient WHERE campaign = $1 GROUP BY outcome, is_holdout"""
_EMAILS = """
SELECT count(e.sent_at), count(*) FILTER (WHERE e.sent_at IS NULL AND e.failed_at IS NOT NULL),
  count(*) FILTER (WHERE e.sent_at IS NULL AND e.failed_at IS NULL)
FROM campaign_recipient r JOIN campaigns_emails e ON e.key = 'campaign:' || r.campaign || ':' || r.contact
WHERE r.campaign = $1 AND r.outcome = 'written'"""
_ONLY_WRITTEN = """
SELECT c.id FROM campaign c CROSS JOIN LATERAL (
  SELECT count(*) FILTER (WHERE e.sent_at IS NULL AND e.failed_at IS NULL) AS unsent, count(e.sent_at) AS sent
  FROM (SELECT contact FROM campaign_recipient WHERE campaign = c.id AND outcome = 'written' LIMIT 20) r
  JOIN campaigns_emails e ON e.key = 'campaign:' || c.id || ':' || r.contact) first
WHERE c.id = ANY($1) AND c.state = 'sent' AND first.unsent > 0 AND first.sent = 0"""
