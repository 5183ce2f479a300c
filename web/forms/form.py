"""Forms: every field is read, each invalid one gets its own message, and what was typed is never lost."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Self

from litestar import Request
from litestar.datastructures import UploadFile

from components.foundation import ids
from components.foundation.languages.words import N_, _
from web.forms.fields import Choice, Choices, Field, File, Many, Once, Wrong
from web.forms.form_versions import mark
from web.forms.sending import read_body

AS_IT_WAS = "as_it_was"
"""The hidden field of a shared form: what was stored when its page was made."""

STALE = N_("This page was out of date, so nothing has been changed. Please check it and submit it again.")
NUL = "\x00"
"""The only character that the database cannot store."""


class BoundField:
    """A field as the template needs it: its texts, what was typed, and what is wrong with it."""

    def __init__(self, declared: Field[Any], form: Form) -> None:
        self.declared, self.form = declared, form
        self.name, self.label, self.kind = declared.name, _(declared.label), declared.kind
        self.help = " ".join(filter(None, (_(declared.help), _(declared.wants))))
        self.required, self.autocomplete = declared.required, declared.autocomplete
        self.attributes = declared.attributes

    @property
    def is_called_optional(self) -> bool:
        """Not where this page, or what was chosen on it, requires it."""
        return self.declared.is_called_optional and not self.required

    @property
    def typed(self) -> str:
        return next(iter(self.many), "")

    @property
    def many(self) -> list[str]:
        return self.form.typed.get(self.name, [])

    @property
    def error(self) -> str | None:
        return self.form.errors.get(self.name)

    @property
    def theirs(self) -> str | None:
        """What somebody else saved meanwhile, as it is read; None where nothing differs."""
        found = self.form.theirs.get(self.name)
        if found is None:
            return None
        named = {str(value): words for value, words in self.choices}
        if self.kind == "tick":
            return _("ticked") if any(found) else _("not ticked")
        return ", ".join(named.get(one, one) for one in found if one) or _("nothing")

    @property
    def has_empty_line(self) -> bool:
        """Whether nothing can be chosen, and none of the choices says so in words."""
        return not self.required and all(str(value) for value, _words in self.choices)

    @property
    def choices(self) -> Choices:
        """Those set on the form are in the visitor's language already."""
        said = self.form.choices.get(self.name)
        return tuple((value, _(words)) for value, words in self.declared.choices) if said is None else said


class Form:
    """Declare fields as class attributes; read them from a request, or create a blank or prefilled form to show."""

    declared: ClassVar[dict[str, Field[Any]]] = {}
    is_shared: ClassVar[bool] = False
    """Several people may change what it shows: `overtaken` tells whoever saves second."""

    def __init_subclass__(cls) -> None:
        inherited = {k: v for kind in reversed(cls.__mro__) for k, v in getattr(kind, "declared", {}).items()}
        cls.declared = inherited | {k: v for k, v in vars(cls).items() if isinstance(v, Field)}

    def __init__(self) -> None:
        self.typed: dict[str, list[str]] = {}
        self.values: dict[str, Any] = {}
        self.errors: dict[str, str] = {}
        self.choices: dict[str, Choices] = {}
        self.refusal: str | None = None
        self.as_it_was = ""
        self.theirs: dict[str, list[str]] = {}

    @classmethod
    def blank(cls, *, choices: dict[str, Choices] | None = None, **values: Any) -> Self:
        """A form to fill in, with some values preset."""
        form = cls()
        form.choices = choices or {}
        for name, value in values.items():
            field = cls.declared[name]
            form.typed[name] = [str(v) for v in value] if isinstance(field, Many) else [field.write(value)]
            form.values[name] = value
        form.as_it_was = mark(form.typed) if cls.is_shared else ""
        return form

    @classmethod
    async def read(cls, request: Request[Any, Any, Any], *, choices: dict[str, Choices] | None = None) -> Self:
        """The form as the visitor sent it; check `is_valid` before using its values."""
        given = await read_body(request)
        form = cls.of({name: given.getall(name) for name in cls.declared}, choices=choices)
        form.as_it_was = next((str(one)[:64] for one in given.getall(AS_IT_WAS)), "") if cls.is_shared else ""
        return form

    @classmethod
    def of_query(cls, request: Request[Any, Any, Any], *, choices: dict[str, Choices] | None = None) -> Self:
        """The same from the query of a GET request."""
        query = request.query_params
        return cls.of({name: query.getall(name, []) for name in cls.declared}, choices=choices)

    @classmethod
    def of(cls, sent: dict[str, list[Any]], *, choices: dict[str, Choices] | None = None) -> Self:
        form = cls()
        form.choices = choices or {}
        for name, field in cls.declared.items():
            form._take(name, field, sent.get(name, []))
            if isinstance(field, Once) and name in form.errors:
                del form.errors[name]
                form.typed[name] = [str(ids.new())]
                form.refuse(None, _(STALE))
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

    @property
    def answer_status(self) -> int:
        """Of a page that shows it again."""
        return 409 if self.theirs else 200 if self.is_valid else 422

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
        self.typed[name] = [value.replace(NUL, "\N{REPLACEMENT CHARACTER}") for value in written]
        self.values[name] = field.absent
        if any(NUL in value for value in written):
            self.errors[name] = _("Remove the unreadable character.")
            return
        allowed = {value for value, _ in self.choices.get(name, field.choices)}
        if isinstance(field, Many):
            self._take_many(name, written, allowed)
        elif not written or written[0] == "":
            if field.required:
                self.errors[name] = _asking_for(field)
        elif isinstance(field, Choice) and written[0] not in allowed:
            self.errors[name] = _("Choose one of the options listed.")
        else:
            self._convert(name, field, written[0])

    def _convert(self, name: str, field: Field[Any], written: str) -> None:
        try:
            self.values[name] = field.read(written)
        except Wrong as wrong:
            self.errors[name] = str(wrong)

    def _take_many(self, name: str, written: list[str], allowed: Iterable[str]) -> None:
        known = set(allowed)
        self.values[name] = tuple(value for value in dict.fromkeys(written) if value in known)
        if set(written) - known:
            self.errors[name] = _("Choose from the options listed.")

    def _take_file(self, name: str, field: File, sent: list[Any]) -> None:
        files = [value for value in sent if isinstance(value, UploadFile) and value.filename]
        self.values[name] = files[0] if files else None
        if field.required and not files:
            self.errors[name] = _("Choose a file.")


def _asking_for(field: Field[Any]) -> str:
    label = _(field.label)
    if field.kind in {"choice", "radio"}:
        return _("Choose an option for “%(label)s”.", label=label)
    if field.kind in {"day", "moment"}:
        return _("Choose a date for “%(label)s”.", label=label)
    return _("“%(label)s” is required.", label=label)
