from uuid import UUID

from components.foundation.languages.words import N_, _
from components.foundation.refusals import Refusal
from components.payments.tables import CheckoutSession
from components.payments.timeouts import request_time


class StripeUnavailable(Refusal):
    """Stripe did not respond to a question, or surely carried nothing out. Nothing is lost by asking again.

    A visitor is told that nothing was charged where that is certain: no change was sent to Stripe in their request.
    Where one was, whatever became of it, they are told that we don't know yet.
    """

    message = N_("We can’t reach our payment provider at the moment. Please try again in a minute.")
    untouched = N_(
        "We can’t reach our payment provider at the moment, so nothing was charged by this attempt. "
        "Please try again in a minute."
    )
    not_known = N_(
        "We can’t reach our payment provider at the moment, so we don’t know yet whether this went through. "
        "Please check again in a minute before you try again."
    )
    status = 503

    def __init__(self, words: str | None = None) -> None:
        super().__init__(words or _(self._known()))

    def _known(self) -> str:
        may_be_changed = request_time.was_changed()
        if may_be_changed is None:
            return self.message
        return self.not_known if may_be_changed else self.untouched


class PageUnavailable(StripeUnavailable):
    """The payment page could not be opened. Opening one charges nothing."""

    message = N_(
        "The payment page can’t be reached at the moment, so no payment was taken by this attempt. "
        "Please try again in a minute."
    )

    def _known(self) -> str:
        return self.message


class OutcomeUnknown(Refusal):
    """A change that may move money was sent, and nobody knows yet what became of it: never a refusal, never a success.

    Whoever catches it keeps the row that the change was made from open; it is settled by reading Stripe again.
    `request_id` is the billing request whose outcome the waiting page shows.
    """

    message = N_(
        "We’re still waiting for your bank’s answer, so we don’t know yet whether this went through. "
        "Please don’t try again: we’ll show the result on your membership page as soon as we know."
    )
    status = 202

    def __init__(self, request_id: UUID | None = None) -> None:
        super().__init__()
        self.request_id = request_id


class StillAsking(Refusal):
    """Another change of the same subscription is waiting for Stripe's answer. Nothing was asked."""

    message = N_(
        "We’re still waiting for our payment provider’s answer to the previous request for this membership. "
        "Please try again once it’s here."
    )
    status = 409

    def __init__(self, request_id: UUID) -> None:
        super().__init__()
        self.request_id = request_id


class StripeKeyRefused(StripeUnavailable):
    """Our key is wrong, rolled or may not do this (`is_permission`). Waiting does not help: staff are alarmed.

    Nothing was done. `detail` is Stripe's message without the key.
    """

    message = N_("Payments can’t be taken at the moment. You have not been charged.")
    untouched = message

    def __init__(self, *, detail: str = "", is_permission: bool = False) -> None:
        super().__init__()
        self.detail, self.is_permission = detail, is_permission


NO_ANSWER = (StripeUnavailable, OutcomeUnknown, StillAsking)
"""What is settled by itself later: a page that only shows something goes on without it."""


class StripeFailed(StripeUnavailable):
    """Stripe failed while responding, and would repeat that response for as long as it remembers the key."""


def is_silence(trouble: Exception) -> bool:
    """Whether nobody answers at all, so that the next question would not be answered either."""
    return isinstance(trouble, StripeUnavailable) and not isinstance(trouble, StripeFailed)


class Superseded(Refusal):
    """While this page was being created, a newer attempt replaced it; it has been closed again."""

    message = N_("This payment was started again at the same time. Please continue on the newer page.")
    status = 409


class AlreadyPaid(Refusal):
    """The reference has been paid for, or its payment is on its way. `page` is the page it was paid on."""

    message = N_("This has already been paid.")
    status = 409

    def __init__(self, page: CheckoutSession) -> None:
        super().__init__()
        self.page = page


class PaymentRefused(Refusal):
    """Stripe refused the request; the same request would be refused again.

    The words are for the visitor; `detail` is Stripe's message, for staff, and `param` what it was about.
    """

    message = N_("The payment was refused, so nothing was charged.")

    def __init__(self, words: str | None = None, *, code: str = "", detail: str = "", param: str = "") -> None:
        super().__init__(words)
        self.code, self.detail, self.param = code, detail, param


class UnknownAtStripe(PaymentRefused):
    message = "Stripe does not know this payment."
    status = 404


class CardDeclined(PaymentRefused):
    message = N_("Your card was declined. Please use another one.")


class NeedsConfirmation(PaymentRefused):
    """The bank asks the member to confirm the charge (3-D Secure): nothing has changed, and nothing was charged yet."""

    message = N_(
        "Your bank asks you to confirm this payment. Nothing has changed yet: confirm it on your membership page."
    )


class AmountTooSmall(Refusal):
    """Less than Stripe charges in this currency."""


class NothingPaid(Refusal):
    message = "There is no payment to refund."


class MoreThanPaid(Refusal):
    message = "You can’t refund more than was paid."


class RefundedMeanwhile(Refusal):
    """Whether staff had to confirm that it is them was decided by what had been refunded before."""

    message = (
        "Something of this payment was refunded in the meantime. Nothing more was refunded: please look at it again."
    )
    status = 409


def check_before(before: int | None, now: int) -> None:
    """`before` is what had been refunded of it when a refund was allowed. Raises `RefundedMeanwhile`."""
    if before is not None and before != now:
        raise RefundedMeanwhile


class NoSubscription(Refusal):
    message = N_("There is no active subscription.")
    status = 404
