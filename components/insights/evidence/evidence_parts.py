"""Pieces of evidence that orders and memberships share: who it is, what they agreed to, were sent, and did."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from components.content.pages import agreements
from components.foundation.formatting import moment, money
from components.foundation.operations import security_events
from components.foundation.shop_settings import shop_settings
from components.memberships.entitlements import savings
from components.messaging import sent_emails

Parts = dict[str, str]
MOST_LINES = 200
"""Of each list: the newest."""
MOST_OF_TERMS = 12_000
"""Characters of the terms, so that what is said about them is not cut off."""


def merged(found: Iterable[Parts]) -> Parts:
    """The same field of several, one below the other; what is the same is written once."""
    result: Parts = {}
    for parts in found:
        for name, text in parts.items():
            known = result.get(name, "")
            if text and text != known:
                result[name] = f"{known}\n\n{text}" if known else text
    return result


def listed(head: str, lines: Sequence[str]) -> str:
    """Nothing at all without lines."""
    return "\n".join([f"{head}:", *lines[:MOST_LINES]]) if lines else ""


def sections(*texts: str) -> str:
    return "\n\n".join(text for text in texts if text)


async def agreed(about_id: UUID, *, about: str) -> str:
    """Which pages were agreed to, in which version, when and how; and their text as it was then."""
    kept = await agreements.of(about_id, about=about)
    if not kept:
        return ""
    newest = kept[0]
    how = "ticked a box for" if newest.way == "tick" else "was shown, above the button, and agreed to"
    pages = ", ".join(f"“{page.title}” (version {page.version})" for page in newest.pages)
    said = f"On {moment(newest.at)}, before paying, the customer {how} {pages}."
    texts = await agreements.texts(about_id, about=about)
    full = "\n\n".join(f"{one.title}\n{one.body}" for one in texts)
    return sections(said, full if len(full) <= MOST_OF_TERMS else f"{full[:MOST_OF_TERMS]}…")


async def emails_sent(*, person: UUID | None, email: str, since: datetime, about: Sequence[str] = ()) -> str:
    """Subjects and times. `about`: only kinds that begin like one of these."""
    found = await sent_emails.sent_to(person=person, email=email, since=since, most=MOST_LINES)
    lines = [
        f"- {moment(one.sent_at)}: “{one.subject}” to {one.recipient}"
        for one in found
        if not about or one.template.startswith(tuple(about))
    ]
    return listed("E-mails sent to the customer", lines)


async def sign_ins(person: UUID) -> str:
    """Kept for 90 days."""
    found = await security_events.page(kind="sign-in", people=[person], limit=MOST_LINES, offset=0)
    lines = [f"- {moment(one.at)}{f' from {one.address}' if one.address else ''}" for one in found if one.person]
    return listed("Sign-ins to the customer’s account", lines)


async def benefits_used(person: UUID, *, since: datetime | None) -> str:
    found = await savings.lines(person, since=since)
    currency = shop_settings.current().currency
    lines = [f"- {moment(one.at)}: {one.words} (saved {money(one.saved, currency)})" for one in found]
    saved = sum(one.saved for one in found)
    return sections(
        listed("Membership benefits used", lines),
        f"Saved in all: {money(saved, currency)}." if saved > 0 else "",
    )
