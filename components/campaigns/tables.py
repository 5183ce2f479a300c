from piccolo.columns import JSON, UUID, Boolean, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class Campaign(Table):
    """One e-mail to everybody of a segment who agreed to its `kind`; without `segment`, to everybody who did.

    `holdout` of a hundred get nothing, for comparison. `per_minute` is how many are written each minute at most:
    `granted` were taken in `granted_minute`. `link` is a path of the shop and `tag` what it is marked with. `version`
    counts the changes, so that of two who edit it the second is told. Who gets it is written down some at a time, up
    to the address `fixed_after`; from `fixed_at` on all of it is. `rules` are the segment's as they were when it began:
    whoever revises the segment meanwhile changes nothing of who gets this. `came_of`: what its results were read from,
    once they are final.
    """

    id = UUID(primary_key=True, default=None)
    name = Varchar(length=120)
    kind = Varchar(length=12, default="news")
    segment = UUID(null=True, default=None)
    subject = Text(default="")
    preheader = Text(default="")
    body = Text(default="")
    link = Varchar(length=300, default="")
    tag = Varchar(length=60, default="")
    holdout = Integer(default=0)
    per_minute = Integer(default=600)
    state = Varchar(length=10, default="draft")
    version = Integer(default=1)
    created_at = Timestamptz(default=None)
    created_by = UUID(null=True, default=None)
    scheduled_at = Timestamptz(null=True, default=None)
    started_at = Timestamptz(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)
    granted_minute = Timestamptz(null=True, default=None)
    granted = Integer(default=0)
    trouble = Varchar(length=300, default="")
    fixed_after = UUID(null=True, default=None)
    fixed_at = Timestamptz(null=True, default=None)
    rules = JSON(null=True, default=None)
    came_of = JSON(null=True, default=None)


class CampaignRecipient(Table):
    """One address of one campaign, fixed when it starts. `contact` is the row of the consents.

    `outcome` is "" while it waits, then "written" or why not: see `campaign_progress.WORDS`. Of the holdout nobody is
    written to.
    """

    id = UUID(primary_key=True, default=None)
    campaign = ForeignKey(Campaign, null=False)
    contact = UUID(default=None)
    person = UUID(null=True, default=None, index=True)
    is_holdout = Boolean(default=False)
    outcome = Varchar(length=12, default="")
    settled_at = Timestamptz(null=True, default=None)


DDL: tuple[str, ...] = (
    """ALTER TABLE campaign ADD CONSTRAINT campaign_is_possible CHECK (
       state IN ('draft', 'scheduled', 'sending', 'stopped', 'sent') AND kind IN ('news', 'tips')
       AND holdout BETWEEN 0 AND 50 AND per_minute BETWEEN 1 AND 10000
       AND (state = 'scheduled') = (scheduled_at IS NOT NULL AND started_at IS NULL)
       AND (state IN ('draft', 'scheduled')) = (started_at IS NULL)
       AND (state = 'sent') = (ended_at IS NOT NULL))""",
    "CREATE INDEX campaign_newest ON campaign (created_at DESC, id DESC)",
    "CREATE INDEX campaign_at_work ON campaign (scheduled_at) WHERE state IN ('scheduled', 'sending')",
    "CREATE UNIQUE INDEX campaign_recipient_once ON campaign_recipient (campaign, contact)",
    """CREATE INDEX campaign_recipient_waiting ON campaign_recipient (campaign, id)
       WHERE outcome = '' AND NOT is_holdout""",
    "CREATE INDEX campaign_recipient_written ON campaign_recipient (contact, settled_at) WHERE outcome = 'written'",
    """ALTER TABLE campaign_recipient ADD CONSTRAINT campaign_recipient_is_settled CHECK (
       (outcome = '') = (settled_at IS NULL) AND NOT (is_holdout AND outcome <> '')
       AND outcome IN ('', 'written', 'withdrawn', 'unreachable', 'forgotten', 'capped', 'failed'))""",
)
