"""Every resource of the API, in the order of its OpenAPI document."""

from litestar import Controller

from web.api.catalogue.articles import ApiArticlesController
from web.api.catalogue.catalogue import ApiCatalogueController
from web.api.catalogue.collections import ApiCollectionsController
from web.api.catalogue.prices import ApiPricesController
from web.api.catalogue.products import ApiProductsController
from web.api.catalogue.search import ApiSearchController
from web.api.figures.figures import ApiFiguresController
from web.api.members.people import ApiPeopleController
from web.api.members.plans import ApiPlansController
from web.api.orders.orders import ApiOrdersController
from web.api.orders.quotes import ApiQuotesController
from web.api.orders.stock_adjustments import ApiStockAdjustmentsController

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
    ApiFiguresController,
    ApiStockAdjustmentsController,
)
