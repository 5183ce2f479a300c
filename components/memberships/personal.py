"""What the tables of this component hold of a person, and what becomes of it."""

from components.foundation.languages.words import N_
from components.foundation.personal_data.data_tables import DataTable, Period

_FORGET_TRIALS = """
UPDATE trial SET email_key = id::text, card = NULL WHERE at < $1 AND email_key <> id::text
AND person IN (SELECT id FROM memberships_people WHERE erased_at < $1)"""

DATA_TABLES = (
    DataTable(
        "benefit",
        plain="id created_at is_tried made_from",
        shops="kind name",
    ),
    DataTable(
        "benefit_use",
        title=N_("What you have saved"),
        rows="FROM benefit_use WHERE person = :person",
        plain="id benefit order_id regular paid at",
        codes="reference kind currency",
        shops="words why",
        pointer="person",
    ),
    DataTable(
        "benefit_version",
        plain="id benefit from_at until_at",
        shops="settings",
    ),
    DataTable(
        "entitlement",
        title=N_("Benefits you have had"),
        rows="FROM entitlement WHERE person = :person",
        plain="id membership benefit from_at until_at",
        codes="because_of",
        pointer="person",
    ),
    DataTable(
        "fee_discount",
        title=N_("Discounts on your membership"),
        rows="FROM fee_discount WHERE subscription = ANY(:things) OR term = ANY(:things)",
        plain="id subscription term coupon percent_bp amount payments asks turn rest_waits at put_at begun_at ended_at",
        codes="source currency why_ended",
        shops="code",
        staff="by ended_by",
        personal="reason",
        erased="memberships.erasure.erase_agreements",
    ),
    DataTable(
        "early_start",
        title=N_("Whether a membership should begin before the days to withdraw were over"),
        rows="FROM early_start WHERE person = :person",
        plain="id plan_version gift is_wanted at",
        codes="language country",
        shops="words",
        pointer="person",
    ),
    DataTable(
        "fee_guarantee",
        title=N_("Guarantees of your fee"),
        rows="FROM fee_guarantee WHERE person = :person",
        leads_on=True,
        plain="id plan source_id starts_at until_at over_at settled_at fee saved given",
        codes="currency why",
        pointer="person",
    ),
    DataTable(
        "fee_notice",
        plain="id at read_at",
        staff="read_by",
    ),
    DataTable(
        "fee_refund",
        title=N_("Refunds of membership fees"),
        rows="FROM fee_refund WHERE subscription = ANY(:things)",
        plain="id subscription amount credit ends_now at settled_at reviewed_at",
        codes="invoice currency status stripe_id",
        staff="by reviewed_by",
        personal="reason",
        erased="memberships.erasure.erase_agreements",
    ),
    DataTable(
        "renewal_credit",
        title=N_("Store credit used for renewals"),
        rows="FROM renewal_credit WHERE person = :person",
        plain="id subscription amount at settled_at",
        codes="invoice currency status",
        pointer="person",
    ),
    DataTable(
        "renewal_credit_choice",
        title=N_("Your choice to use store credit for renewals"),
        rows="FROM renewal_credit_choice WHERE person = :person",
        plain="since",
        pointer="person",
        erased="memberships.erasure.erase_agreements",
    ),
    DataTable(
        "gift_membership",
        title=N_("Gift memberships"),
        rows=(
            "FROM gift_membership WHERE buyer = :person OR redeemed_by = :person "
            "OR :email <> '' AND recipient_email = :email AND sent_at IS NOT NULL"
        ),
        leads_on=True,
        plain=(
            "id plan_version send_at created_at paid_at lapsed_at sent_at redeemed_at begun_at refunded_at voided_at "
            "expires_at readdressed_at net_amount"
        ),
        codes="tax_country",
        shops="tax_note taxes",
        staff="refunded_by",
        pointer="buyer redeemed_by",
        personal="giver_name recipient_name recipient_email message",
        secret="code code_sealed",
        sealed="code_digest",
        erased="memberships.erasure.erase_agreements",
        why="whoever was given the code can still use it: only a keyed digest of it",
    ),
    DataTable(
        "guaranteed_fee",
        title=N_("Payments whose fee is guaranteed"),
        rows="FROM guaranteed_fee WHERE guarantee = ANY(:things)",
        plain="id guarantee amount",
        codes="payment",
    ),
    DataTable(
        "membership",
        title=N_("Memberships"),
        rows="FROM membership WHERE holder = :person",
        leads_on=True,
        plain="id plan source_id starts_at ends_at end_announced_at variant",
        codes="source",
        staff="given_by",
        pointer="holder",
        personal="note",
        erased="memberships.erasure.erase_agreements",
    ),
    DataTable(
        "paid_once_refund",
        title=N_("Refunds of memberships paid once"),
        rows="FROM paid_once_refund WHERE gift = ANY(:things) OR term = ANY(:things)",
        plain="id gift term amount ends_now at settled_at reviewed_at",
        codes="currency status stripe_id",
        staff="by reviewed_by",
        personal="reason",
        erased="memberships.erasure.erase_agreements",
    ),
    DataTable(
        "paid_period",
        title=N_("Paid periods"),
        rows="FROM paid_period WHERE subscription = ANY(:things)",
        plain=(
            "id subscription starts_at ends_at amount paid_at plan_version net_amount net_price is_partial is_opening"
        ),
        codes="invoice currency tax_country",
        shops="tax_note taxes",
    ),
    DataTable(
        "paid_term",
        title=N_("Memberships paid once"),
        rows="FROM paid_term WHERE payer = :person",
        leads_on=True,
        plain="id plan_version created_at paid_at lapsed_at ordered_at net_amount off",
        codes="tax_country",
        shops="tax_note taxes",
        pointer="payer",
    ),
    DataTable(
        "pause",
        title=N_("Pauses"),
        rows="FROM pause WHERE subscription = ANY(:things)",
        plain="id subscription from_at until_at begun_at ended_at asked_at paid_left arranged_at returning_at",
    ),
    DataTable(
        "plan",
        plain="id position is_offered created_at trial_days seats is_giftable guarantees_fee places",
        shops="slug name summary trial_ends tax_category",
    ),
    DataTable(
        "plan_place",
        title=N_("Places you have asked for"),
        rows="FROM plan_place WHERE person = :person",
        plain="id plan asked_at offered_at held_until ended_at",
        codes="kind why_ended",
        pointer="person",
    ),
    DataTable(
        "plan_benefit",
        plain="id plan benefit position from_at until_at",
    ),
    DataTable(
        "plan_change",
        title=N_("Changes of plan"),
        rows="FROM plan_change WHERE subscription = ANY(:things)",
        plain=(
            "id subscription to_version is_now keeps_length proration_at amount asked_at due_at confirm_until "
            "applied_at dropped_at"
        ),
        codes="currency why_dropped",
    ),
    DataTable(
        "plan_variant",
        plain="id plan without benefit made_at",
    ),
    DataTable(
        "plan_version",
        plain="id plan price interval_count is_once from_at until_at net_of variant",
        shops="currency interval",
    ),
    DataTable(
        "price_migration",
        plain="id plan to_version from_at notice_days made_at stopped_at",
        staff="made_by",
    ),
    DataTable(
        "price_move",
        title=N_("Changes of price"),
        rows="FROM price_move WHERE subscription = ANY(:things)",
        plain="id migration subscription told_at renews_at moved_at",
    ),
    DataTable(
        "fee_tax_move",
        title=N_("Fees with and without tax"),
        rows="FROM fee_tax_move WHERE subscription = ANY(:things)",
        plain="id subscription is_net told_at renews_at moved_at from_version",
    ),
    DataTable(
        "refused_trial",
        title=N_("Trials that were not given"),
        rows="FROM refused_trial WHERE subscription = ANY(:things)",
        plain="subscription at",
        codes="why",
    ),
    DataTable(
        "seat",
        title=N_("Household"),
        rows="FROM seat WHERE payer = :person OR holder = :person OR :email <> '' AND email = :email",
        plain="id source_id offered_at taken_at ended_at",
        pointer="payer holder",
        personal="email",
        erased="memberships.grants.seats.erase_person",
    ),
    DataTable(
        "spend_rule",
        plain="id plan threshold months made_at ended_at",
        shops="currency",
        staff="made_by",
    ),
    DataTable(
        "cancel_attempt",
        title=N_("When you cancelled, and why"),
        rows="FROM cancel_attempt WHERE person = :person",
        plain="id subscription by_staff at request withdrawn_at",
        codes="reason",
        pointer="person",
        personal="words",
        erased="memberships.erasure.erase_agreements",
    ),
    DataTable(
        "save_offer",
        plain="id percent_bp payments every_months to_plan made_at ended_at is_tried",
        codes="reason kind",
        staff="made_by ended_by",
    ),
    DataTable(
        "save_offer_shown",
        title=N_("Offers you have seen"),
        rows="FROM save_offer_shown WHERE person = :person",
        plain="id offer subscription shown_at seen_at accepted_at",
        pointer="person",
    ),
    DataTable(
        "subscription",
        title=N_("Subscriptions"),
        rows="FROM subscription WHERE payer = :person",
        leads_on=True,
        plain=(
            "id plan_version attempt created_at started_at current_period_start current_period_end past_due_since "
            "cancel_at ended_at late_by late_moved_at ordered_at"
        ),
        codes="status cancel_reason order_country order_region",
        pointer="payer",
    ),
    DataTable(
        "trial",
        title=N_("Trials"),
        rows="FROM trial WHERE person = :person",
        plain="id subscription at",
        pointer="person",
        kept="email_key card",
        why=(
            "fairness: one trial a person. A digest of the mailbox and Stripe’s fingerprint of the card, from which "
            "neither can be read; 3 years after an erasure they go"
        ),
        periods=(Period("3 years, once the person is erased", sql=_FORGET_TRIALS, days=1095),),
    ),
)
