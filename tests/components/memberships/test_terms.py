"""From Stripe's word to what she may have: the pure rule."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from components.memberships.billing.subscription_state import GRACE, Reported, Term, term
from tests.support.cells import every_cell

START = datetime(2027, 1, 31, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)
instants = st.integers(0, 800).map(lambda days: START + days * DAY)


def reported(status: str, **rest: datetime | None) -> Term | None:
    return term(Reported(status, START, **rest))


@every_cell("status", ["pending", "incomplete", "lapsed", "anything new"])
def test_what_has_not_been_paid_gives_nothing(status: str) -> None:
    assert reported(status) is None


@every_cell("status", ["active", "trialing"])
def test_what_runs_has_no_end_until_one_is_scheduled(status: str) -> None:
    assert reported(status) == Term(START, None)
    assert reported(status, cancel_at=START + DAY) == Term(START, START + DAY)


@every_cell("status", ["past_due", "unpaid"])
def test_an_unpaid_renewal_has_its_grace_or_ends_as_scheduled(status: str) -> None:
    failed = START + 30 * DAY
    assert reported(status, stopped_since=failed) == Term(START, failed + GRACE)
    assert reported(status, stopped_since=failed, cancel_at=failed + DAY) == Term(START, failed + DAY)


def test_a_pause_stops_at_once() -> None:
    assert reported("paused", stopped_since=START + DAY) == Term(START, START + DAY)


def test_what_was_cancelled_ends_when_stripe_says() -> None:
    assert reported("cancelled", ended_at=START + DAY) == Term(START, START + DAY)
    assert reported("cancelled") is None


@given(
    st.sampled_from(["active", "trialing", "past_due", "unpaid", "paused", "cancelled"]),
    st.none() | instants,
    st.none() | instants,
    st.none() | instants,
)
def test_no_end_is_later_than_the_one_scheduled(
    status: str, stopped: datetime | None, cancel: datetime | None, ended: datetime | None
) -> None:
    found = term(Reported(status, START, stopped, cancel, ended))
    if found and cancel and status != "cancelled":
        assert found.ends_at is not None and found.ends_at <= cancel
