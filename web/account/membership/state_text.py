"""What a member is told about the state of their membership: each sentence true at the moment it is read."""

from components.foundation import clock
from components.foundation.formatting import day
from components.memberships.billing.states import pause_lengths, pause_periods
from components.memberships.billing.states.current_states import CurrentState
from components.memberships.billing.states.membership_states import MembershipState
from components.memberships.grants.seats import SharedMembership
from components.memberships.tables import Pause

SECOND_TRIAL = (
    "Your trial was not started because this card or e-mail has already had one. "
    "You have not been charged for it. You can still join without a trial."
)


def sentences(current: CurrentState) -> tuple[str, ...]:
    """What the member is told about it, sentence by sentence; nothing where all is as usual.

    What is owed is said in a notice of its own.
    """
    found, pause = current.subscription, current.pause
    if current.shared and current.state in (MembershipState.SEAT, MembershipState.SEAT_ON_HOLD):
        return shared_sentences(current.shared)
    if current.state is MembershipState.PAUSE_PLANNED and pause:
        return _planned(pause)
    if current.state is MembershipState.PAUSED:
        return _paused(pause)
    if current.state is MembershipState.CANCELLING_PAUSED and found and found.cancel_at and pause:
        return (
            f"Your membership is cancelled. Benefits are off until {day(pause.until_at)}.",
            f"After that you have the time you’ve paid for, until {day(found.cancel_at)}, when your membership ends.",
            "You won’t be charged again.",
        )
    if pause is not None and not pause_periods.is_arranged(pause):
        return ("We’re waiting for our payment provider to confirm your pause. This page will show it.",)
    return ()


def shared_sentences(shared: SharedMembership) -> tuple[str, ...]:
    """What the holder of a seat is told about the membership they share."""
    ends = f"The membership ends on {day(shared.ends_at)}." if shared.ends_at else ""
    if not shared.is_on_hold:
        pauses_at, back_at = shared.pauses_at, shared.back_at
        if pauses_at and back_at:
            return (
                f"{shared.giver} pauses this membership on {day(pauses_at)}, until {day(back_at)}. "
                "Your benefits are off during that time, and your place is kept.",
            )
        return (ends,) if ends else ()
    if shared.back_at:
        paused = f"{shared.giver} has paused this membership until {day(shared.back_at)}."
        kept = "Your benefits are off until then, and your place is kept."
        return (paused, kept, ends) if ends else (paused, kept)
    return (
        f"The membership that {shared.giver} shares with you isn’t active at the moment, so your benefits are off. "
        "Your place is kept: your benefits are back as soon as it is active again.",
    )


def _planned(pause: Pause) -> tuple[str, ...]:
    return (
        f"Your membership pauses on {day(pause.from_at)}, until {day(pause.until_at)}. "
        "Until then you keep your benefits; during the pause benefits are off and you won’t be charged.",
        _after(pause),
    )


def _paused(pause: Pause | None) -> tuple[str, ...]:
    if pause is None or pause_periods.is_credited(pause):
        until = f" until {day(pause.until_at)}" if pause else ""
        return (
            f"Your membership is on hold{until}. You won’t be charged and benefits are off until then."
            if pause
            else "Your membership is on hold. You won’t be charged and benefits are off while it’s paused.",
            "When you resume, a new period starts and is charged, less any time you’ve paid for and haven’t used.",
        )
    first = (
        f"Your membership is on hold until {day(pause.until_at)}. You won’t be charged and benefits are off until then."
    )
    return first, _after(pause), _sooner(pause)


def _after(pause: Pause) -> str:
    if pause_periods.paid_time_left(pause) < pause_lengths.NEXT_TO_NOTHING:
        return f"A new period starts on {day(pause.until_at)} and is charged then."
    renews_at = pause_periods.renewal_planned(pause)
    return (
        "You don’t lose any time you’ve paid for: after the pause your benefits are back at no charge, "
        f"and your next charge comes on {day(renews_at)}."
    )


def _sooner(pause: Pause) -> str:
    if pause_periods.paid_time_left(pause) < pause_lengths.NEXT_TO_NOTHING:
        return "You can resume sooner: a new period then starts and is charged that day."
    today = pause_periods.renewal(pause, back_at=clock.now())
    return f"You can resume today at no charge: your next charge would then come on {day(today)}."
