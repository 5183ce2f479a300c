"""The form with which somebody joins a plan."""

from components.foundation.languages.words import N_
from web.forms.fields import EmailField, Text, Tick
from web.shop.pages.consent import ConsentFields


class Hidden(Text):
    """The price that the visitor saw."""

    kind = "hidden"


class JoinForm(ConsentFields):
    version = Hidden("Price", longest=40, required=False)
    code = Hidden("Code", longest=60, required=False)
    begins_now = Tick(N_("Begins at once"))


class NewcomerForm(JoinForm):
    """Agrees to nothing yet: whoever comes back signed in is asked then."""

    email = EmailField(N_("E-mail"), autocomplete="email")

    def check(self) -> None:
        self.consent = None
