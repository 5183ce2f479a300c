"""Every controller, in the order of the site map."""

from litestar import Controller

CONTROLLERS: tuple[type[Controller], ...] = ()
