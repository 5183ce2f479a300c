"""Sample data for the pattern library, so that every element can be seen without a shop."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from components.foundation import clock
from components.foundation.money import Money
from web.forms.fields import Choice, EmailField, LongText, Many, Text, Tick
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
    trial: str = ""
    is_chosen: bool = False
    is_advised: bool = False
    is_held: bool = False
    guarantees_fee: bool = False
    places: str = ""
    fee_sum: str = ""
    offer: str = ""
    year: str = ""
    is_recommended: bool = False
    may_join: bool = True
    url: str = "#plans"


@dataclass(frozen=True, kw_only=True)
class SampleStep:
    words: str
    amount: Money | None
    applied: bool
    reason: str


class SampleForm(Form):
    name = Text("Name", autocomplete="off")
    email = EmailField("E-mail", help="We’ll send your receipt here.", autocomplete="off")
    phone = Text("Telephone", required=False)
    fee = AmountField("Fee")
    places = Whole("Places", least=1, most=9)
    country = Choice("Country", (("GB", "United Kingdom"), ("IE", "Ireland"), ("FR", "France")))
    delivery = Choice("Delivery", (("post", "Royal Mail, tracked"), ("courier", "Courier, next day")), as_radio=True)
    shade = Choice(
        "Colour", (("blue", "Blue"), ("green", "Green"), ("black", "Black"), ("white", "White")), as_radio=True
    )
    interests = Many("E-mail me about", (("products", "New products"), ("journal", "The journal"), ("sales", "Sales")))
    note = LongText("Order note", required=False)
    terms = Tick("I accept the membership terms")


class SampleProductForm(Form):
    colour = Choice("Colour", SampleForm.declared["shade"].choices, as_radio=True)


class SampleCheckoutForm(Form):
    method = Choice("Delivery", SampleForm.declared["delivery"].choices, as_radio=True)


BENEFITS = (
    "15% off everything, always",
    "Free tracked delivery over £20",
    "Early access to new products",
    "Members-only articles",
)


def samples() -> dict[str, Any]:
    """Every sample by the name the patterns page uses."""
    return {
        "cards": _cards(),
        "lines": _lines(),
        "plans": _plans(),
        "steps_of_price": _steps(),
        "pages": Pager(page=3, pages=9, path="/staff/patterns"),
        "blank_form": SampleForm.blank(places=2, country="GB", delivery="post", shade="green", interests=("journal",)),
        "wrong_form": SampleForm.blank(name="", email="maya at example")
        .refuse("name", "Enter your name.")
        .refuse("email", "Enter an e-mail address, such as name@example.org."),
        "product_form": SampleProductForm.blank(colour="green"),
        "checkout_form": SampleCheckoutForm.blank(method="post"),
        "tiles": (
            ("Shirts", 8, None),
            ("Shoes", 6, None),
            ("Bags", 3, None),
            ("Hats", 6, None),
            ("Socks", 4, None),
            ("Belts", 4, None),
        ),
        "gallery": (None, None, None),
        "hero_picture": None,
        "soon": clock.now() + timedelta(hours=30),
        "amounts": {"small": gbp(450), "fee": gbp(3900), "saved": gbp(4100), "total": gbp(6510)},
        "totals_rows": (
            ("Subtotal", gbp(7200), ""),
            ("Member discount", gbp(1080), "saved"),
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
        SampleCard(title="Cotton shirt", price=gbp(2400), member_price=gbp(2040)),
        SampleCard(title="Leather boots", price=gbp(3060), was=gbp(3600), is_member_price=True),
        SampleCard(title="Wool overcoat", price=gbp(8800), member_price=gbp(7480), is_early=True),
        SampleCard(
            title="Canvas bag",
            price=gbp(1800),
            was=gbp(2200),
            lowest_before=gbp(2000),
            member_price=gbp(1530),
            badges=(("Sale", "sale"),),
        ),
        SampleCard(title="Weekend bag with shoulder strap", price=gbp(6400), member_price=gbp(5440), sold_out=True),
        SampleCard(title="Merino scarf in a gift box", price=gbp(2800), member_price=gbp(2380), badges=("New",)),
        SampleCard(title="Wool hat", price=gbp(1900), member_price=gbp(1615)),
        SampleCard(title="Leather belt", price=gbp(3200), member_price=gbp(2720)),
    )


def _lines() -> tuple[SampleLine, ...]:
    return (
        SampleLine(
            id="1",
            title="Cotton shirt",
            more="Green, medium",
            quantity=2,
            unit=gbp(2040),
            total=gbp(4080),
            was_total=gbp(4800),
            saved=gbp(720),
        ),
        SampleLine(id="2", title="Canvas bag", more="White", quantity=1, unit=gbp(2400), total=gbp(2400)),
    )


def _plans() -> tuple[SamplePlan, ...]:
    return (
        SamplePlan(name="Monthly", fee=gbp(450), interval="a month", note="Cancel any time", benefits=BENEFITS),
        SamplePlan(
            name="Annual",
            fee=gbp(3900),
            interval="a year",
            note="£3.25 a month",
            benefits=(*BENEFITS, "A small gift each year"),
            is_chosen=True,
            is_advised=True,
            guarantees_fee=True,
        ),
        SamplePlan(
            name="Free plan",
            fee=gbp(0),
            interval="forever",
            note="No card needed",
            benefits=("The public journal",),
            is_held=True,
            may_join=False,
        ),
    )


def _steps() -> tuple[SampleStep, ...]:
    return (
        SampleStep(words="Regular price", amount=gbp(2400), applied=False, reason=""),
        SampleStep(
            words="Membership: 15% off everything",
            amount=gbp(2040),
            applied=True,
            reason="You are a member until 3 May 2027.",
        ),
        SampleStep(
            words="Shirt week: £3 off shirts",
            amount=gbp(2100),
            applied=False,
            reason="Your member price is lower; discounts are not combined.",
        ),
    )
