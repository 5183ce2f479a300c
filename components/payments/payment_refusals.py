from components.foundation.refusals import Refusal
from components.payments.tables import CheckoutSession


class StripeUnavailable(Refusal):
    """Stripe did not respond in time, or not validly. Nothing is lost: the request is stored and sent again."""

    message = (
        "The payment page can’t be reached at the moment. You have not been charged; please try again in a minute."
    )
    status = 503


class StripeKeyRefused(StripeUnavailable):
    """Our key is wrong, rolled or may not do this (`is_permission`). Waiting does not help: staff are alarmed.

    Nothing was done. `detail` is Stripe's message without the key.
    """

    message = "Payments can’t be taken at the moment. You have not been charged."

    def __init__(self, *, detail: str = "", is_permission: bool = False) -> None:
        super().__init__()
        self.detail, self.is_permission = detail, is_permission


class StripeFailed(StripeUnavailable):
    """Stripe failed while responding, and would repeat that response for as long as it remembers the key."""


class Superseded(Refusal):
    """While this page was being created, a newer attempt replaced it; it has been closed again."""

    message = "This payment was started again at the same time. Please continue on the newer page."
    status = 409


class AlreadyPaid(Refusal):
    """The reference has been paid for, or its payment is on its way. `page` is the page it was paid on."""

    message = "This has already been paid."
    status = 409

    def __init__(self, page: CheckoutSession) -> None:
        super().__init__()
        self.page = page


class PaymentRefused(Refusal):
    """Stripe refused the request; the same request would be refused again.

    The words are for the visitor; `detail` is Stripe's message, for staff, and `param` what it was about.
    """

    message = "The payment could not be set up. You have not been charged."

    def __init__(self, words: str | None = None, *, code: str = "", detail: str = "", param: str = "") -> None:
        super().__init__(words)
        self.code, self.detail, self.param = code, detail, param


class UnknownAtStripe(PaymentRefused):
    message = "Stripe does not know this payment."
    status = 404


class CardDeclined(PaymentRefused):
    message = "Your card was declined. Please use another one."


class AmountTooSmall(Refusal):
    """Less than Stripe charges in this currency."""


class NothingPaid(Refusal):
    message = "There is no payment to refund."


class MoreThanPaid(Refusal):
    message = "You can’t refund more than was paid."


class NoSubscription(Refusal):
    message = "There is no active subscription."
    status = 404
