"""The form data as a browser sent it."""

from typing import Any

from litestar import Request
from litestar.datastructures import FormMultiDict

from components.foundation.refusals import Refusal


class FormUnreadable(Refusal):
    message = "Some of what you sent is not text. Please go back and submit the form again."
    status = 400


async def read_body(request: Request[Any, Any, Any]) -> FormMultiDict:
    """Raises `FormUnreadable` for a text part that is not valid text."""
    try:
        return await request.form()
    except UnicodeDecodeError:
        raise FormUnreadable from None
