"""Every controller, in the order of the site map."""

from litestar import Controller

from web.hooks.stripe import StripeHookController

CONTROLLERS: tuple[type[Controller], ...] = (
    StripeHookController,
)
