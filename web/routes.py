"""Every controller, in the order of the site map."""

from litestar import Controller

from web.hooks.stripe import StripeHookController
from web.staff.mismatches import StaffMismatchesController
from web.staff.patterns import PatternsController
from web.staff.payment_events import StaffPaymentEventsController
from web.staff.payments import StaffPaymentsController

CONTROLLERS: tuple[type[Controller], ...] = (
    StaffPaymentsController,
    StaffPaymentEventsController,
    StaffMismatchesController,
    PatternsController,
    StripeHookController,
)
