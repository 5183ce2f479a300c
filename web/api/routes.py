"""Every resource for programs, in the order of the document that describes them."""

from litestar import Controller

from web.api.articles import ApiArticlesController
from web.api.catalogue import ApiCatalogueController
from web.api.collections import ApiCollectionsController
from web.api.orders import ApiOrdersController
from web.api.people import ApiPeopleController
from web.api.plans import ApiPlansController
from web.api.prices import ApiPricesController
from web.api.products import ApiProductsController
from web.api.quotes import ApiQuotesController
from web.api.search import ApiSearchController
from web.api.stock_adjustments import ApiStockAdjustmentsController

API: tuple[type[Controller], ...] = (
    ApiProductsController,
    ApiPricesController,
    ApiCollectionsController,
    ApiSearchController,
    ApiArticlesController,
    ApiPlansController,
    ApiQuotesController,
    ApiOrdersController,
    ApiPeopleController,
    ApiCatalogueController,
    ApiStockAdjustmentsController,
)
