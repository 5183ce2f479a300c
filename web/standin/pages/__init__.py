"""What a person sees: the pay page, the customer's billing page, and the control page of the stand-in itself.

Plain HTML and one stylesheet; every task works without JavaScript.
"""

from web.standin.pages.app import PagesApp

__all__ = ["PagesApp"]
