"""The catalogue: products and their variants, collections, sales, pictures, stock, who sees what from when, and search.

What a product costs a person is `pricing`; what somebody has put aside is `checkout`. Nothing is announced as a fact:
whoever reads the catalogue reads `snapshot()`, which follows the rows within a fraction of a second.
"""

from components.catalog import (
    allotments,
    collections,
    costs,
    details,
    early_had,
    early_units,
    picture_access,
    pictures,
    products,
    sales,
    scopes,
    stock,
    stockroom,
    variants,
    visibility,
)
from components.catalog.collections import CollectionDetails
from components.catalog.details import ProductDetails, VariantDetails
from components.catalog.early_had import Had
from components.catalog.early_units import EarlyBuyer
from components.catalog.listing import Browsing, Page, browse, search, shelved
from components.catalog.live import catch_up, refresh, snapshot, start
from components.catalog.refusals import (
    AddressTaken,
    AllotmentInUse,
    BadDetail,
    EarlyGone,
    EnoughEarly,
    NoOpening,
    NothingToSell,
    NotOpenYet,
    OpenAlready,
    OptionsTaken,
    OutOfStock,
    PictureRefused,
    PictureTooLarge,
    SkuTaken,
    StockInUse,
    UnknownCollection,
    UnknownProduct,
    UnknownVariant,
    WrongOptions,
)
from components.catalog.sales import SaleDetails, SaleKept, SaleRefused
from components.catalog.scopes import EVERYTHING, Scope
from components.catalog.snapshots import Snapshot
from components.catalog.soundness import invariants
from components.catalog.views import CollectionView, PictureView, ProductView, Sale, VariantView
from components.catalog.visibility import Access, HeadStart, Seen, Why

__all__ = [
    "EVERYTHING",
    "Access",
    "AddressTaken",
    "AllotmentInUse",
    "BadDetail",
    "Browsing",
    "CollectionDetails",
    "CollectionView",
    "EarlyBuyer",
    "EarlyGone",
    "EnoughEarly",
    "Had",
    "HeadStart",
    "NoOpening",
    "NotOpenYet",
    "NothingToSell",
    "OpenAlready",
    "OptionsTaken",
    "OutOfStock",
    "Page",
    "PictureRefused",
    "PictureTooLarge",
    "PictureView",
    "ProductDetails",
    "ProductView",
    "Sale",
    "SaleDetails",
    "SaleKept",
    "SaleRefused",
    "Scope",
    "Seen",
    "SkuTaken",
    "Snapshot",
    "StockInUse",
    "UnknownCollection",
    "UnknownProduct",
    "UnknownVariant",
    "VariantDetails",
    "VariantView",
    "Why",
    "WrongOptions",
    "allotments",
    "browse",
    "catch_up",
    "collections",
    "costs",
    "details",
    "early_had",
    "early_units",
    "invariants",
    "picture_access",
    "pictures",
    "products",
    "refresh",
    "sales",
    "scopes",
    "search",
    "shelved",
    "snapshot",
    "start",
    "stock",
    "stockroom",
    "variants",
    "visibility",
]
