"""The stand-in's pages: the payment page, the customer's billing page, and its own control page.

Plain HTML and one stylesheet; every task works without JavaScript.
"""

from web.standin.pages.app import PagesApp

__all__ = ["PagesApp"]
