"""How many e-mails of a campaign may be written this minute."""

from uuid import UUID

from components.foundation import clock, database


async def granted(campaign_id: UUID, most: int) -> int:
    """How many may be written now; they count for this minute even if whoever asked is killed."""
    minute = clock.now().replace(second=0, microsecond=0)
    return int(await database.fetch_value(_GRANT, campaign_id, minute, most) or 0)


_GRANT = """
WITH room AS (SELECT id, least($3::int, per_minute - CASE WHEN granted_minute = $2 THEN granted ELSE 0 END) AS lot
  FROM campaign WHERE id = $1 AND state = 'sending' FOR UPDATE)
UPDATE campaign c SET granted_minute = $2, granted = room.lot + CASE WHEN granted_minute = $2 THEN granted ELSE 0 END
FROM room WHERE c.id = room.id AND room.lot > 0 RETURNING room.lot"""
