"""Every controller, in the order of the site map."""

from litestar import Controller

from web.account.earlier_orders import AccountEarlierOrdersController
from web.account.invoice_address import InvoiceAddressController
from web.account.invoices import AccountInvoicesController
from web.account.membership.cancellations import CancellationController
from web.account.membership.credit import CreditController
from web.account.membership.gift_memberships import GivenController
from web.account.membership.household import HouseholdController, SeatController
from web.account.membership.membership import MembershipController
from web.account.membership.pausing.pause_returns import PauseReturnController
from web.account.membership.pausing.pauses import PauseController
from web.account.membership.payments_due import PaymentsDueController
from web.account.membership.plan_changes import PlanChangesController
from web.account.membership.plan_confirmations import PlanConfirmationController
from web.account.membership.renewal_credit import RenewalCreditController
from web.account.membership.savings import SavingsController
from web.account.membership.waiting_benefits import GiftsController
from web.account.orders import AccountOrdersController
from web.account.overview import OverviewController
from web.account.profile.addresses import AddressesController
from web.account.profile.details import DetailsController
from web.account.profile.mailings import MailingsController
from web.account.profile.personal import PersonalController
from web.account.profile.privacy import PrivacyController
from web.account.profile.saved_card import SavedCardController
from web.account.security.confirm_page import ConfirmIdentityController
from web.account.security.passkey_sign_in import PasskeySignInController
from web.account.security.second_factor import PasskeysController, SecurityController
from web.account.security.second_step import SecondStepController
from web.account.sign_in.confirmations import ConfirmationController
from web.account.sign_in.password import PasswordController
from web.account.sign_in.sessions import SessionsController
from web.account.sign_in.sign_in import SignInController, SignInEmailController, SignOutController
from web.account.sign_in.sign_in_code import SignInCodeController
from web.account.sign_in.sign_up import SignUpController
from web.account.waiting import WaitingController
from web.api.openapi import ApiDocumentController
from web.api.routes import API
from web.edge.health import HealthController, MetricsController, UpController
from web.edge.language_choice import LanguageController
from web.edge.visits.shown_later import ShownLaterController
from web.edge.visits.visit_choice import VisitChoiceController
from web.hooks.mail import MailHookController
from web.hooks.stripe import StripeHookController
from web.setup.setup_links import SetupLinkController
from web.setup.setup_pages import SetupController
from web.shop.basket.basket import BasketController
from web.shop.basket.basket_coupon import BasketCouponController
from web.shop.basket.gifts import GiftController
from web.shop.basket.line_why import BasketLineController
from web.shop.brand_files import BrandFilesController, WellKnownIconsController
from web.shop.checkout.checkout import CheckoutController
from web.shop.feeds.feeds import FeedController
from web.shop.feeds.product_feed import ProductFeedController
from web.shop.feeds.sitemap import SitemapController
from web.shop.for_you.for_you import ForYouController
from web.shop.home_sections.home import HomeController
from web.shop.invoices.invoices import InvoiceController
from web.shop.join.gift_memberships import GiftMembershipController
from web.shop.join.join import JoinController
from web.shop.join.plan_places import WaitingListController
from web.shop.journal.articles import JournalController
from web.shop.orders.orders import OrderController
from web.shop.pages.contact import ContactController
from web.shop.pages.pages import PageController
from web.shop.products.collections import CollectionController
from web.shop.products.pictures import PictureController
from web.shop.products.products import ProductController
from web.shop.products.why import WhyController
from web.shop.search import SearchController
from web.shop.without_account.cancelling import CancellingController
from web.shop.without_account.unsubscribing import ConsentConfirmationController, UnsubscribeController
from web.shop.without_account.withdrawing import WithdrawingController
from web.staff.backtests.backtest_rules import StaffReplayRulesController
from web.staff.backtests.backtests import StaffReplaysController
from web.staff.campaigns.campaign_pages import StaffCampaignsController
from web.staff.campaigns.journeys.journey_pages import StaffJourneysController
from web.staff.campaigns.journeys.journey_starts import StaffJourneyStartsController
from web.staff.campaigns.journeys.journey_steps import StaffJourneyStepsController
from web.staff.campaigns.journeys.journey_walkers import StaffJourneyWalkersController
from web.staff.campaigns.mailing_rules_pages import StaffMailingRulesController
from web.staff.campaigns.member_consents import StaffMemberConsentsController
from web.staff.catalogue.collection_products import StaffCollectionProductsController
from web.staff.catalogue.collections import StaffCollectionsController
from web.staff.catalogue.fetched_pictures import StaffFetchedPicturesController
from web.staff.catalogue.imports import StaffImportsController
from web.staff.catalogue.product_archive import StaffProductArchiveController
from web.staff.catalogue.product_pictures import StaffProductPicturesController
from web.staff.catalogue.products import StaffProductsController
from web.staff.catalogue.variants import StaffVariantsController
from web.staff.club.benefit_removals import StaffPromiseRemovalsController
from web.staff.club.benefits import StaffBenefitsController
from web.staff.club.fee_notice import StaffFeeNoticeController
from web.staff.club.gift_memberships import StaffGiftMembershipsController
from web.staff.club.partner_codes import StaffCodesController
from web.staff.club.plan_terms import StaffPlanTermsController
from web.staff.club.plans import StaffPlansController
from web.staff.club.price_migrations import StaffPriceMigrationsController
from web.staff.club.save_offers import StaffSaveOffersController
from web.staff.content.articles import StaffArticlesController
from web.staff.content.home_page import StaffHomeSectionsController
from web.staff.content.home_sections import StaffHomeSectionController
from web.staff.content.menus import StaffMenusController
from web.staff.content.page_versions import StaffPageVersionsController
from web.staff.content.pages import StaffPagesController
from web.staff.content.pictures import StaffTextPicturesController
from web.staff.experiments.experiment_pages import StaffExperimentsController
from web.staff.fee_discounts.fee_discount_pages import StaffFeeDiscountsController
from web.staff.invoices.invoice_buyers import StaffInvoiceBuyerController
from web.staff.invoices.invoices import StaffInvoicesController
from web.staff.members.complimentary_ends import ComplimentaryEndsController
from web.staff.members.fee_refunds import StaffFeeRefundsController
from web.staff.members.member_credit import MemberCreditController
from web.staff.members.member_payments import MemberPaymentsController
from web.staff.members.member_sessions import MemberSessionsController
from web.staff.members.members import StaffMembersController
from web.staff.members.membership_actions import MembershipActionsController
from web.staff.members.paid_once_refunds import StaffPaidOnceRefundsController
from web.staff.members.preview import StaffPreviewController
from web.staff.members.refund_decisions import StaffRefundDecisionsController, StaffTermRefundsController
from web.staff.members.refunded_fee_decisions import StaffFeeDecisionsController
from web.staff.members.staff_pauses import StaffPausesController
from web.staff.members.without_account.cancellation_tasks import StaffCancellationTasksController
from web.staff.members.without_account.withdrawal_tasks import StaffWithdrawalTasksController
from web.staff.old_shop.earlier_orders import StaffEarlierOrdersController
from web.staff.old_shop.member_adoptions import StaffAdoptionsController
from web.staff.old_shop.record_imports import StaffRecordImportsController
from web.staff.orders.order_addresses import StaffOrderAddressController
from web.staff.orders.order_files import StaffOrderFilesController
from web.staff.orders.orders import StaffOrdersController
from web.staff.orders.refunds import StaffRefundsController
from web.staff.payments.differences import StaffDifferencesController
from web.staff.payments.dispute_acceptance import StaffDisputeAcceptanceController
from web.staff.payments.dispute_evidence import StaffDisputeEvidenceController
from web.staff.payments.dispute_files import StaffDisputeFilesController
from web.staff.payments.dispute_list import StaffDisputeFileController, StaffDisputeListController
from web.staff.payments.disputes import StaffDisputesController
from web.staff.payments.fraud_warnings import StaffFraudWarningsController
from web.staff.payments.mismatches import StaffMismatchesController
from web.staff.payments.payment_events import StaffPaymentEventsController
from web.staff.payments.payments import StaffPaymentsController
from web.staff.payments.taxes_by_hand import StaffTaxesByHandController
from web.staff.prices.coupons import StaffCouponsController
from web.staff.prices.delivery import StaffDeliveryController
from web.staff.prices.delivery_zones import StaffDeliveryZonesController
from web.staff.prices.pickup_places import StaffPickupController
from web.staff.prices.sales import StaffSalesController
from web.staff.reports.accounting_files import StaffAccountingFilesController
from web.staff.reports.behaviour import StaffBehaviourController
from web.staff.reports.checklist import StaffChecklistController
from web.staff.reports.engaged_members import StaffEngagementController
from web.staff.reports.figures import StaffFiguresController
from web.staff.reports.forecasts import StaffForecastsController
from web.staff.reports.metrics import StaffMetricsController
from web.staff.reports.programme.chart_pages import StaffChartsController
from web.staff.reports.programme.health import StaffProgrammeController
from web.staff.reports.programme.owed import StaffOwedController
from web.staff.reports.today import StaffHomeController
from web.staff.segments.customer_tags import StaffCustomerTagsController
from web.staff.segments.join_words_pages import StaffJoinWordsController
from web.staff.segments.member_choices import StaffMemberChoicesController
from web.staff.segments.segments import StaffSegmentsController
from web.staff.settings.announcement_pages import AnnouncementController
from web.staff.settings.brand_pages import BrandController
from web.staff.settings.delivery_date_pages import DeliveryDatesController
from web.staff.settings.email_text_pages import EmailTextsController
from web.staff.settings.email_text_versions import EmailTextVersionsController
from web.staff.settings.payment_settings import PaymentSettingsController
from web.staff.settings.settings_overview import StaffSettingsController
from web.staff.settings.shop_settings_pages import ShopSettingsController
from web.staff.settings.taxes.tax_pages import StaffTaxController
from web.staff.settings.taxes.tax_price_pages import StaffTaxedPricesController
from web.staff.settings.taxes.tax_source_pages import StaffTaxSourceController
from web.staff.suggestions.suggestion_pages import StaffSuggestionsController
from web.staff.system.api_keys import StaffKeysController
from web.staff.system.audit import AuditController
from web.staff.system.backups import StaffBackupsController
from web.staff.system.deleted import StaffDeletedController
from web.staff.system.emails import EmailsController, PracticeMailboxController
from web.staff.system.jobs import StaffJobsController
from web.staff.system.operators import OperatorsController
from web.staff.system.patterns import PatternsController
from web.staff.system.security import SecurityEventsController
from web.staff.system.waiting_erasures import StaffWaitingErasuresController

