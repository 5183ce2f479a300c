"""Forms: declare fields, read them from a request, show them again with what is wrong at each."""

from web.forms.fields import (
    Amount,
    Choice,
    Choices,
    Day,
    Email,
    Field,
    File,
    LongText,
    Many,
    Moment,
    Password,
    Reference,
    Text,
    Tick,
    Whole,
    Wrong,
)
from web.forms.form import BoundField, Form

__all__ = [
    "Amount",
    "BoundField",
    "Choice",
    "Choices",
    "Day",
    "Email",
    "Field",
    "File",
    "Form",
    "LongText",
    "Many",
    "Moment",
    "Password",
    "Reference",
    "Text",
    "Tick",
    "Whole",
    "Wrong",
]
