"""The field types of forms: each converts the typed text to a value, or states what is accepted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, Protocol, Self, TypeVar, overload
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from litestar.datastructures import UploadFile

from components.foundation import text
from components.foundation.languages.words import _
from components.foundation.text import normal_email

T = TypeVar("T")


class HasValues(Protocol):
    values: dict[str, Any]


Choices = Sequence[tuple[str, str]]


class Wrong(Exception):
    """The typed text cannot be used; the message says what is accepted."""


class Field(Generic[T]):
    """One field. `read` turns the typed text into a value or raises `Wrong`; an empty optional field is `absent`."""

    kind = "text"
    absent: Any = None
    wants = ""
    """The expected format, announced after its help."""

    def __init__(
        self, label: str, *, required: bool = True, sometimes: bool = False, help: str = "", autocomplete: str = "",
        **attributes: Any,
    ) -> None:  # fmt: skip
        """`sometimes`: it has to be given where something else is chosen, so it is not called optional."""
        self.label, self.required, self.help, self.autocomplete = label, required and not sometimes, help, autocomplete
        self.is_called_optional = not required and not sometimes
        self.attributes = {name.replace("_", "-"): value for name, value in attributes.items()}
        self.choices: Choices = ()
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, form: None, owner: type) -> Self: ...
    @overload
    def __get__(self, form: HasValues, owner: type) -> T: ...
    def __get__(self, form: HasValues | None, owner: type) -> Any:
        return self if form is None else form.values[self.name]

    def read(self, typed: str) -> T:
        return typed  # type: ignore[return-value]

    def write(self, value: T | None) -> str:
        return "" if value is None else str(value)


class Text(Field[str]):
    absent = ""

    def __init__(self, label: str, *, longest: int = 200, **rest: Any) -> None:
        super().__init__(label, **rest)
        self.longest = longest
        self.attributes["maxlength"] = longest

    def read(self, typed: str) -> str:
        if len(typed) > self.longest:
            raise Wrong(_("Use at most %(count)s characters.", count=self.longest))
        return typed


class LongText(Text):
    kind = "area"

    def __init__(self, label: str, *, longest: int = 20_000, **rest: Any) -> None:
        super().__init__(label, longest=longest, **rest)


class Slug(Text):
    """The last part of an address that no page of the shop itself uses."""

    def read(self, typed: str) -> str:
        made = text.plain_slug(super().read(typed))
        if not made:
            raise Wrong("Use letters from a to z or digits.")
        if made in text.RESERVED:
            raise Wrong(f"“{made}” is already a page of this shop. Choose another address.")
        return made


class EmailField(Field[str]):
    kind = "email"
    absent = ""

    def read(self, typed: str) -> str:
        try:
            return normal_email(validate_email(typed, check_deliverability=False, test_environment=True).normalized)
        except EmailNotValidError:
            raise Wrong(_("Enter an e-mail address like name@example.org.")) from None


class Password(Text):
    kind = "password"

    def __init__(self, label: str, *, longest: int = 200, **rest: Any) -> None:
        super().__init__(label, longest=longest, **rest)


class Choice(Field[str]):
    """One of some choices: pairs of value and label, given here or set on the read or blank form."""

    kind = "choice"
    absent = ""

    def __init__(self, label: str, choices: Choices = (), *, as_radio: bool = False, **rest: Any) -> None:
        super().__init__(label, **rest)
        self.choices = choices
        self.kind = "radio" if as_radio else "choice"


class Many(Field[tuple[str, ...]]):
    kind = "many"
    absent: tuple[str, ...] = ()

    def __init__(self, label: str, choices: Choices = (), **rest: Any) -> None:
        super().__init__(label, **{"required": False, **rest})
        self.choices = choices


class Tick(Field[bool]):
    kind = "tick"
    absent = False

    def __init__(self, label: str, **rest: Any) -> None:
        super().__init__(label, **{"required": False, **rest})

    def read(self, typed: str) -> bool:
        return typed in {"on", "true", "1", "yes"}

    def write(self, value: bool | None) -> str:
        return "on" if value else ""


class ReferenceField(Field[UUID]):
    """The id of an object, from a hidden field or a button."""

    kind = "hidden"

    def read(self, typed: str) -> UUID:
        try:
            return UUID(typed)
        except ValueError:
            raise Wrong(_("We couldn’t find that.")) from None


class Once(ReferenceField):
    """A hidden key by which a form sent twice counts once. A wrong one is renewed, and the visitor is informed."""


class File(Field[UploadFile | None]):
    kind = "file"
