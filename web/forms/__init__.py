"""Forms: declare fields, read them from a request, and show them again with an error at each invalid one."""

from web.forms.fields import (
    Choice,
    Choices,
    EmailField,
    Field,
    File,
    LongText,
    Many,
    Once,
    Password,
    ReferenceField,
    Slug,
    Text,
    Tick,
    Wrong,
)
from web.forms.form import BoundField, Form
from web.forms.numbers import AmountField, Percent, Whole
from web.forms.sending import read_body
from web.forms.times import Day, Moment

__all__ = [
    "AmountField",
    "BoundField",
    "Choice",
    "Choices",
    "Day",
    "EmailField",
    "Field",
    "File",
    "Form",
    "LongText",
    "Many",
    "Moment",
    "Once",
    "Password",
    "Percent",
    "ReferenceField",
    "Slug",
    "Text",
    "Tick",
    "Whole",
    "Wrong",
    "read_body",
]
