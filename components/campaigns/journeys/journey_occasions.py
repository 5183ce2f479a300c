"""What brings somebody into a journey: where the shop already knows it, and whether it is still so.

`found` are statements of (person, occasion, at): who was to enter, for what, and when, by {since}, {now} and {days};
{zone} is the shop's, {journey} the journey. They read only what happened in those days. `fits` is
asked of an entry `e` at {now}, just before each e-mail.
"""

from dataclasses import dataclass

_PAID = "m.source <> 'free' AND holds(m.starts_at, m.ends_at, {now})"
_IS_MEMBER = f"EXISTS (SELECT FROM campaigns_memberships m WHERE m.holder = {{person}} AND {_PAID})"
_GOES_ON = "s.status IN ('active', 'trialing', 'paused', 'past_due', 'unpaid')"
_RESTS = f"""EXISTS (SELECT FROM campaigns_subscriptions s WHERE s.payer = {{person}} AND {_GOES_ON}
  UNION ALL SELECT FROM campaigns_seats t JOIN campaigns_subscriptions s ON s.id = t.source_id
    WHERE t.holder = {{person}} AND t.ended_at IS NULL AND {_GOES_ON})"""
_OVER = """
  SELECT id, holder, starts_at, ends_at, ends_at AS over_at FROM campaigns_memberships
    WHERE source <> 'free' AND ends_at >= {since} - make_interval(days => {days})
      AND ends_at <= {now} - make_interval(days => {days})
  UNION ALL SELECT m.id, m.holder, m.starts_at, m.ends_at, s.ended_at FROM campaigns_subscriptions s
    JOIN LATERAL (SELECT s.id UNION ALL SELECT t.id FROM campaigns_seats t WHERE t.source_id = s.id) of ON true
    JOIN campaigns_memberships m ON m.source_id = of.id AND m.ends_at < s.ended_at
    WHERE s.ended_at >= {since} - make_interval(days => {days})
      AND s.ended_at <= {now} - make_interval(days => {days})"""
"""Memberships that are over, and when: also those whose subscription rested or was owed before it was given up."""
_USES = """
  SELECT person, at FROM campaigns_benefit_uses WHERE {0} AND reference NOT LIKE 'refund%'
  UNION ALL SELECT person, at FROM campaigns_reward_uses WHERE {0}
  UNION ALL SELECT person, paid_at FROM (SELECT person, paid_at, paid_at AS at FROM campaigns_orders) o WHERE {0}"""
_PERIOD = "s.id || ':' || to_char(s.current_period_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI')"
"""By where it began: the day on which it ends may be moved."""
_FAILURE = "s.id || ':' || to_char(s.past_due_since AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI')"


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """`when` says it with {days}. `days_label` is "" where there are none to choose. `goes_out` is what the shop sends
    anyway, whether there is a journey or not. It `lasts` where it is a state that somebody may be in already; the
    others begin on one day."""

    title: str
    when: str
    goes_out: str
    found: str
    fits: str
    stays: str
    days_label: str = ""
    least: int = 0
    most: int = 0
    usual: int = 0
    lasts: bool = False

    def sentence(self, days: int) -> str:
        return self.when.format(days=f"{days} day" if days == 1 else f"{days} days")


def _member(person: str) -> str:
    return _IS_MEMBER.replace("{person}", person)


def _is_gone(person: str) -> str:
    return f"NOT {_member(person)} AND NOT {_RESTS.replace('{person}', person)}"


