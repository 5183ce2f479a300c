"""Where each payer lived when they paid their last membership fee, as kept with it, as SQL."""

from components.foundation import database
from components.insights.rollups.unrolled import CURRENT

COLUMNS = "person, country"
ANEW = """
SELECT DISTINCT ON (s.payer) s.payer AS person, d.tax_country AS country
FROM insights_subscriptions s JOIN insights_paid_periods d ON d.subscription = s.id
WHERE {whom} AND NOT d.is_opening ORDER BY s.payer, d.starts_at DESC, d.id DESC"""
"""`whom` is a condition on the subscription `s`."""
EVERYBODY, THESE = "true", "s.payer IN (SELECT unnest(ids) FROM people)"
PEOPLE = f"""WITH kept AS (SELECT {CURRENT} AS is_current),
people AS (SELECT ARRAY(SELECT person FROM figure_payer_change
  UNION SELECT payer FROM insights_subscriptions WHERE NOT (SELECT is_current FROM kept)) AS ids)
SELECT person AS id FROM figure_payer_country WHERE country = $3 AND (SELECT is_current FROM kept)
  AND person NOT IN (SELECT unnest(ids) FROM people)
UNION ALL SELECT person FROM ({ANEW.format(whom=THESE)}) anew WHERE country = $3"""
"""The ids of those who paid from the country `$3`; `$1` is the shop's time zone and `$2` the version of the rules."""


async def of_none() -> int:
    """How many have a membership that was taken over from another system, and have paid no fee here yet."""
    return int(await database.fetch_value(_OF_NONE))


_OF_NONE = """SELECT count(DISTINCT s.payer)
FROM insights_paid_periods d JOIN insights_subscriptions s ON s.id = d.subscription
WHERE d.is_opening AND NOT EXISTS (SELECT FROM insights_subscriptions o
  JOIN insights_paid_periods p ON p.subscription = o.id WHERE o.payer = s.payer AND NOT p.is_opening)"""
