"""Forms: every field is read, every wrong one is answered at its field, and what was typed is never lost."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any, ClassVar, Generic, Self, TypeVar, overload
from uuid import UUID
from zoneinfo import ZoneInfo

from email_validator import EmailNotValidError, validate_email
from litestar import Request
from litestar.datastructures import UploadFile

from components.foundation import settings
from components.foundation.money import Money
from components.foundation.text import normal_email

T = TypeVar("T")
Choices = Sequence[tuple[str, str]]


class Wrong(Exception):
    """What was typed cannot be used; the message says what would do."""


class Field(Generic[T]):
    """One field. `read` turns what was typed into a value or raises `Wrong`; an empty optional field is `absent`."""

    kind = "text"
    absent: Any = None

    def __init__(self, label: str, *, required: bool = True, help: str = "", autocomplete: str = "", **attributes: Any) -> None:
        self.label, self.required, self.help, self.autocomplete = label, required, help, autocomplete
        self.attributes = {name.replace("_", "-"): value for name, value in attributes.items()}
        self.choices: Choices = ()
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, form: None, owner: type) -> Self: ...
    @overload
    def __get__(self, form: "Form", owner: type) -> T: ...
    def __get__(self, form: "Form | None", owner: type) -> Any:
        return self if form is None else form.values[self.name]

    def read(self, typed: str) -> T:
        return typed  # type: ignore[return-value]

    def write(self, value: T) -> str:
        return "" if value is None else str(value)


class Text(Field[str]):
    absent = ""

    def __init__(self, label: str, *, longest: int = 200, **rest: Any) -> None:
        super().__init__(label, **rest)
        self.longest = longest
        self.attributes["maxlength"] = longest

    def read(self, typed: str) -> str:
        if len(typed) > self.longest:
            raise Wrong(f"Use at most {self.longest} characters.")
        if "\x00" in typed:
            raise Wrong("Remove the unreadable character.")
        return typed


class LongText(Text):
    kind = "area"

    def __init__(self, label: str, *, longest: int = 20_000, **rest: Any) -> None:
        super().__init__(label, longest=longest, **rest)


class Email(Field[str]):
    kind = "email"
    absent = ""

    def read(self, typed: str) -> str:
        try:
            return normal_email(validate_email(typed, check_deliverability=False, test_environment=True).normalized)
        except EmailNotValidError:
            raise Wrong("Write an e-mail address like name@example.org.") from None


class Password(Text):
    kind = "password"

    def __init__(self, label: str, *, longest: int = 200, **rest: Any) -> None:
        super().__init__(label, longest=longest, **rest)


class Whole(Field[int]):
    kind = "number"

    def __init__(self, label: str, *, least: int = 0, most: int = 1_000_000, **rest: Any) -> None:
        super().__init__(label, **rest)
        self.least, self.most = least, most
        self.attributes |= {"min": least, "max": most, "inputmode": "numeric"}

    def read(self, typed: str) -> int:
        try:
            number = int(typed)
        except ValueError:
            raise Wrong("Write a whole number.") from None
        if not self.least <= number <= self.most:
            raise Wrong(f"Choose a number from {self.least} to {self.most}.")
        return number


class Amount(Field[int]):
    """An amount in the shop's currency; the value is in minor units."""

    kind = "money"

    def __init__(self, label: str, *, least: int = 0, most: int = 100_000_000, **rest: Any) -> None:
        super().__init__(label, **rest)
        self.least, self.most = least, most
        self.attributes["inputmode"] = "decimal"

    def read(self, typed: str) -> int:
        currency = settings.current().currency
        try:
            amount = Money.parse(typed.lstrip("£$€ "), currency).amount
        except ValueError as wrong:
            raise Wrong(str(wrong)) from None
        if amount < self.least:
            raise Wrong(f"Choose an amount of at least {Money(self.least, currency).plain}.")
        if amount > self.most:
            raise Wrong(f"Choose an amount of at most {Money(self.most, currency).plain}.")
        return amount

    def write(self, value: int) -> str:
        return "" if value is None else Money(value, settings.current().currency).plain


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

    def write(self, value: bool) -> str:
        return "on" if value else ""


class Day(Field[date]):
    kind = "day"

    def read(self, typed: str) -> date:
        try:
            return date.fromisoformat(typed)
        except ValueError:
            raise Wrong("Choose a day.") from None


class Moment(Field[datetime]):
    """A date and time in the shop's own zone; the value is in UTC."""

    kind = "moment"

    def read(self, typed: str) -> datetime:
        try:
            local = datetime.fromisoformat(typed)
        except ValueError:
            raise Wrong("Choose a day and a time.") from None
        return local.replace(tzinfo=ZoneInfo(settings.current().time_zone)).astimezone(UTC)

    def write(self, value: datetime) -> str:
        if value is None:
            return ""
        return value.astimezone(ZoneInfo(settings.current().time_zone)).strftime("%Y-%m-%dT%H:%M")


class Reference(Field[UUID]):
    """The id of something, from a hidden field or a button."""

    kind = "hidden"

    def read(self, typed: str) -> UUID:
        try:
            return UUID(typed)
        except ValueError:
            raise Wrong("We could not find that.") from None