OCCASIONS: dict[str, Occasion] = {
    "welcome": Occasion(
        title="Welcome",
        when="When somebody becomes a member: by subscription, gift, household or from the shop, after a time without.",
        goes_out="The welcome with price, terms and how to cancel goes out anyway, at once, and needs no consent.",
        found="""
SELECT m.holder AS person, m.id::text AS occasion, m.starts_at AS at FROM campaigns_memberships m
WHERE m.source <> 'free' AND m.starts_at >= {since} AND m.starts_at <= {now} AND NOT EXISTS (
  SELECT FROM campaigns_memberships b WHERE b.holder = m.holder AND b.source <> 'free'
    AND (b.starts_at, b.id) < (m.starts_at, m.id)
    AND (b.ends_at IS NULL OR b.ends_at >= m.starts_at - interval '1 day'
      OR m.source IN ('subscription', 'seat') AND b.source_id = m.source_id))""",
        fits=_member("e.person"),
        stays="they are still a member",
    ),
    "unused": Occasion(
        title="No use of the membership",
        when="When a member has neither ordered nor used a benefit for {days}, since joining or the last time.",
        goes_out="Nothing else goes out about this.",
        found=f"""
SELECT q.person, to_char(q.at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') AS occasion,
  q.at + make_interval(days => {{days}}) AS at
FROM (SELECT person, max(at) AS at FROM (
  {_USES.format("at >= {since} - make_interval(days => {days}) AND at <= {now} - make_interval(days => {days})")}
  UNION ALL SELECT holder, starts_at FROM campaigns_memberships WHERE source <> 'free'
    AND starts_at >= {{since}} - make_interval(days => {{days}})
    AND starts_at <= {{now}} - make_interval(days => {{days}})) used GROUP BY person) q
WHERE {_member("q.person")} AND NOT EXISTS ({_USES.format("person = q.person AND at > q.at")})
  AND NOT EXISTS (SELECT FROM campaigns_memberships j WHERE j.holder = q.person AND j.source <> 'free'
    AND j.starts_at > q.at AND j.starts_at <= {{now}})""",
        fits=f"{_member('e.person')} AND NOT EXISTS ({_USES.format('person = e.person AND at > e.happened_at')})",
        stays="they are still a member and have neither ordered nor used a benefit since",
        days_label="After so many days",
        least=3,
        most=365,
        usual=30,
        lasts=True,
    ),
    "renewal": Occasion(
        title="Before a renewal",
        when="{days} before a membership renews. Not if it is cancelled or paused, or its terms are shorter.",
        goes_out="The renewal notice that the law asks for, with price, day and how to cancel, goes out anyway.",
        found=f"""
SELECT s.payer AS person, {_PERIOD} AS occasion, s.current_period_end - make_interval(days => {{days}}) AS at
FROM campaigns_subscriptions s WHERE s.status = 'active' AND s.cancel_at IS NULL
  AND s.current_period_end >= {{since}} + make_interval(days => {{days}})
  AND s.current_period_end <= {{now}} + make_interval(days => {{days}})
  AND s.current_period_start <= s.current_period_end - make_interval(days => {{days}})
  AND NOT EXISTS (SELECT FROM journey_entry b WHERE b.journey = {{journey}} AND b.person = s.payer
    AND starts_with(b.occasion, s.id::text) AND b.happened_at > s.current_period_end - make_interval(days => {{days}})
      - (s.current_period_end - s.current_period_start) / 2)""",
        fits=f"""EXISTS (SELECT FROM campaigns_subscriptions s WHERE s.payer = e.person AND s.status = 'active'
  AND s.cancel_at IS NULL AND s.current_period_end > {{now}} AND {_PERIOD} = e.occasion)""",
        stays="that renewal is still to come and they have not cancelled",
        days_label="Days before",
        least=1,
        most=90,
        usual=14,
    ),
    "payment_failed": Occasion(
        title="A payment failed",
        when="{days} after a renewal could not be paid, as long as it is not.",
        goes_out="At each failed try an e-mail with amount, card, grace and a link to pay goes out anyway, at once.",
        found=f"""
SELECT s.payer AS person, {_FAILURE} AS occasion, s.past_due_since + make_interval(days => {{days}}) AS at
FROM campaigns_subscriptions s WHERE s.status = 'past_due'
  AND s.past_due_since >= {{since}} - make_interval(days => {{days}})
  AND s.past_due_since <= {{now}} - make_interval(days => {{days}})""",
        fits=f"""EXISTS (SELECT FROM campaigns_subscriptions s WHERE s.payer = e.person AND s.status = 'past_due'
  AND {_FAILURE} = e.occasion)""",
        stays="that renewal is still not paid",
        days_label="Days after",
        most=30,
        usual=2,
        lasts=True,
    ),
    "lapsed": Occasion(
        title="The membership ended",
        when="{days} after a membership ended, if they have not joined again.",
        goes_out="The e-mail that says that it has ended, and why, goes out anyway, at once.",
        found=f"""
SELECT l.holder AS person, l.id::text AS occasion, l.over_at + make_interval(days => {{days}}) AS at
FROM ({_OVER}) l WHERE l.ends_at > l.starts_at AND {_is_gone("l.holder")} AND NOT EXISTS (
    SELECT FROM campaigns_memberships b WHERE b.holder = l.holder AND b.source <> 'free'
      AND (b.ends_at, b.id) > (l.ends_at, l.id))""",
        fits=_is_gone("e.person"),
        stays="they have still not joined again",
        days_label="Days after",
        most=365,
        usual=7,
        lasts=True,
    ),
    "birthday": Occasion(
        title="Birthday",
        when="On the birthday of a customer who has told theirs, from 9 o’clock by the shop’s clock.",
        goes_out="A birthday gift, where a plan has one, appears in the account anyway.",
        found="""
SELECT p.id AS person, to_char(d, 'YYYY') AS occasion, (d + interval '9 hours') AT TIME ZONE {zone} AS at
FROM generate_series(({since} AT TIME ZONE {zone})::date::timestamp, ({now} AT TIME ZONE {zone})::date::timestamp,
  interval '1 day') d
JOIN campaigns_people p ON p.birthday IS NOT NULL AND (
  extract(month FROM p.birthday) = extract(month FROM d) AND extract(day FROM p.birthday) = extract(day FROM d)
  OR extract(month FROM p.birthday) = 2 AND extract(day FROM p.birthday) = 29
    AND to_char(d, 'MM-DD') = '02-28' AND to_char(d + interval '1 day', 'MM-DD') = '03-01')""",
        fits="true",
        stays="",
    ),
}
