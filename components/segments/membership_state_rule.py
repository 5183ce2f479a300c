"""Who is in which state of the one table of states (`memberships/billing/states`), as a SELECT.

The order is that of `membership_states.state`: a subscription that runs, else what is held, else a seat on hold, else
whether there ever was a subscription. A test compares both for every state.
"""

from components.foundation.languages.words import N_, _
from components.memberships.billing.states.membership_states import MembershipState
from components.memberships.billing.subscription_state import GRACE
from components.segments import statement
from components.segments.rule_fields import Options
from components.segments.rule_kind import Values
from components.segments.statement import EVERYBODY, Statement

_RUNS = "s.status NOT IN ('pending', 'incomplete', 'cancelled', 'lapsed')"
_RUNNING = f"SELECT s.payer FROM segments_subscriptions s WHERE {_RUNS}"
_BEGAN = "SELECT s.payer FROM segments_subscriptions s WHERE s.started_at IS NOT NULL AND NOT s.was_refused"
_SOURCES = {
    MembershipState.COMPLIMENTARY: "m.source = 'comp'",
    MembershipState.FREE: "m.source = 'free'",
    MembershipState.GIFT: "m.source = 'gift'",
    MembershipState.SEAT: "m.source = 'seat'",
    MembershipState.EARNED: "m.source = 'earned'",
    MembershipState.FIXED_TERM: "m.source NOT IN ('comp', 'free', 'gift', 'seat', 'earned') AND m.ends_at IS NOT NULL",
    MembershipState.LIFE: "m.source NOT IN ('comp', 'free', 'gift', 'seat', 'earned') AND m.ends_at IS NULL",
}
_NAMES = {
    MembershipState.NEVER: (N_("not a member"), N_("have no membership and never paid for one regularly")),
    MembershipState.FREE: (N_("free plan"), N_("are on the free plan")),
    MembershipState.TRIAL: (N_("free trial"), N_("are in a free trial")),
    MembershipState.ACTIVE: (N_("active"), N_("have an active membership that renews")),
    MembershipState.PAST_DUE_IN_GRACE: (
        N_("past due, benefits still on"),
        N_("have a renewal past due and still have their benefits"),
    ),
    MembershipState.PAST_DUE_AFTER_GRACE: (
        N_("past due, benefits off"),
        N_("have a renewal past due and no benefits any more"),
    ),
    MembershipState.UNPAID: (N_("unpaid"), N_("have a renewal that was never paid")),
    MembershipState.PAUSE_PLANNED: (N_("pause planned"), N_("have planned a pause")),
    MembershipState.PAUSED: (N_("paused"), N_("have paused their membership")),
    MembershipState.CANCELLING: (N_("cancelled, still running"), N_("have cancelled and are still members")),
    MembershipState.CANCELLING_PAUSED: (N_("cancelled while paused"), N_("have cancelled while paused")),
    MembershipState.ENDED: (N_("ended"), N_("had a membership that has ended")),
    MembershipState.COMPLIMENTARY: (N_("complimentary"), N_("have a complimentary membership")),
    MembershipState.GIFT: (N_("gift membership"), N_("have a gift membership")),
    MembershipState.SEAT: (N_("in a household"), N_("are in somebody’s household")),
    MembershipState.SEAT_ON_HOLD: (N_("in a household on hold"), N_("are in a household whose membership is on hold")),
    MembershipState.EARNED: (N_("earned"), N_("have a membership earned by spending")),
    MembershipState.FIXED_TERM: (N_("fixed term"), N_("have a membership for a fixed term")),
    MembershipState.LIFE: (N_("for life"), N_("have a membership for life")),
}


def state_names() -> Options:
    return tuple((state.value, _(names[0])) for state, names in _NAMES.items())


def state_said(values: Values) -> str:
    state = str(values["state"])
    if state not in set(MembershipState):
        return _("(no longer there)")
    they = _(_NAMES[MembershipState(state)][1])
    return they if values["is"] == "yes" else _("are not among those who %(they)s", they=they)


def of_state(name: str, into: Statement) -> str:
    if name not in set(MembershipState):
        return f"{EVERYBODY} AND false"
    state = MembershipState(name)
    if state in _SOURCES:
        return statement.without(into, _counting(_SOURCES[state], into), _RUNNING)
    if state in (MembershipState.NEVER, MembershipState.ENDED, MembershipState.SEAT_ON_HOLD):
        return _without(state, into)
    return f"{_RUNNING} AND {_subscription_state(into)} = {into.bind(state.value, 'text')}"


def _counting(which: str, into: Statement) -> str:
    """Whose membership that counts is such a one: a paid one before the free one, then the one held longest."""
    return f"""SELECT m.holder FROM (
      SELECT DISTINCT ON (h.holder) h.holder, h.source, h.ends_at FROM segments_memberships h
      WHERE holds(h.starts_at, h.ends_at, {into.now}) ORDER BY h.holder, h.source = 'free', h.starts_at, h.id
    ) m WHERE {which}"""


def _without(state: MembershipState, into: Statement) -> str:
    """Of those with nothing that runs and nothing held."""
    held = f"SELECT h.holder FROM segments_memberships h WHERE holds(h.starts_at, h.ends_at, {into.now})"
    if state is MembershipState.SEAT_ON_HOLD:
        return statement.without(into, _seats(into), _RUNNING, held)
    nothing = statement.without(into, EVERYBODY, _RUNNING, held, _seats(into))
    if state is MembershipState.ENDED:
        return statement.all_of(into, [nothing, _BEGAN])
    return statement.without(into, nothing, _BEGAN)


def _seats(into: Statement) -> str:
    """Who has a seat, the one taken last, of a membership that goes on, with benefits or without."""
    return f"""SELECT t.holder FROM (
      SELECT DISTINCT ON (l.holder) l.holder, l.payer, l.source_id FROM segments_seats l
      ORDER BY l.holder, l.taken_at DESC
    ) t WHERE EXISTS (SELECT FROM segments_memberships m WHERE m.source_id = t.source_id AND m.holder = t.payer
        AND m.source IN ('subscription', 'term', 'gift') AND holds(m.starts_at, m.ends_at, {into.now}))
      OR EXISTS (SELECT FROM segments_subscriptions s WHERE s.id = t.source_id AND s.payer = t.payer AND {_RUNS}
        AND (s.cancel_at IS NULL OR s.cancel_at > {into.now})
        AND EXISTS (SELECT FROM segments_memberships m WHERE m.source_id = s.id))"""


def _subscription_state(into: Statement) -> str:
    """As `membership_states.subscription_state` says it of one that runs."""
    graced = into.bind(into.at - GRACE, "timestamptz")
    return f"""CASE WHEN s.status = 'unpaid' THEN 'unpaid'
      WHEN s.status = 'past_due' AND s.past_due_since > {graced} THEN 'past due in grace'
      WHEN s.status = 'past_due' THEN 'past due after grace'
      WHEN CASE WHEN s.rests_from IS NULL THEN s.status = 'paused'
           ELSE holds(s.rests_from, s.rests_until, {into.now}) END
        THEN CASE WHEN s.cancel_at IS NULL THEN 'paused' ELSE 'cancelling while paused' END
      WHEN s.cancel_at IS NOT NULL THEN 'cancelling'
      WHEN s.status = 'trialing' THEN 'trial'
      WHEN s.rests_from > {into.now} THEN 'pause planned' ELSE 'active' END"""
