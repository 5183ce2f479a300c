"""Six journeys that are ready to begin from: nothing in them is sent until staff have looked at it and start it."""

from dataclasses import dataclass
from uuid import UUID

from components.campaigns.journeys.tables import JourneyStep


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyStep:
    """A step as it is written, saved or not."""

    kind: str
    hours: int = 0
    condition: str = ""
    segment: UUID | None = None
    subject: str = ""
    preheader: str = ""
    body: str = ""
    link: str = ""
    late_days: int = 3

    @classmethod
    def of(cls, step: JourneyStep) -> "ReadyStep":
        return cls(
            kind=step.kind, hours=step.hours, condition=step.condition, segment=step.segment or None,
            subject=step.subject, preheader=step.preheader, body=step.body, link=step.link, late_days=step.late_days,
        )  # fmt: skip


def _wait(*, days: int = 0, hours: int = 0) -> ReadyStep:
    return ReadyStep(kind="wait", hours=24 * days + hours)


def _only_if(condition: str) -> ReadyStep:
    return ReadyStep(kind="condition", condition=condition)


def _email(subject: str, words: str, button: str, link: str, *, late_days: int = 3) -> ReadyStep:
    body = f"# {subject}\n\nHello{{if first name}} {{first name}}{{end}},\n\n{words}\n\n[{button}]({{link}})\n"
    return ReadyStep(kind="email", subject=subject, body=body, link=link, late_days=late_days)


_SAVED = "{if saved}\nYou have saved **{saved}** with your membership so far.\n{end}\n\n"
READY: dict[str, list[ReadyStep]] = {
    "welcome": [
        _wait(days=1),
        _email(
            "How to get the most from your membership",
            "Good to have you with us. Everything your membership includes is in one place in your account.",
            "See your benefits",
            "/account/membership",
        ),
        _wait(days=6),
        _only_if("not_used"),
        _email(
            "Have you seen what is yours?",
            "You have not used your membership yet. Prices for members are shown as soon as you are signed in.",
            "See what is new",
            "/products",
        ),
    ],
    "unused": [
        _email(
            "It has been a while",
            f"{_SAVED}Here is what has come in since you were last here.",
            "See what is new",
            "/products",
            late_days=7,
        ),
        _wait(days=14),
        _only_if("not_used"),
        _email(
            "Your benefits are waiting",
            "Your membership goes on, and so do its benefits. See which of them you have not used yet.",
            "See your benefits",
            "/account/membership",
            late_days=7,
        ),
    ],
    "renewal": [
        _email(
            "What your membership has done for you",
            f"{_SAVED}Thank you for being a member. Your account shows what you used, and what is still there.",
            "See your year",
            "/account/membership",
        ),
    ],
    "payment_failed": [
        _email(
            "Keep what your membership gives you",
            f"{_SAVED}You have had a separate e-mail about the payment. Once it is settled, all goes on as before.",
            "See your membership",
            "/account/membership",
        ),
    ],
    "lapsed": [
        _email(
            "We would be glad to see you again",
            f"{_SAVED}Your membership has ended. If you would like to come back, you can join again at any time.",
            "See the memberships",
            "/join",
            late_days=7,
        ),
        _wait(days=30),
        _only_if("not_member"),
        _email(
            "What is new since you left",
            "Here is what has come in since.",
            "See what is new",
            "/products",
            late_days=7,
        ),
    ],
    "birthday": [
        _email(
            "Happy birthday",
            "All of us wish you a good day.",
            "Look around",
            "/products",
            late_days=1,
        ),
    ],
}
