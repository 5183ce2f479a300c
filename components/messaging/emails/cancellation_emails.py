"""The receipt of a cancellation that came without signing in: what was typed, and when it was received."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from components.foundation import clock, formatting, settings, text
from components.foundation.languages.words import N_, _
from components.foundation.shop_settings import shop_settings
from components.memberships.tables import Subscription
from components.messaging import email_outbox
from components.messaging.secret_placeholders import placeholder
from components.messaging.tables import CancellationNotice

KINDS = (("ordinary", N_("Ordinary cancellation")), ("extraordinary", N_("Cancellation for an important reason")))


async def receipt(notice: CancellationNotice, ended: Subscription | None, *, token: str, lasts: timedelta) -> None:
    """`ended` where it has been carried out already; with a `token` it has a link that carries it out."""
    confirming, until = "", None
    if token:
        confirming = f"{settings.current().base_url}/cancel-membership/confirm/{placeholder('token')}"
        until = clock.now() + lasts
    await email_outbox.send(
        key=f"cancellation-notice:{notice.id}",
        to=notice.email,
        template="cancellation_notice",
        subject="We have received your cancellation",
        fields={
            "name": text.unlinked(notice.name),
            "email": notice.email,
            "plan_name": text.unlinked(notice.plan),
            "kind": kind_in_words(notice),
            "reason": text.unlinked(notice.reason),
            "wanted": wanted_in_words(notice),
            "received_at": notice.at,
            "ends_at": _ends(ended) if ended else None,
            "link": confirming,
        },
        secrets={"token": token} if token else None,
        secrets_until=until,
    )


def wanted_in_words(notice: CancellationNotice) -> str:
    if not notice.wanted_on:
        return _("the earliest possible date")
    noon = time(12, tzinfo=ZoneInfo(shop_settings.current().time_zone))
    return formatting.day(datetime.combine(notice.wanted_on, noon))


def kind_in_words(notice: CancellationNotice) -> str:
    return _(dict(KINDS)[notice.kind])


def _ends(ended: Subscription) -> datetime:
    return ended.cancel_at or ended.ended_at or clock.now()