CONTROLLERS: tuple[type[Controller], ...] = (
    HomeController,
    ProductController,
    ProductFeedController,
    CollectionController,
    SearchController,
    ForYouController,
    PageController,
    ContactController,
    CancellingController,
    WithdrawingController,
    UnsubscribeController,
    ConsentConfirmationController,
    LanguageController,
    VisitChoiceController,
    ShownLaterController,
    PictureController,
    BrandFilesController,
    WellKnownIconsController,
    FeedController,
    SitemapController,
    SetupLinkController,
    SetupController,
    SignInController,
    SignInEmailController,
    SignInCodeController,
    PasskeySignInController,
    SecondStepController,
    SignUpController,
    OverviewController,
    DetailsController,
    MailingsController,
    PersonalController,
    PasswordController,
    ConfirmationController,
    SessionsController,
    SecurityController,
    PasskeysController,
    ConfirmIdentityController,
    MembershipController,
    RenewalCreditController,
    WaitingController,
    CancellationController,
    PaymentsDueController,
    PlanConfirmationController,
    PlanChangesController,
    PauseController,
    PauseReturnController,
    HouseholdController,
    SeatController,
    GivenController,
    SavingsController,
    CreditController,
    GiftsController,
    AddressesController,
    SavedCardController,
    PrivacyController,
    SignOutController,
    StaffHomeController,
    StaffChecklistController,
    StaffMetricsController,
    StaffOwedController,
    StaffProgrammeController,
    StaffChartsController,
    StaffForecastsController,
    StaffSuggestionsController,
    StaffBehaviourController,
    StaffEngagementController,
    StaffFiguresController,
    StaffAccountingFilesController,
    StaffJobsController,
    StaffDeletedController,
    StaffBackupsController,
    StaffMailingRulesController,
    StaffCampaignsController,
    StaffJourneyStartsController,
    StaffJourneyStepsController,
    StaffJourneysController,
    StaffJourneyWalkersController,
    StaffMemberConsentsController,
    StaffMembersController,
    StaffCancellationTasksController,
    StaffWaitingErasuresController,
    StaffWithdrawalTasksController,
    ComplimentaryEndsController,
    MembershipActionsController,
    StaffPausesController,
    StaffPaidOnceRefundsController,
    StaffTermRefundsController,
    StaffRefundDecisionsController,
    StaffFeeDecisionsController,
    StaffFeeDiscountsController,
    StaffFeeRefundsController,
    MemberPaymentsController,
    MemberCreditController,
    StaffMemberChoicesController,
    MemberSessionsController,
    StaffPlansController,
    StaffFeeNoticeController,
    StaffPlanTermsController,
    StaffPromiseRemovalsController,
    StaffSettingsController,
    BrandController,
    AnnouncementController,
    PaymentSettingsController,
    ShopSettingsController,
    StaffTaxController,
    DeliveryDatesController,
    StaffTaxedPricesController,
    StaffTaxSourceController,
    StaffPriceMigrationsController,
    StaffGiftMembershipsController,
    StaffSaveOffersController,
    StaffExperimentsController,
    StaffBenefitsController,
    StaffPreviewController,
    StaffReplaysController,
    StaffReplayRulesController,
    StaffCodesController,
    StaffArticlesController,
    StaffTextPicturesController,
    StaffHomeSectionsController,
    StaffHomeSectionController,
    StaffPagesController,
    StaffPageVersionsController,
    StaffMenusController,
    EmailTextsController,
    EmailTextVersionsController,
    StaffProductsController,
    StaffVariantsController,
    StaffProductPicturesController,
    StaffProductArchiveController,
    StaffCollectionsController,
    StaffCollectionProductsController,
    StaffSalesController,
    StaffCouponsController,
    StaffSegmentsController,
    StaffJoinWordsController,
    StaffCustomerTagsController,
    StaffImportsController,
    StaffRecordImportsController,
    StaffAdoptionsController,
    StaffFetchedPicturesController,
    EmailsController,
    OperatorsController,
    StaffKeysController,
    AuditController,
    SecurityEventsController,
    PracticeMailboxController,
    WhyController,
    JournalController,
    JoinController,
    WaitingListController,
    GiftMembershipController,
    BasketController,
    BasketCouponController,
    BasketLineController,
    GiftController,
    CheckoutController,
    OrderController,
    InvoiceController,
    AccountEarlierOrdersController,
    AccountOrdersController,
    AccountInvoicesController,
    InvoiceAddressController,
    StaffEarlierOrdersController,
    StaffOrdersController,
    StaffInvoicesController,
    StaffInvoiceBuyerController,
    StaffOrderFilesController,
    StaffOrderAddressController,
    StaffRefundsController,
    StaffDeliveryController,
    StaffDeliveryZonesController,
    StaffPickupController,
    StaffPaymentsController,
    StaffDisputeAcceptanceController,
    StaffDisputeEvidenceController,
    StaffDisputeFileController,
    StaffDisputeFilesController,
    StaffDisputeListController,
    StaffDisputesController,
    StaffFraudWarningsController,
    StaffDifferencesController,
    StaffPaymentEventsController,
    StaffMismatchesController,
    StaffTaxesByHandController,
    PatternsController,
    *API,
    ApiDocumentController,
    HealthController,
    UpController,
    MetricsController,
    StripeHookController,
    MailHookController,
)
