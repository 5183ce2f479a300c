"""Every controller, in the order of the site map."""

from litestar import Controller

from web.account.addresses import AddressesController
from web.account.cancellations import CancellationController
from web.account.confirmations import ConfirmationController
from web.account.credit import CreditController
from web.account.details import DetailsController
from web.account.gifts import GiftsController
from web.account.given import GivenController
from web.account.household import HouseholdController, SeatController
from web.account.membership import MembershipController
from web.account.orders import AccountOrdersController
from web.account.overview import OverviewController
from web.account.password import PasswordController
from web.account.pauses import PauseController
from web.account.plan_changes import PlanChangesController
from web.account.privacy import PrivacyController
from web.account.savings import SavingsController
from web.account.sessions import SessionsController
from web.account.sign_in import SignInCodeController, SignInController, SignInLetterController, SignOutController
from web.account.sign_up import SignUpController
from web.api.openapi import ApiDocumentController
from web.api.routes import API
from web.health import HealthController, MetricsController
from web.hooks.stripe import StripeHookController
from web.shop.articles import JournalController
from web.shop.basket import BasketController
from web.shop.basket_coupon import BasketCouponController
from web.shop.checkout import CheckoutController
from web.shop.collections import CollectionController
from web.shop.feeds import FeedController
from web.shop.gift_memberships import GiftMembershipController
from web.shop.gifts import GiftController
from web.shop.home import HomeController
from web.shop.join import JoinController
from web.shop.line_why import BasketLineController
from web.shop.orders import OrderController
from web.shop.pictures import PictureController
from web.shop.product_feed import ProductFeedController
from web.shop.products import ProductController
from web.shop.search import SearchController
from web.shop.sitemap import SitemapController
from web.shop.why import WhyController
from web.staff.articles import StaffArticlesController
from web.staff.audit import AuditController
from web.staff.benefits import StaffBenefitsController
from web.staff.codes import StaffCodesController
from web.staff.collections import StaffCollectionsController
from web.staff.coupons import StaffCouponsController
from web.staff.delivery import StaffDeliveryController
from web.staff.figures import StaffFiguresController
from web.staff.gift_memberships import StaffGiftMembershipsController
from web.staff.home import StaffHomeController
from web.staff.imports import StaffImportsController
from web.staff.jobs import StaffJobsController
from web.staff.keys import StaffKeysController
from web.staff.letters import LettersController, PracticeMailboxController
from web.staff.member_credit import MemberCreditController
from web.staff.members import StaffMembersController
from web.staff.metrics import StaffMetricsController
from web.staff.mismatches import StaffMismatchesController
from web.staff.operators import OperatorsController
from web.staff.orders import StaffOrdersController
from web.staff.patterns import PatternsController
from web.staff.payment_events import StaffPaymentEventsController
from web.staff.payments import StaffPaymentsController
from web.staff.plan_terms import StaffPlanTermsController
from web.staff.plans import StaffPlansController
from web.staff.preview import StaffPreviewController
from web.staff.price_moves import StaffPriceMovesController
from web.staff.product_pictures import StaffProductPicturesController
from web.staff.products import StaffProductsController
from web.staff.promise_removals import StaffPromiseRemovalsController
from web.staff.refunds import StaffRefundsController
from web.staff.replay_rules import StaffReplayRulesController
from web.staff.replays import StaffReplaysController
from web.staff.sales import StaffSalesController
from web.staff.settings import StaffSettingsController
from web.staff.variants import StaffVariantsController

CONTROLLERS: tuple[type[Controller], ...] = (
    HomeController,
    ProductController,
    ProductFeedController,
    CollectionController,
    SearchController,
    PictureController,
    FeedController,
    SitemapController,
    SignInController,
    SignInLetterController,
    SignInCodeController,
    SignUpController,
    OverviewController,
    DetailsController,
    PasswordController,
    ConfirmationController,
    SessionsController,
    MembershipController,
    CancellationController,
    PlanChangesController,
    PauseController,
    HouseholdController,
    SeatController,
    GivenController,
    SavingsController,
    CreditController,
    GiftsController,
    AddressesController,
    PrivacyController,
    SignOutController,
    StaffHomeController,
    StaffMetricsController,
    StaffFiguresController,
    StaffJobsController,
    StaffMembersController,
    MemberCreditController,
    StaffPlansController,
    StaffPlanTermsController,
    StaffPromiseRemovalsController,
    StaffSettingsController,
    StaffPriceMovesController,
    StaffGiftMembershipsController,
    StaffBenefitsController,
    StaffPreviewController,
    StaffReplaysController,
    StaffReplayRulesController,
    StaffCodesController,
    StaffArticlesController,
    StaffProductsController,
    StaffVariantsController,
    StaffProductPicturesController,
    StaffCollectionsController,
    StaffSalesController,
    StaffCouponsController,
    StaffImportsController,
    LettersController,
    OperatorsController,
    StaffKeysController,
    AuditController,
    PracticeMailboxController,
    WhyController,
    JournalController,
    JoinController,
    GiftMembershipController,
    BasketController,
    BasketCouponController,
    BasketLineController,
    GiftController,
    CheckoutController,
    OrderController,
    AccountOrdersController,
    StaffOrdersController,
    StaffRefundsController,
    StaffDeliveryController,
    StaffPaymentsController,
    StaffPaymentEventsController,
    StaffMismatchesController,
    PatternsController,
    *API,
    ApiDocumentController,
    HealthController,
    MetricsController,
    StripeHookController,
)
