"""When an object next changes by the clock. Pure: `timeline` makes the change."""

from typing import Any

from web.standin.state.clock import DAY, HOUR

Json = dict[str, Any]

UNFINISHED_HOURS = 23  # an incomplete subscription, a pending update, an unpaid resumption
TRIAL_NOTICE_DAYS = 3
RENEWING = {"active", "past_due", "trialing", "unpaid"}


def next_due(thing: Json) -> int | None:
    """Seconds since the epoch, or None for an object that only changes on request."""
    moments = [moment for moment, _ in occasions(thing)]
    return min(moments, default=None)


def occasions(thing: Json) -> list[tuple[int, str]]:
    """(instant, change), in the order in which simultaneous changes are made."""
    if thing.get("deleted"):
        return []
    match thing["object"]:
        case "subscription":
            return _subscription(thing)
        case "invoice":
            return _invoice(thing)
        case "checkout.session":
            return [(thing["expires_at"], "expire")] if thing["status"] == "open" else []
        case "dispute":
            what = {"needs_response": "lose", "warning_needs_response": "escalate"}.get(thing["status"])
            due_by = thing["evidence_details"]["due_by"]
            return [(due_by, what)] if what and due_by else []
        case "payment_intent" | "refund":
            settles = thing.get("_", {}).get("settles_at")
            return [(settles, "settle")] if settles else []
    return []


def _subscription(thing: Json) -> list[tuple[int, str]]:
    status = thing["status"]
    if status == "incomplete":
        return [(thing["created"] + UNFINISHED_HOURS * HOUR, "abandon")]
    if status == "paused" and thing["cancel_at"]:
        return [(thing["cancel_at"], "cancel")]
    if status not in RENEWING:
        return []
    found = [(thing["cancel_at"], "cancel")] if thing["cancel_at"] else []
    if thing["pending_update"]:
        found.append((thing["pending_update"]["expires_at"], "drop_update"))
    if thing["pause_collection"] and thing["pause_collection"]["resumes_at"]:
        found.append((thing["pause_collection"]["resumes_at"], "collect_again"))
    if status == "trialing" and not thing.get("_", {}).get("trial_notice_sent"):
        found.append((max(thing["trial_end"] - TRIAL_NOTICE_DAYS * DAY, thing["trial_start"]), "trial_notice"))
    return [*found, (period_end(thing), "renew")]


def _invoice(thing: Json) -> list[tuple[int, str]]:
    if thing["status"] == "draft" and thing["automatically_finalizes_at"]:
        return [(thing["automatically_finalizes_at"], "finalise")]
    if thing["status"] != "open":
        return []
    lapses = thing.get("_", {}).get("lapses_at")
    retry = thing["next_payment_attempt"]
    return [(lapses, "lapse")] * bool(lapses) + [(retry, "retry")] * bool(retry)


def period_end(subscription: Json) -> int:
    """The earliest end among the items; they share one where intervals are not mixed."""
    ends: list[int] = [item["current_period_end"] for item in subscription["items"]["data"]]
    return min(ends)
