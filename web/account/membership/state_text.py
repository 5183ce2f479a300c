"""What a member is told about the state of their membership: each sentence true at the moment it is read."""

from components.foundation import clock
from components.foundation.formatting import day
from components.foundation.languages.words import N_, _
from components.memberships.billing.states import pause_lengths, pause_periods, pause_refusals
from components.memberships.billing.states.current_states import CurrentState
from components.memberships.billing.states.membership_states import MembershipState
from components.memberships.grants.seats import SharedMembership
from components.memberships.tables import Pause

SECOND_TRIAL = N_(
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
    if current.state is MembershipState.TRIAL and found and found.current_period_end:
        free = _("Your trial is free until %(day)s.", day=day(found.current_period_end))
        return free, str(pause_refusals.CannotPauseTrial())
    if current.state is MembershipState.PAUSE_PLANNED and pause:
        return _planned(pause)
    if current.state is MembershipState.PAUSED:
        return _paused(pause)
    if current.state is MembershipState.CANCELLING_PAUSED and found and found.cancel_at and pause:
        return (
            _("Your membership is cancelled. Benefits are off until %(day)s.", day=day(pause.until_at)),
            _(
                "After that you have the time you’ve paid for, until %(day)s, when your membership ends.",
                day=day(found.cancel_at),
            ),
            _("You won’t be charged again."),
        )
    if pause is not None and not pause_periods.is_arranged(pause):
        return (_("We’re waiting for our payment provider to confirm your pause. This page will show it."),)
    return ()


def shared_sentences(shared: SharedMembership) -> tuple[str, ...]:
    """What the holder of a seat is told about the membership they share."""
    ends = _("The membership ends on %(day)s.", day=day(shared.ends_at)) if shared.ends_at else ""
    if not shared.is_on_hold:
        pauses_at, back_at = shared.pauses_at, shared.back_at
        if pauses_at and back_at:
            return (
                _(
                    "%(giver)s pauses this membership on %(begins)s, until %(ends)s. "
                    "Your benefits are off during that time, and your place is kept.",
                    giver=shared.giver,
                    begins=day(pauses_at),
                    ends=day(back_at),
                ),
            )
        return (ends,) if ends else ()
    if shared.back_at:
        paused = _("%(giver)s has paused this membership until %(day)s.", giver=shared.giver, day=day(shared.back_at))
        kept = _("Your benefits are off until then, and your place is kept.")
        return (paused, kept, ends) if ends else (paused, kept)
    return (
        _(
            "The membership that %(giver)s shares with you isn’t active at the moment, so your benefits are off. "
            "Your place is kept: your benefits are back as soon as it is active again.",
            giver=shared.giver,
        ),
    )


def _planned(pause: Pause) -> tuple[str, ...]:
    return (
        _(
            "Your membership pauses on %(begins)s, until %(ends)s. "
            "Until then you keep your benefits; during the pause benefits are off and you won’t be charged.",
            begins=day(pause.from_at),
            ends=day(pause.until_at),
        ),
        _after(pause),
    )


def _paused(pause: Pause | None) -> tuple[str, ...]:
    if pause is None or pause_periods.is_credited(pause):
        return (
            _on_hold(pause)
            if pause
            else _("Your membership is on hold. You won’t be charged and benefits are off while it’s paused."),
            _("When you resume, a new period starts and is charged, less any time you’ve paid for and haven’t used."),
        )
    return _on_hold(pause), _after(pause), _sooner(pause)


def _on_hold(pause: Pause) -> str:
    return _(
        "Your membership is on hold until %(day)s. You won’t be charged and benefits are off until then.",
        day=day(pause.until_at),
    )


def _after(pause: Pause) -> str:
    if pause_periods.paid_time_left(pause) < pause_lengths.NEXT_TO_NOTHING:
        return _("A new period starts on %(day)s and is charged then.", day=day(pause.until_at))
    renews_at = pause_periods.renewal_planned(pause)
    return _(
        "You don’t lose any time you’ve paid for: after the pause your benefits are back at no charge, "
        "and your next charge comes on %(day)s.",
        day=day(renews_at),
    )


def _sooner(pause: Pause) -> str:
    if pause_periods.paid_time_left(pause) < pause_lengths.NEXT_TO_NOTHING:
        return _("You can resume sooner: a new period then starts and is charged that day.")
    today = pause_periods.renewal(pause, back_at=clock.now())
    return _("You can resume today at no charge: your next charge would then come on %(day)s.", day=day(today))
