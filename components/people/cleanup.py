"""Cleanup: deletes expired links, ended sessions and old attempts."""

from datetime import timedelta

from components.foundation import clock
from components.people import rate_limits
from components.people.tables import EmailConfirmation, IdentityCode, Session, SignInLink


async def delete_expired() -> None:
    """Safe to run at any time and any number of times."""
    now = clock.now()
    a_day_ago, a_month_ago = now - timedelta(days=1), now - timedelta(days=30)
    await SignInLink.delete().where(SignInLink.expires_at < a_day_ago)
    await IdentityCode.delete().where(IdentityCode.expires_at < a_day_ago)
    await EmailConfirmation.delete().where(EmailConfirmation.expires_at < a_month_ago)
    await rate_limits.forget_old()
    long_over = clock.unmoved() - timedelta(days=30)
    expired = Session.ended_at.is_null() & (Session.expires_at < long_over)
    await Session.delete().where((Session.ended_at < long_over) | expired)
