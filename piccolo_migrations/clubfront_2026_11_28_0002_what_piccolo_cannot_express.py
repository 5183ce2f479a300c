"""What Piccolo cannot express: partial indexes, checks between columns, triggers, functions and sequences.

In a file of their own after the tables: within one migration Piccolo runs `add_raw` before it adds tables.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-28T00:00:02:000000"
VERSION = "1.38.0"
DESCRIPTION = "Indexes, checks, triggers, functions and sequences of version 1"

STATEMENTS = (
    # foundation
    """CREATE FUNCTION holds(from_at timestamptz, until_at timestamptz, at timestamptz) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT from_at <= at AND (until_at IS NULL OR until_at > at) $$""",
    """CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME; END $$""",
    """CREATE TRIGGER announced_fact_is_append_only BEFORE UPDATE OR DELETE ON announced_fact
       FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER audit_entry_is_append_only BEFORE UPDATE OR DELETE ON audit_entry
       FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    "CREATE VIEW insights_facts AS SELECT id, name, body, announced_at FROM announced_fact",
    "CREATE VIEW insights_jobs AS SELECT id, task_name, args, status FROM procrastinate_jobs",
    # people
    "ALTER TABLE operator ADD CONSTRAINT operator_role CHECK (role IN ('owner', 'staff'))",
    "CREATE UNIQUE INDEX address_one_default ON address (person) WHERE is_default",
    "CREATE INDEX session_expiry ON session (expires_at)",
    "CREATE INDEX rate_limit_window_age ON rate_limit_window (changed_at)",
    "CREATE VIEW insights_people AS SELECT id, name, email, created_at, erased_at FROM person",
    "CREATE VIEW memberships_people AS SELECT id, name, email, erased_at FROM person",
    "CREATE VIEW insights_api_keys AS SELECT id, name FROM api_key",
    # catalog
    "ALTER TABLE product ADD CONSTRAINT product_status_is_known CHECK (status IN ('draft', 'active', 'archived'))",
    "ALTER TABLE variant ADD CONSTRAINT variant_prices CHECK (price >= 0 AND compare_at >= 0 AND sale_price >= 0)",
    "ALTER TABLE variant ADD CONSTRAINT variant_reserved CHECK (reserved >= 0)",
    """ALTER TABLE variant ADD CONSTRAINT variant_stock
       CHECK (NOT tracks_stock OR sells_when_out OR (on_hand >= 0 AND reserved <= on_hand))""",
    """ALTER TABLE variant ADD CONSTRAINT variant_early
       CHECK (early_taken >= 0 AND early_allotment >= 0 AND early_taken <= early_allotment)""",
    """ALTER TABLE stock_movement ADD CONSTRAINT stock_movement_kind
       CHECK (kind IN ('opening', 'adjustment', 'sold', 'restocked'))""",
    "ALTER TABLE reservation ADD CONSTRAINT reservation_quantity CHECK (quantity > 0)",
    """ALTER TABLE sale_price ADD CONSTRAINT sale_price_is_one CHECK (
       scope_kind IN ('collection', 'variant') AND cardinality(scope_ids) > 0
       AND ((discount_type = 'percent' AND value BETWEEN 1 AND 9999) OR (discount_type = 'explicit' AND value > 0)))""",
    "ALTER TABLE sale_price ADD CONSTRAINT sale_price_ends_after_it_begins CHECK (until_at > from_at)",
    "CREATE UNIQUE INDEX collection_product_once ON collection_product (collection, product)",
    "CREATE UNIQUE INDEX reservation_running ON reservation (because_of, variant) WHERE ended_at IS NULL",
    "CREATE INDEX reservation_until ON reservation (until) WHERE ended_at IS NULL",
    "CREATE INDEX price_record_of_variant ON price_record (variant, at)",
    "CREATE INDEX picture_by_path ON picture (path)",
    """CREATE FUNCTION catalogue_product_changed() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         PERFORM pg_notify('catalogue', (CASE WHEN TG_OP = 'DELETE' THEN OLD.id ELSE NEW.id END)::text);
         RETURN NULL;
       END $$""",
    """CREATE FUNCTION catalogue_part_changed() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         PERFORM pg_notify('catalogue', (CASE WHEN TG_OP = 'DELETE' THEN OLD.product ELSE NEW.product END)::text);
         RETURN NULL;
       END $$""",
    """CREATE FUNCTION catalogue_collection_changed() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         PERFORM pg_notify('catalogue', 'collections');
         RETURN NULL;
       END $$""",
    """CREATE TRIGGER product_changed AFTER INSERT OR UPDATE OR DELETE ON product
       FOR EACH ROW EXECUTE FUNCTION catalogue_product_changed()""",
    """CREATE TRIGGER variant_changed AFTER INSERT OR UPDATE OR DELETE ON variant
       FOR EACH ROW EXECUTE FUNCTION catalogue_part_changed()""",
    """CREATE TRIGGER picture_changed AFTER INSERT OR UPDATE OR DELETE ON picture
       FOR EACH ROW EXECUTE FUNCTION catalogue_part_changed()""",
    """CREATE TRIGGER collection_product_changed AFTER INSERT OR UPDATE OR DELETE ON collection_product
       FOR EACH ROW EXECUTE FUNCTION catalogue_part_changed()""",
    """CREATE FUNCTION catalogue_sale_changed() RETURNS trigger LANGUAGE plpgsql AS $$
       DECLARE
         affected record;
       BEGIN
         FOR affected IN
           SELECT DISTINCT s.kind, s.id FROM (
             SELECT NEW.scope_kind AS kind, unnest(NEW.scope_ids) AS id
             UNION ALL SELECT OLD.scope_kind, unnest(OLD.scope_ids) WHERE TG_OP = 'UPDATE') s
         LOOP
           PERFORM pg_notify('catalogue', affected.kind || ':' || affected.id::text);
         END LOOP;
         RETURN NULL;
       END $$""",
    """CREATE TRIGGER sale_price_changed AFTER INSERT OR UPDATE ON sale_price
       FOR EACH ROW EXECUTE FUNCTION catalogue_sale_changed()""",
    """CREATE TRIGGER collection_changed AFTER INSERT OR UPDATE OR DELETE ON collection
       FOR EACH STATEMENT EXECUTE FUNCTION catalogue_collection_changed()""",
    """ALTER TABLE early_units ADD CONSTRAINT early_units_come_back_once CHECK (quantity > 0
       AND bought BETWEEN 0 AND quantity AND returned BETWEEN 0 AND quantity AND refunded BETWEEN 0 AND bought)""",
    "ALTER TABLE early_count ADD CONSTRAINT early_count_is_not_negative CHECK (units >= 0)",
    "CREATE INDEX early_units_of_person ON early_units (person) WHERE person IS NOT NULL",
    """CREATE VIEW insights_products AS
       SELECT id, slug, title, status, public_from, members_only, changed_at FROM product""",
    """CREATE VIEW insights_variants AS
       SELECT id, product, title, options, position, on_hand, reserved, tracks_stock, sells_when_out, withdrawn_at
       FROM variant""",
    "CREATE VIEW insights_collections AS SELECT id, title FROM collection",
    "CREATE VIEW insights_collection_products AS SELECT collection, product FROM collection_product",
    "CREATE VIEW insights_sales AS SELECT id, name FROM sale_price",
    """CREATE VIEW insights_reservations AS
       SELECT variant, quantity, counted, because_of, until, ended_at, ended_as FROM reservation""",
    "CREATE VIEW insights_stock_movements AS SELECT variant, change, kind, because_of, at FROM stock_movement",
    # ledger
    "CREATE SEQUENCE ledger_turn",
    """ALTER TABLE ledger_account ADD CONSTRAINT ledger_balance_is_on_its_side CHECK (
       person IS NULL OR CASE WHEN kind = 'owed' THEN balance <= 0 ELSE balance >= 0 END)""",
    """ALTER TABLE ledger_account ADD CONSTRAINT ledger_account_kind CHECK (kind IN ('cashback_pending', 'cashback',
       'store_credit', 'reserved', 'owed', 'cashback_given', 'credit_given', 'spent', 'expired'))""",
    """ALTER TABLE ledger_lot ADD CONSTRAINT ledger_lot_is_not_negative
       CHECK (amount > 0 AND pending >= 0 AND remaining >= 0 AND kind IN ('cashback', 'store_credit'))""",
    "ALTER TABLE ledger_entry ADD CONSTRAINT ledger_entry_moves_something CHECK (amount <> 0)",
    """CREATE UNIQUE INDEX ledger_account_of_person ON ledger_account (person, kind, currency)
       WHERE person IS NOT NULL""",
    "CREATE UNIQUE INDEX ledger_account_of_shop ON ledger_account (kind, currency) WHERE person IS NULL",
    "CREATE INDEX ledger_posting_of_person ON ledger_posting (person, at)",
    "CREATE INDEX ledger_lot_to_spend ON ledger_lot (person, expires_at) WHERE remaining > 0",
    "CREATE INDEX ledger_lot_due ON ledger_lot (due_at) WHERE pending > 0",
    "CREATE INDEX ledger_lot_expiring ON ledger_lot (expires_at) WHERE remaining > 0",
    """CREATE FUNCTION ledger_posting_sums_to_zero() RETURNS trigger LANGUAGE plpgsql AS $$
       DECLARE which uuid; found bigint; sides bigint; currencies bigint;
       BEGIN
         IF TG_TABLE_NAME = 'ledger_posting' THEN which := NEW.id; ELSE which := NEW.posting; END IF;
         SELECT sum(e.amount), count(*), count(DISTINCT a.currency) INTO found, sides, currencies
           FROM ledger_entry e JOIN ledger_account a ON a.id = e.account WHERE e.posting = which;
         IF sides < 2 OR found <> 0 OR currencies <> 1 THEN
           RAISE EXCEPTION 'posting % does not sum to zero', which USING ERRCODE = 'check_violation';
         END IF;
         RETURN NULL;
       END $$""",
    """CREATE CONSTRAINT TRIGGER ledger_posting_sums_to_zero AFTER INSERT ON ledger_posting
       DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_posting_sums_to_zero()""",
    """CREATE CONSTRAINT TRIGGER ledger_entry_sums_to_zero AFTER INSERT ON ledger_entry
       DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_posting_sums_to_zero()""",
    """CREATE FUNCTION ledger_balances_follow() RETURNS trigger LANGUAGE plpgsql AS $$
       DECLARE of_kind text;
       BEGIN
         UPDATE ledger_account SET balance = balance + NEW.amount
           WHERE id = NEW.account AND person IS NOT NULL RETURNING kind INTO of_kind;
         IF of_kind = 'cashback_pending' THEN
           UPDATE ledger_lot SET pending = pending + NEW.amount WHERE id = NEW.lot;
         ELSIF of_kind IN ('cashback', 'store_credit') THEN
           UPDATE ledger_lot SET remaining = remaining + NEW.amount WHERE id = NEW.lot;
         END IF;
         RETURN NULL;
       END $$""",
    """CREATE TRIGGER ledger_balances_follow AFTER INSERT ON ledger_entry
       FOR EACH ROW EXECUTE FUNCTION ledger_balances_follow()""",
    """CREATE TRIGGER ledger_posting_is_append_only BEFORE UPDATE OR DELETE ON ledger_posting
       FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER ledger_entry_is_append_only BEFORE UPDATE OR DELETE ON ledger_entry
       FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    "CREATE VIEW insights_credit_lots AS SELECT id, person, benefit, given_at FROM ledger_lot",
    "CREATE VIEW insights_ledger_postings AS SELECT id, kind, person, because_of, at FROM ledger_posting",
    """CREATE VIEW insights_ledger_entries AS
       SELECT e.posting, e.lot, a.kind AS account_kind, e.amount
       FROM ledger_entry e JOIN ledger_account a ON a.id = e.account""",
    # payments
    """ALTER TABLE checkout_session ADD CONSTRAINT checkout_session_purpose
       CHECK (purpose IN ('order', 'joining', 'card', 'term', 'gift'))""",
    """ALTER TABLE checkout_session ADD CONSTRAINT checkout_session_status
       CHECK (status IN ('creating', 'open', 'complete', 'expired'))""",
    """CREATE UNIQUE INDEX checkout_session_one_open ON checkout_session (purpose, reference_id)
       WHERE status IN ('creating', 'open') AND replaced_at IS NULL""",
    """CREATE UNIQUE INDEX checkout_session_one_per_intent ON checkout_session (payment_intent)
       WHERE payment_intent IS NOT NULL""",
    "CREATE INDEX inbox_event_waiting ON inbox_event (received_at) WHERE handled_at IS NULL",
    "ALTER TABLE requested_refund ADD CONSTRAINT requested_refund_is_positive CHECK (amount > 0)",
    """CREATE VIEW insights_checkout_sessions AS
       SELECT id, purpose, reference_id, along, along_amount, amount, currency, status, paid_at
       FROM checkout_session""",
    """CREATE VIEW insights_payments AS
       SELECT stripe_id, reference_id, purpose, status, received, currency FROM mirrored_payment""",
    "CREATE VIEW insights_payment_events AS SELECT id, type, received_at, handled_at, parked_at FROM inbox_event",
    "CREATE VIEW insights_payment_mismatches AS SELECT id, found_at, settled_at FROM mismatch",
    # rewards
    """ALTER TABLE gift ADD CONSTRAINT gift_is_claimed_with_an_order
       CHECK (claimed_at IS NULL OR (order_id IS NOT NULL AND chosen IS NOT NULL))""",
    """ALTER TABLE gift ADD CONSTRAINT gift_is_not_claimed_and_withdrawn
       CHECK (withdrawn_at IS NULL OR claimed_at IS NULL)""",
    "CREATE INDEX gift_waiting ON gift (person) WHERE claimed_at IS NULL AND withdrawn_at IS NULL",
    "CREATE UNIQUE INDEX partner_code_once ON partner_code (benefit, code)",
    "CREATE UNIQUE INDEX partner_code_one_each ON partner_code (benefit, person) WHERE person IS NOT NULL",
    "CREATE INDEX partner_code_left ON partner_code (benefit, position) WHERE person IS NULL",
    """ALTER TABLE partner_code ADD CONSTRAINT partner_code_is_claimed_by_somebody
       CHECK ((person IS NULL) = (claimed_at IS NULL))""",
    """CREATE VIEW insights_gifts AS
       SELECT id, person, benefit, given_at, chosen, order_id, claimed_at, withdrawn_at FROM gift""",
    "CREATE VIEW insights_partner_codes AS SELECT benefit, person, claimed_at FROM partner_code",
    "CREATE VIEW insights_perk_uses AS SELECT benefit, person, at, undone_at FROM perk_use",
    # pricing
    """ALTER TABLE coupon ADD CONSTRAINT coupon_is_one CHECK (
       (discount_type = 'percent' AND value BETWEEN 1 AND 9999) OR (discount_type = 'amount' AND value > 0)
       OR discount_type = 'free_delivery')""",
    "ALTER TABLE coupon ADD CONSTRAINT coupon_is_not_used_too_often CHECK (used >= 0 AND used <= limit_total)",
    "ALTER TABLE coupon ADD CONSTRAINT coupon_ends_after_it_begins CHECK (until_at > from_at)",
    """ALTER TABLE coupon ADD CONSTRAINT coupon_is_for_something
       CHECK (scope_kind = 'everything' OR cardinality(scope_ids) > 0)""",
    """ALTER TABLE coupon_use ADD CONSTRAINT coupon_use_state_is_known
       CHECK (state IN ('reserved', 'used', 'returned', 'late'))""",
    "CREATE INDEX coupon_use_of_coupon ON coupon_use (coupon)",
    "CREATE INDEX coupon_use_of_person ON coupon_use (person) WHERE person IS NOT NULL",
    "CREATE INDEX coupon_use_of_email ON coupon_use (coupon, email) WHERE email <> ''",
    "CREATE VIEW insights_coupons AS SELECT id, code FROM coupon",
    # memberships
    "ALTER TABLE plan_version ADD CONSTRAINT plan_version_price CHECK (price >= 0 AND interval_count > 0)",
    """ALTER TABLE plan_version ADD CONSTRAINT plan_version_interval
       CHECK (interval IN ('week', 'month', 'year', 'life'))""",
    """ALTER TABLE subscription ADD CONSTRAINT subscription_status CHECK (status IN ('pending', 'incomplete',
       'trialing', 'active', 'past_due', 'paused', 'unpaid', 'cancelled', 'lapsed'))""",
    """ALTER TABLE membership ADD CONSTRAINT membership_source
       CHECK (source IN ('subscription', 'comp', 'free', 'gift', 'term', 'seat', 'earned'))""",
    "ALTER TABLE membership ADD CONSTRAINT membership_dates CHECK (ends_at IS NULL OR ends_at >= starts_at)",
    "ALTER TABLE entitlement ADD CONSTRAINT entitlement_dates CHECK (until_at IS NULL OR until_at >= from_at)",
    "ALTER TABLE paid_period ADD CONSTRAINT paid_period_dates CHECK (ends_at > starts_at)",
    """ALTER TABLE plan ADD CONSTRAINT plan_terms CHECK (trial_days BETWEEN 0 AND 730 AND seats BETWEEN 0 AND 20
       AND trial_ends IN ('card', 'cancel', 'pause', 'create_invoice'))""",
    """ALTER TABLE plan_version ADD CONSTRAINT plan_version_life
       CHECK (interval <> 'life' OR is_once OR price = 0)""",
    "CREATE UNIQUE INDEX plan_version_open ON plan_version (plan) WHERE until_at IS NULL",
    "CREATE UNIQUE INDEX benefit_version_open ON benefit_version (benefit) WHERE until_at IS NULL",
    "CREATE UNIQUE INDEX plan_benefit_open ON plan_benefit (plan, benefit) WHERE until_at IS NULL",
    """CREATE UNIQUE INDEX subscription_running_once ON subscription (payer)
       WHERE status NOT IN ('cancelled', 'lapsed')""",
    "CREATE UNIQUE INDEX membership_open_once ON membership (holder, plan, source) WHERE ends_at IS NULL",
    "CREATE UNIQUE INDEX paid_period_once ON paid_period (subscription, starts_at)",
    "CREATE INDEX membership_at ON membership (holder, starts_at, ends_at)",
    "CREATE INDEX membership_ending ON membership (ends_at) WHERE end_announced_at IS NULL AND ends_at IS NOT NULL",
    "CREATE INDEX entitlement_at ON entitlement (person, from_at, until_at)",
    """CREATE FUNCTION plan_version_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF (OLD.plan, OLD.price, OLD.currency, OLD.interval, OLD.interval_count, OLD.is_once, OLD.from_at)
            IS DISTINCT FROM
            (NEW.plan, NEW.price, NEW.currency, NEW.interval, NEW.interval_count, NEW.is_once, NEW.from_at) THEN
           RAISE EXCEPTION 'the price of a plan version never changes';
         END IF;
         RETURN NEW;
       END $$""",
    """CREATE TRIGGER plan_version_is_kept BEFORE UPDATE ON plan_version
       FOR EACH ROW EXECUTE FUNCTION plan_version_is_kept()""",
    """CREATE TRIGGER benefit_use_is_append_only BEFORE UPDATE OR DELETE ON benefit_use
       FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE FUNCTION plans_changed() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN PERFORM pg_notify('plans', ''); RETURN NULL; END $$""",
    """CREATE TRIGGER plan_changed AFTER INSERT OR UPDATE OR DELETE ON plan
       FOR EACH STATEMENT EXECUTE FUNCTION plans_changed()""",
    """CREATE TRIGGER plan_version_changed AFTER INSERT OR UPDATE OR DELETE ON plan_version
       FOR EACH STATEMENT EXECUTE FUNCTION plans_changed()""",
    """CREATE TRIGGER benefit_changed AFTER INSERT OR UPDATE OR DELETE ON benefit
       FOR EACH STATEMENT EXECUTE FUNCTION plans_changed()""",
    """CREATE TRIGGER benefit_version_changed AFTER INSERT OR UPDATE OR DELETE ON benefit_version
       FOR EACH STATEMENT EXECUTE FUNCTION plans_changed()""",
    """CREATE TRIGGER plan_benefit_changed AFTER INSERT OR UPDATE OR DELETE ON plan_benefit
       FOR EACH STATEMENT EXECUTE FUNCTION plans_changed()""",
    "CREATE UNIQUE INDEX seat_offered_once ON seat (source_id, email) WHERE ended_at IS NULL",
    "CREATE UNIQUE INDEX seat_held_once ON seat (source_id, holder) WHERE ended_at IS NULL AND holder IS NOT NULL",
    """CREATE UNIQUE INDEX plan_change_open ON plan_change (subscription)
       WHERE applied_at IS NULL AND dropped_at IS NULL""",
    "CREATE UNIQUE INDEX pause_open ON pause (subscription) WHERE ended_at IS NULL",
    "CREATE UNIQUE INDEX price_migration_open ON price_migration (plan) WHERE stopped_at IS NULL",
    "CREATE UNIQUE INDEX spend_rule_open ON spend_rule (plan) WHERE ended_at IS NULL",
    "CREATE UNIQUE INDEX paid_term_waiting_once ON paid_term (payer) WHERE paid_at IS NULL AND lapsed_at IS NULL",
    "ALTER TABLE spend_rule ADD CONSTRAINT spend_rule_sense CHECK (threshold > 0 AND months BETWEEN 1 AND 60)",
    """ALTER TABLE gift_membership ADD CONSTRAINT gift_membership_redeemed_by
       CHECK ((redeemed_at IS NULL) = (redeemed_by IS NULL))""",
    """ALTER TABLE gift_membership ADD CONSTRAINT gift_membership_kept_or_refunded
       CHECK (redeemed_at IS NULL OR refunded_at IS NULL)""",
    "ALTER TABLE pause ADD CONSTRAINT pause_dates CHECK (until_at > from_at)",
    "CREATE INDEX gift_membership_to_send ON gift_membership (send_at) WHERE paid_at IS NOT NULL AND sent_at IS NULL",
    "CREATE VIEW insights_plans AS SELECT id, slug, name, position FROM plan",
    """CREATE VIEW insights_plan_versions AS
       SELECT id, plan, price, currency, interval, interval_count, is_once, from_at, until_at FROM plan_version""",
    "CREATE VIEW insights_benefits AS SELECT id, kind, name FROM benefit",
    "CREATE VIEW insights_benefit_versions AS SELECT benefit, settings, from_at, until_at FROM benefit_version",
    "CREATE VIEW insights_plan_benefits AS SELECT plan, benefit, from_at, until_at FROM plan_benefit",
    """CREATE VIEW insights_subscriptions AS
       SELECT s.id, s.payer, s.status, s.created_at, s.started_at, s.cancel_at, s.cancel_reason, s.ended_at,
       v.plan, v.price, v.currency, v.interval, v.interval_count
       FROM subscription s JOIN plan_version v ON v.id = s.plan_version""",
    """CREATE VIEW insights_memberships AS
       SELECT id, holder, plan, source, source_id, starts_at, ends_at FROM membership""",
    """CREATE VIEW insights_paid_periods AS
       SELECT subscription, starts_at, ends_at, amount, currency, paid_at FROM paid_period""",
    "CREATE VIEW insights_trials AS SELECT person, subscription, at FROM trial",
    """CREATE VIEW insights_benefit_uses AS
       SELECT person, benefit, order_id, kind, regular, paid, currency, at FROM benefit_use""",
    # orders
    "CREATE SEQUENCE order_number START 10001",
    """ALTER TABLE orders
       ADD CONSTRAINT order_amounts_are_not_negative CHECK (
           goods >= 0 AND member_savings >= 0 AND delivery >= 0 AND delivery_saved >= 0 AND tax >= 0 AND total >= 0),
       ADD CONSTRAINT order_credit_is_part_of_its_total CHECK (credit BETWEEN 0 AND total),
       ADD CONSTRAINT order_delivery_is_list_less_benefit CHECK (delivery = delivery_list - delivery_saved),
       ADD CONSTRAINT order_ships_once_paid CHECK (fulfilled_at IS NULL OR paid_at IS NOT NULL),
       ADD CONSTRAINT order_is_not_paid_and_cancelled CHECK (cancelled_at IS NULL OR paid_at IS NULL)""",
    "ALTER TABLE order_line ADD CONSTRAINT order_line_has_units CHECK (quantity > 0 AND unit >= 0 AND saved >= 0)",
    "ALTER TABLE order_line ADD CONSTRAINT order_line_coupon_is_part_of_it CHECK (coupon >= 0 AND total >= 0)",
    "ALTER TABLE orders ADD CONSTRAINT order_coupon_has_its_code CHECK (coupon = 0 OR coupon_code <> '')",
    "ALTER TABLE refund ADD CONSTRAINT refund_is_of_something CHECK (amount > 0 AND credit BETWEEN 0 AND amount)",
    'CREATE UNIQUE INDEX order_line_once_per_gift ON order_line ("order", gift) WHERE gift IS NOT NULL',
    "ALTER TABLE order_line ADD CONSTRAINT order_line_of_a_gift_is_free CHECK (gift IS NULL OR total = 0)",
    """ALTER TABLE refund ADD CONSTRAINT refund_status_is_known
       CHECK (status IN ('asked', 'pending', 'succeeded', 'failed'))""",
    "ALTER TABLE refund_line ADD CONSTRAINT refund_line_has_units CHECK (quantity > 0)",
    'CREATE INDEX order_line_by_order ON order_line ("order", position)',
    'CREATE INDEX refund_by_order ON refund ("order")',
    'CREATE INDEX order_note_by_order ON order_note ("order")',
    "CREATE INDEX orders_by_person ON orders (person, placed_at DESC) WHERE paid_at IS NOT NULL",
    "CREATE INDEX orders_awaiting_payment ON orders (expires_at) WHERE paid_at IS NULL AND cancelled_at IS NULL",
    "CREATE INDEX orders_to_ship ON orders (paid_at) WHERE paid_at IS NOT NULL AND fulfilled_at IS NULL",
    """CREATE INDEX orders_by_change
       ON orders (GREATEST(placed_at, paid_at, stock_taken_at, cancelled_at, fulfilled_at, flagged_at), id)""",
    'CREATE INDEX refund_by_change ON refund (GREATEST(at, settled_at), "order")',
    "CREATE INDEX orders_flagged ON orders (flagged_at) WHERE flagged_at IS NOT NULL",
    """CREATE VIEW insights_orders AS
       SELECT id, number, person, name, currency, goods, delivery_list, delivery_saved, delivery_method,
       delivery_benefit, tax_rate, tax_is_included, total, credit, payment_reference, placed_at, paid_at,
       stock_taken_at, cancelled_at, fulfilled_at, flagged_at FROM orders""",
    """CREATE VIEW insights_order_lines AS
       SELECT id, "order" AS order_id, position, variant_id, product_id, title, quantity, regular_unit, unit_cost,
       total, saved, coupon, gift, trace FROM order_line""",
    """CREATE VIEW insights_refunds AS
       SELECT id, "order" AS order_id, amount, credit, currency, status, at, settled_at FROM refund""",
    "CREATE VIEW insights_refund_lines AS SELECT refund, line, quantity, amount FROM refund_line",
    # content
    "ALTER TABLE article ADD CONSTRAINT article_gate CHECK (gate IN ('public', 'members') AND drip_days >= 0)",
    """CREATE VIEW insights_articles AS
       SELECT id, slug, title, teaser, body, gate, drip_days, published_at, changed_at FROM article""",
    # messaging
    "CREATE INDEX email_newest ON email (created_at DESC, id DESC)",
    "CREATE INDEX email_secrets_expiring ON email (secrets_until) WHERE secrets IS NOT NULL",
    "CREATE VIEW insights_emails AS SELECT id, key, template, created_at, sent_at, failed_at FROM email",
    # checkout
    "CREATE INDEX basket_token_by_basket ON basket_token (basket)",
    "CREATE UNIQUE INDEX one_basket_per_person ON basket (person) WHERE person IS NOT NULL",
    "ALTER TABLE basket_line ADD CONSTRAINT basket_line_has_units CHECK (quantity BETWEEN 1 AND 99)",
    "CREATE UNIQUE INDEX one_running_attempt_per_basket ON attempt (basket) WHERE ended_at IS NULL",
    "ALTER TABLE delivery_method ADD CONSTRAINT delivery_fee_is_not_negative CHECK (fee >= 0 AND free_from >= 0)",
    "ALTER TABLE tax_rate ADD CONSTRAINT tax_rate_is_a_share CHECK (rate_bp BETWEEN 0 AND 10000)",
    "CREATE VIEW insights_delivery_methods AS SELECT id, name FROM delivery_method",
    # insights
    """ALTER TABLE rule_draft ADD CONSTRAINT rule_draft_state
       CHECK (state IN ('draft', 'waiting', 'running', 'done', 'failed'))""",
    """ALTER TABLE rule_draft ADD CONSTRAINT rule_draft_share
       CHECK (cost_share BETWEEN 0 AND 10000 AND days > 0 AND done >= 0 AND total >= 0)""",
    "CREATE UNIQUE INDEX movement_turns ON movement (person, turn)",
    """ALTER TABLE movement ADD CONSTRAINT movement_kind CHECK (kind IN
       ('new', 'expansion', 'contraction', 'churn', 'reactivation', 'pause', 'resume'))""",
    "ALTER TABLE movement ADD CONSTRAINT movement_amount CHECK (amount <> 0 AND balance >= 0)",
    """CREATE TRIGGER movement_is_append_only BEFORE UPDATE OR DELETE ON movement
       FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    # product_files
    "CREATE UNIQUE INDEX imported_row_position ON imported_row (file, position)",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
