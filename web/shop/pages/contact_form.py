"""The contact form's fields."""

from typing import Any

from litestar import Request

from components.foundation.languages.words import N_
from web.forms.fields import EmailField, LongText, Text
from web.forms.form import Form
from web.views import visitor_of

LONGEST = 5_000


class ContactForm(Form):
    name = Text(N_("Name"), longest=120, autocomplete="name")
    email = EmailField(N_("E-mail"), autocomplete="email", help=N_("We answer to this address."), inputmode="email")
    order = Text(N_("Order number"), longest=30, required=False, autocomplete="off")
    message = LongText(N_("Message"), longest=LONGEST, rows=8)


def blank_form(request: Request[Any, Any, Any]) -> ContactForm:
    """To fill in; a known person's name and e-mail are there already."""
    visitor = visitor_of(request)
    is_known = visitor.is_signed_in and visitor.preview is None
    return ContactForm.blank(name=visitor.name if is_known else "", email=visitor.email if is_known else "")
