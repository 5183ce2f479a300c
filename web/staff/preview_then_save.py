"""A form that staff may look at before they save it: the look sends it too, and changes nothing."""

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
    """Whether only a look is wanted, which may lack some fields; and the form as it was sent."""
    is_a_look = "look" in await sending.read_body(request)
    given = await form.read(request, choices=choices)
    for field in may_lack if is_a_look else ():
        given.errors.pop(field, None)
    return is_a_look, given


async def save(form: Form, saving: Awaitable[object]) -> bool:
    """Whether it was saved; a refusal is told at the field it is about, or for the whole form."""
    try:
        await saving
    except Refusal as refusal:
        form.refuse(getattr(refusal, "field", None), str(refusal))
        return False
    return True
