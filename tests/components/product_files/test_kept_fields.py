"""What a file does not name is the staff's: an import that changes a product leaves it as they wrote it."""

import dataclasses
from typing import Any

import pytest

from components.catalog.product_details import ProductDetails
from components.catalog.products import collections, products, stored_products
from components.product_files import import_file
from components.product_files.applying.apply_plans import SAID_BY_FILES
from components.product_files.import_result import ImportResult
from tests.conftest import NOON

pytestmark = pytest.mark.usefixtures("db")
HEAD = "Handle,Title,Variant Price,Option1 Name,Option1 Value,Variant Inventory Qty,Variant SKU\n"
MERGED = {"collections"}
"""Neither the file's nor the staff's alone: a product is in those of both."""
WRITTEN: dict[str, Any] = {"str": "written by staff", "int": 7, "bool": True, "datetime | None": NOON}


def staff_fields() -> dict[str, Any]:
    """A value of its own for every field that files do not decide, so that a new field is in it by itself."""
    left = [field for field in dataclasses.fields(ProductDetails) if field.name not in {*SAID_BY_FILES, *MERGED}]
    return {field.name: WRITTEN[_type(field)] for field in left}


def _type(field: "dataclasses.Field[Any]") -> str:
    return (
        field.type.__name__
        if isinstance(field.type, type)
        else str(field.type).replace("datetime.datetime", "datetime")
    )


async def imported(title: str) -> ImportResult:
    file = f"{HEAD}mug,{title},24,,,1,MUG\n"
    return await import_file.run_import(file.encode(), name="products.csv")


async def test_an_import_keeps_every_field_that_files_do_not_name() -> None:
    written = staff_fields()
    assert {"public_from", "members_only", "position"} <= written.keys()
    await imported("Mug")
    mug = (await products.by_slugs(["mug"]))["mug"]
    await products.revise(mug, dataclasses.replace((await stored_products.details([mug]))[mug], **written), by=None)
    outcome = await imported("Morning mug")
    assert outcome.troubles == [] and outcome.count("changed") == 1
    after = (await stored_products.details([mug]))[mug]
    assert after.title == "Morning mug"
    assert {name: getattr(after, name) for name in written} == written


async def test_collections_that_staff_chose_stay_beside_those_of_the_file() -> None:
    await imported("Mug")
    mug = (await products.by_slugs(["mug"]))["mug"]
    await collections.get_or_create("Gifts", slug="gifts", by=None)
    kept = (await stored_products.details([mug]))[mug]
    await products.revise(mug, dataclasses.replace(kept, collections=("gifts",)), by=None)
    await imported("Morning mug")
    assert "gifts" in (await stored_products.details([mug]))[mug].collections


def test_a_file_decides_only_about_fields_there_are() -> None:
    assert {*SAID_BY_FILES, *MERGED} < {field.name for field in dataclasses.fields(ProductDetails)}