class File(Field[UploadFile | None]):
    kind = "file"


class BoundField:
    """What a template needs of a field: its words, what was typed, and what is wrong with it."""

    def __init__(self, declared: Field[Any], form: "Form") -> None:
        self.declared, self.form = declared, form
        self.name, self.label, self.kind = declared.name, declared.label, declared.kind
        self.help, self.required, self.autocomplete = declared.help, declared.required, declared.autocomplete
        self.attributes = declared.attributes

    @property
    def typed(self) -> str:
        return self.form.typed.get(self.name, [""])[0]

    @property
    def many(self) -> list[str]:
        return self.form.typed.get(self.name, [])

    @property
    def error(self) -> str | None:
        return self.form.errors.get(self.name)

    @property
    def choices(self) -> Choices:
        return self.form.choices.get(self.name, self.declared.choices)


class Form:
    """Declare fields as class attributes; read them from a request, or make a blank or filled form to show."""

    declared: ClassVar[dict[str, Field[Any]]] = {}

    def __init_subclass__(cls) -> None:
        inherited = {**cls.declared}
        cls.declared = inherited | {k: v for k, v in vars(cls).items() if isinstance(v, Field)}

    def __init__(self) -> None:
        self.typed: dict[str, list[str]] = {}
        self.values: dict[str, Any] = {}
        self.errors: dict[str, str] = {}
        self.choices: dict[str, Choices] = {}
        self.refusal: str | None = None

    @classmethod
    def blank(cls, *, choices: dict[str, Choices] | None = None, **values: Any) -> Self:
        """A form to be filled in, with some values there already."""
        form = cls()
        form.choices = choices or {}
        for name, value in values.items():
            field = cls.declared[name]
            form.typed[name] = [str(v) for v in value] if isinstance(field, Many) else [field.write(value)]
            form.values[name] = value
        return form

    @classmethod
    async def read(cls, request: Request[Any, Any, Any], *, choices: dict[str, Choices] | None = None) -> Self:
        """The form as the visitor sent it; look at `is_valid` before using its values."""
        sent = await request.form()
        return cls.of({name: sent.getall(name, []) for name in cls.declared}, choices=choices)

    @classmethod
    def of_query(cls, request: Request[Any, Any, Any], *, choices: dict[str, Choices] | None = None) -> Self:
        """The same from the address of a GET request."""
        query = request.query_params
        return cls.of({name: query.getall(name, []) for name in cls.declared}, choices=choices)

    @classmethod
    def of(cls, sent: dict[str, list[Any]], *, choices: dict[str, Choices] | None = None) -> Self:
        form = cls()
        form.choices = choices or {}
        for name, field in cls.declared.items():
            form._take(name, field, sent.get(name, []))
        form.check()
        return form

    def check(self) -> None:
        """Rules between fields: override, and call `refuse` for what is wrong."""

    def refuse(self, name: str | None, words: str) -> Self:
        """Say what is wrong with a field, or with the whole form."""
        if name is None:
            self.refusal = words
        else:
            self.errors.setdefault(name, words)
        return self

    @property
    def is_valid(self) -> bool:
        return not self.errors and self.refusal is None

    def field(self, name: str) -> BoundField:
        return BoundField(self.declared[name], self)

    @property
    def wrong_fields(self) -> list[BoundField]:
        return [self.field(name) for name in self.errors if name in self.declared]

    def _take(self, name: str, field: Field[Any], sent: list[Any]) -> None:
        if isinstance(field, File):
            self._take_file(name, field, sent)
            return
        written = [value.strip() if field.kind != "password" else value for value in sent if isinstance(value, str)]
        self.typed[name] = written
        self.values[name] = field.absent
        allowed = {value for value, _ in self.choices.get(name, field.choices)}
        if isinstance(field, Many):
            self._take_many(name, written, allowed)
        elif not written or written[0] == "":
            if field.required:
                self.errors[name] = _asking_for(field)
        elif isinstance(field, Choice) and written[0] not in allowed:
            self.errors[name] = "Choose one of these."
        else:
            self._convert(name, field, written[0])

    def _convert(self, name: str, field: Field[Any], written: str) -> None:
        try:
            self.values[name] = field.read(written)
        except Wrong as wrong:
            self.errors[name] = str(wrong)

    def _take_many(self, name: str, written: list[str], allowed: Iterable[str]) -> None:
        self.values[name] = tuple(written)
        if set(written) - set(allowed):
            self.errors[name] = "Choose from these."

    def _take_file(self, name: str, field: File, sent: list[Any]) -> None:
        files = [value for value in sent if isinstance(value, UploadFile) and value.filename]
        self.values[name] = files[0] if files else None
        if field.required and not files:
            self.errors[name] = "Choose a file."


def _asking_for(field: Field[Any]) -> str:
    verb = {"choice": "Choose", "radio": "Choose", "day": "Choose", "moment": "Choose", "tick": "Tick"}.get(field.kind, "Enter")
    return f"{verb} {_lower_first(field.label)}."


def _lower_first(label: str) -> str:
    return label if label[:2].isupper() else label[:1].lower() + label[1:]
