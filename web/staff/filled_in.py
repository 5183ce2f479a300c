"""A form that an address fills in: a draft to look at, of which nothing is saved."""

from typing import Any, TypeVar

from litestar import Request

from web.forms.fields import Many
from web.forms.form import Form

F = TypeVar("F", bound=Form)
LONGEST = 300


def by_address(form: F, request: Request[Any, Any, Any]) -> F:
    """Puts what the query says into the form's fields, as if somebody had typed it. What is stored is not touched, and
    a form that is shared is compared with what is stored."""
    for name, field in form.declared.items():
        given = [one[:LONGEST] for one in request.query_params.getall(name, []) if one.isprintable()]
        if given and field.kind not in ("hidden", "file", "password"):
            form.typed[name] = given if isinstance(field, Many) else given[:1]
    return form
