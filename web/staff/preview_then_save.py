"""A form with a preview: the preview submits the form too, but saves nothing."""

from collections.abc import Awaitable
from typing import Any, TypeVar

from litestar import Request

from components.foundation.refusals import Refusal
from web.forms import sending
from web.forms.form import Form

F = TypeVar("F", bound=Form)


async def submitted(
    request: Request[Any, Any, Any], form: type[F], *, choices: Any, may_lack: tuple[str, ...] = ("name",)
) -> tuple[bool, F]:
    """Whether this is only a preview, where some fields may be missing; and the submitted form."""
    is_a_look = "look" in await sending.read_body(request)
    given = await form.read(request, choices=choices)
    for field in may_lack if is_a_look else ():
        given.errors.pop(field, None)
    return is_a_look, given


async def save(form: Form, saving: Awaitable[object]) -> bool:
    """Whether it was saved; a refusal is shown at its field, or for the whole form."""
    try:
        await saving
    except Refusal as refusal:
        form.refuse(getattr(refusal, "field", None), str(refusal))
        return False
    return True
