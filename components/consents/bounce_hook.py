"""What a mail provider reports: bounces and complaints, as JSON at an address that only it knows.

Two forms: our own, and that of Postmark (postmarkapp.com/developer/webhooks), whose webhooks have no signature and are
known by a secret address. Only permanent failures count; of addresses that never agreed to anything nothing is kept.
"""

from dataclasses import dataclass
from typing import Any

import msgspec

from components.consents import mailing_rules, unreachable
from components.consents.mailing_rules import Rules
from components.foundation import settings
from components.foundation.refusals import NotFound, Refusal
from components.foundation.secrecy import signing

PATH = "/hooks/mail"
LARGEST = 1_000_000
MOST = 1_000
HARD = frozenset({"HardBounce", "BadEmailAddress"})


class BadReport(Refusal):
    status = 422


class TooLarge(Refusal):
    message = "This report is too large."
    status = 413


@dataclass(frozen=True, slots=True)
class MailReport:
    """`what` is "bounce", "complaint" or "" for what changes nothing."""

    what: str
    email: str
    words: str


def address(rules: Rules) -> str:
    """Another one for each `hook_number`."""
    return f"{settings.current().base_url}{PATH}/{signing.signature(str(rules.hook_number), purpose='mail reports')}"


async def receive(secret: str, body: bytes) -> int:
    """How many reports changed something. Raises `NotFound` for a wrong secret, `BadReport`, `TooLarge`."""
    rules = await mailing_rules.current()
    is_ours = signing.is_signature(secret, str(rules.hook_number), purpose="mail reports")
    if not rules.is_hook_open or not is_ours:
        raise NotFound
    if len(body) > LARGEST:
        raise TooLarge
    changed = 0
    for one in _read(body):
        if one.what == "bounce":
            changed += await unreachable.bounced(one.email, one.words)
        elif one.what == "complaint":
            changed += await unreachable.complained(one.email, one.words)
    return changed


def _read(body: bytes) -> list[MailReport]:
    try:
        said = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise BadReport("This is not JSON.") from None
    events = said.get("events", [said]) if isinstance(said, dict) else said
    if not isinstance(events, list) or len(events) > MOST:
        raise BadReport(f"Send an object, or at most {MOST:,} in “events”.")
    return [_report(event) for event in events]


def _report(event: Any) -> MailReport:
    if not isinstance(event, dict):
        raise BadReport("Each event is an object.")
    if "RecordType" in event:
        return _of_postmark(event)
    what = event.get("type")
    if what not in ("bounce", "complaint"):
        raise BadReport("“type” is “bounce” or “complaint”.")
    is_over = what == "complaint" or event.get("permanent") is True
    return MailReport(str(what) if is_over else "", _email(event.get("email")), _words(event.get("detail")))


def _of_postmark(event: dict[str, Any]) -> MailReport:
    kind, type = event["RecordType"], event.get("Type")
    if kind not in ("Bounce", "SpamComplaint"):
        return MailReport("", "", "")
    what = "complaint" if "SpamComplaint" in (kind, type) else "bounce" if type in HARD else ""
    return MailReport(what, _email(event.get("Email")), _words(event.get("Details") or event.get("Description")))


def _email(given: Any) -> str:
    if not isinstance(given, str) or not 3 <= len(given) <= 254 or "@" not in given or "\0" in given:
        raise BadReport("There is no e-mail address in one of the events.")
    return given


def _words(given: Any) -> str:
    return given.replace("\0", "")[:300] if isinstance(given, str) else ""
