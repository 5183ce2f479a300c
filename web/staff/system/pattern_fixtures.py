"""Made-up things for the patterns page, so that every piece of the look can be seen without a shop behind it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from components.foundation import clock
from components.foundation.money import Money
from web.forms.fields import Choice, Email, LongText, Many, Text, Tick
from web.forms.form import Form
from web.forms.numbers import AmountField, Whole
from web.pager import Pager


def gbp(pence: int) -> Money:
    return Money(pence, "GBP")


@dataclass(frozen=True, kw_only=True)
class SampleCard:
    title: str
    price: Money
    member_price: Money | None = None
    was: Money | None = None
    lowest_before: Money | None = None
    is_member_price: bool = False
    badges: tuple[Any, ...] = ()
    is_early: bool = False
    sold_out: bool = False
    url: str = "#shelf"
    picture: None = None


@dataclass(frozen=True, kw_only=True)
class SampleLine:
    id: str
    title: str
    more: str
    quantity: int
    unit: Money
    total: Money
    was_total: Money | None = None
    saved: Money | None = None
    url: str | None = "#lines"
    picture: None = None


@dataclass(frozen=True, kw_only=True)
class SamplePlan:
    name: str
    fee: Money
    interval: str
    note: str
    benefits: tuple[str, ...]
    is_chosen: bool = False
    is_advised: bool = False
    is_held: bool = False
    url: str = "#plans"


@dataclass(frozen=True, kw_only=True)
class SampleStep:
    words: str
    amount: Money | None
    applied: bool
    reason: str


class SampleForm(Form):
    name = Text("Name", autocomplete="off")
    email = Email("E-mail", help="For your receipt, and nothing else.", autocomplete="off")
    phone = Text("Telephone", required=False)
    fee = AmountField("Fee")
    places = Whole("Places", least=1, most=9)
    country = Choice("Country", (("GB", "United Kingdom"), ("IE", "Ireland"), ("FR", "France")))
    delivery = Choice("Delivery", (("post", "Royal Mail, tracked"), ("courier", "Courier, next day")), as_radio=True)
    glaze = Choice("Glaze", (("oat", "Oat"), ("moss", "Moss"), ("ink", "Ink"), ("salt", "Salt")), as_radio=True)
    interests = Many(
        "Write to me about", (("firing", "New firings"), ("journal", "The journal"), ("seconds", "Seconds sales"))
    )
    note = LongText("A note for the maker", required=False)
    terms = Tick("I have read the terms of the club")


class SampleProductForm(Form):
    colour = Choice("Colour", SampleForm.declared["glaze"].choices, as_radio=True)


class SampleCheckoutForm(Form):
    method = Choice("Delivery", SampleForm.declared["delivery"].choices, as_radio=True)


BENEFITS = (
    "15% off everything, always",
    "Free tracked delivery over £20",
    "New firings three days early",
    "The members' journal",
)


def samples() -> dict[str, Any]:
    """Every sample by the name the patterns page uses."""
    return {
        "cards": _cards(),
        "lines": _lines(),
        "plans": _plans(),
        "steps_of_price": _steps(),
        "pages": Pager(page=3, pages=9, path="/staff/patterns"),
        "blank_form": SampleForm.blank(places=2, country="GB", delivery="post", glaze="moss", interests=("journal",)),
        "wrong_form": SampleForm.blank(name="", email="maya at kiln")
        .refuse("name", "Enter name.")
        .refuse("email", "Write an e-mail address like name@example.org."),
        "product_form": SampleProductForm.blank(colour="moss"),
        "checkout_form": SampleCheckoutForm.blank(method="post"),
        "tiles": (
            ("Mugs", 8, None),
            ("Bowls", 6, None),
            ("Teapots", 3, None),
            ("Vases", 6, None),
            ("Planters", 4, None),
            ("Candles", 4, None),
        ),
        "gallery": (None, None, None),
        "hero_picture": None,
        "soon": clock.now() + timedelta(hours=30),
        "amounts": {"small": gbp(450), "fee": gbp(3900), "saved": gbp(4100), "total": gbp(6510)},
        "totals_rows": (
            ("Goods", gbp(7200), ""),
            ("Kiln Club savings", gbp(1080), "saved"),
            ("Royal Mail, tracked", gbp(0), "", gbp(450)),
            ("of which tax (20%)", gbp(1020), ""),
        ),
        "delivery_words": {
            "post": ("Two to three working days", gbp(450)),
            "courier": ("Before noon, Monday to Friday", gbp(895)),
        },
    }


def _cards() -> tuple[SampleCard, ...]:
    return (
        SampleCard(title="Morning mug", price=gbp(2400), member_price=gbp(2040)),
        SampleCard(title="Wide ramen bowl", price=gbp(3060), was=gbp(3600), is_member_price=True),
        SampleCard(title="Ash-glazed teapot", price=gbp(8800), member_price=gbp(7480), is_early=True),
        SampleCard(
            title="Bud vase",
            price=gbp(1800),
            was=gbp(2200),
            lowest_before=gbp(2000),
            member_price=gbp(1530),
            badges=(("Sale", "sale"),),
        ),
        SampleCard(title="Large planter with saucer", price=gbp(6400), member_price=gbp(5440), sold_out=True),
        SampleCard(title="Beeswax candle in a tumbler", price=gbp(2800), member_price=gbp(2380), badges=("New",)),
        SampleCard(title="Side plate", price=gbp(1900), member_price=gbp(1615)),
        SampleCard(title="Salt pig", price=gbp(3200), member_price=gbp(2720)),
    )


def _lines() -> tuple[SampleLine, ...]:
    return (
        SampleLine(
            id="1",
            title="Morning mug",
            more="Moss, 300 ml",
            quantity=2,
            unit=gbp(2040),
            total=gbp(4080),
            was_total=gbp(4800),
            saved=gbp(720),
        ),
        SampleLine(id="2", title="Bud vase", more="Salt", quantity=1, unit=gbp(2400), total=gbp(2400)),
    )


def _plans() -> tuple[SamplePlan, ...]:
    return (
        SamplePlan(name="Monthly", fee=gbp(450), interval="a month", note="Leave any month", benefits=BENEFITS),
        SamplePlan(
            name="Annual",
            fee=gbp(3900),
            interval="a year",
            note="£3.25 a month",
            benefits=(*BENEFITS, "A small gift each year"),
            is_chosen=True,
            is_advised=True,
        ),
        SamplePlan(
            name="Friend of the kiln",
            fee=gbp(0),
            interval="for ever",
            note="No card needed",
            benefits=("The open journal",),
            is_held=True,
        ),
    )


def _steps() -> tuple[SampleStep, ...]:
    return (
        SampleStep(words="The shop's price", amount=gbp(2400), applied=False, reason=""),
        SampleStep(
            words="Kiln Club: 15% off everything",
            amount=gbp(2040),
            applied=True,
            reason="You are a member until 3 May 2027.",
        ),
        SampleStep(
            words="Mug week: £3 off mugs",
            amount=gbp(2100),
            applied=False,
            reason="Your member price is lower; rules do not stack.",
        ),
    )
