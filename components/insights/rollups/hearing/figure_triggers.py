"""What is queued when rows change: functions of triggers, of which most are on tables of other components."""

FUNCTIONS: tuple[str, ...] = (
    """CREATE FUNCTION figure_order_moved() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         INSERT INTO figure_day_change (at) SELECT at FROM (
           SELECT NEW.paid_at AS at UNION SELECT at FROM insights_refunds WHERE order_id = NEW.id) days
           WHERE at IS NOT NULL;
         RETURN NULL;
       END $$""",
    """CREATE FUNCTION figure_buyer_changed() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         INSERT INTO figure_buyer_change (person) SELECT DISTINCT person FROM (VALUES
           (CASE WHEN TG_OP <> 'INSERT' AND OLD.paid_at IS NOT NULL THEN OLD.person END),
           (CASE WHEN TG_OP <> 'DELETE' AND NEW.paid_at IS NOT NULL THEN NEW.person END)) v (person)
           WHERE person IS NOT NULL;
         RETURN NULL;
       END $$""",
    """CREATE FUNCTION figure_member_changed() RETURNS trigger LANGUAGE plpgsql AS $$
       DECLARE holders uuid[];
       BEGIN
         holders := ARRAY(SELECT DISTINCT person FROM (VALUES
           (CASE WHEN TG_OP <> 'INSERT' AND OLD.source <> 'free' THEN OLD.holder END),
           (CASE WHEN TG_OP <> 'DELETE' AND NEW.source <> 'free' THEN NEW.holder END)) v (person)
           WHERE person IS NOT NULL);
         INSERT INTO figure_payer_change (person) SELECT unnest(holders);
         INSERT INTO figure_buyer_change (person) SELECT unnest(holders);
         RETURN NULL;
       END $$""",
    """CREATE FUNCTION figure_trial_changed() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         INSERT INTO figure_payer_change (person) SELECT DISTINCT holder FROM insights_memberships
           WHERE source_id = NEW.id;
         RETURN NULL;
       END $$""",
    """CREATE FUNCTION figure_people_changed() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         INSERT INTO figure_payer_change (person) SELECT DISTINCT person FROM changed;
         RETURN NULL;
       END $$""",
    """CREATE TRIGGER movement_is_counted AFTER INSERT ON movement REFERENCING NEW TABLE AS changed
       FOR EACH STATEMENT EXECUTE FUNCTION figure_people_changed()""",
    """CREATE TRIGGER movement_counts_no_more AFTER DELETE ON movement REFERENCING OLD TABLE AS changed
       FOR EACH STATEMENT EXECUTE FUNCTION figure_people_changed()""",
    """CREATE FUNCTION figure_everybody_changed() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         PERFORM pg_advisory_xact_lock(hashtextextended('kept figures', 0));
         DELETE FROM figure_state;
         RETURN NULL;
       END $$""",
    """CREATE TRIGGER movement_epoch_begins AFTER INSERT ON movement_epoch
       FOR EACH STATEMENT EXECUTE FUNCTION figure_everybody_changed()""",
    """CREATE FUNCTION figure_payer_changed() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF TG_OP <> 'DELETE' AND NEW.started_at IS NOT NULL THEN
           INSERT INTO figure_payer_change (person) VALUES (NEW.payer);
         END IF;
         IF TG_OP = 'DELETE' OR TG_OP = 'UPDATE' AND OLD.payer <> NEW.payer THEN
           INSERT INTO figure_payer_change (person) VALUES (OLD.payer);
         END IF;
         RETURN NULL;
       END $$""",
    """CREATE FUNCTION figure_fees_changed() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         INSERT INTO figure_payer_change (person) SELECT DISTINCT s.payer FROM insights_subscriptions s
           JOIN changed ON changed.subscription = s.id;
         INSERT INTO figure_day_change (at) SELECT DISTINCT i.failed_at FROM insights_invoices i
           JOIN changed ON changed.subscription = i.local_id WHERE i.failed_at IS NOT NULL
             AND i.created_at > changed.starts_at AND i.stripe_id <> changed.invoice;
         RETURN NULL;
       END $$""",
    """CREATE FUNCTION figure_renewals_changed() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         INSERT INTO figure_payer_change (person) SELECT payer FROM insights_subscriptions
           WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.subscription ELSE NEW.subscription END;
         IF TG_TABLE_NAME = 'paid_period' THEN
           INSERT INTO figure_day_change (at) SELECT DISTINCT failed_at FROM insights_invoices
             WHERE local_id = NEW.subscription AND failed_at IS NOT NULL;
         END IF;
         RETURN NULL;
       END $$""",
    """CREATE FUNCTION figure_instant_changed() RETURNS trigger LANGUAGE plpgsql AS $$
       DECLARE before timestamptz; now_at timestamptz;
       BEGIN
         IF TG_OP <> 'INSERT' THEN before := to_jsonb(OLD) ->> TG_ARGV[0]; END IF;
         IF TG_OP <> 'DELETE' THEN now_at := to_jsonb(NEW) ->> TG_ARGV[0]; END IF;
         INSERT INTO figure_day_change (at) SELECT DISTINCT at FROM (VALUES (before), (now_at)) v (at)
           WHERE at IS NOT NULL;
         RETURN NULL;
       END $$""",
    """CREATE FUNCTION figure_lot_changed() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         INSERT INTO figure_day_change (at) SELECT given_at FROM insights_credit_lots l WHERE l.id = NEW.lot
           AND EXISTS (SELECT FROM insights_ledger_entries e
             WHERE e.posting = NEW.posting AND e.lot = NEW.lot AND e.amount = NEW.amount
             AND e.account_kind IN ('cashback_given', 'credit_given', 'expired'));
         RETURN NULL;
       END $$""",
    """CREATE FUNCTION figure_holding_changed() RETURNS trigger LANGUAGE plpgsql AS $$
       DECLARE since timestamptz; holders uuid[];
       BEGIN
         IF TG_OP = 'UPDATE' AND (OLD.holder, OLD.plan, OLD.source, OLD.starts_at)
            IS NOT DISTINCT FROM (NEW.holder, NEW.plan, NEW.source, NEW.starts_at) THEN
           IF OLD.ends_at IS NOT DISTINCT FROM NEW.ends_at THEN RETURN NULL; END IF;
           since := least(OLD.ends_at, NEW.ends_at);
           holders := ARRAY[NEW.holder];
         ELSIF TG_OP = 'UPDATE' THEN
           since := least(OLD.starts_at, NEW.starts_at);
           holders := ARRAY[OLD.holder, NEW.holder];
         ELSIF TG_OP = 'INSERT' THEN
           since := NEW.starts_at;
           holders := ARRAY[NEW.holder];
         ELSE
           since := OLD.starts_at;
           holders := ARRAY[OLD.holder];
         END IF;
         since := least(since, (SELECT min(paid_at) FROM insights_orders
           WHERE person = ANY(holders) AND joined_with = coalesce(NEW.source_id, OLD.source_id)));
         INSERT INTO figure_day_change (at)
           SELECT paid_at FROM insights_orders WHERE person = ANY(holders) AND paid_at >= since
           UNION SELECT at FROM insights_benefit_uses WHERE person = ANY(holders) AND at >= since
           UNION SELECT given_at FROM insights_credit_lots WHERE person = ANY(holders) AND given_at >= since
           UNION SELECT edge FROM (VALUES (OLD.starts_at), (OLD.ends_at), (NEW.starts_at), (NEW.ends_at)) e (edge)
             WHERE edge IS NOT NULL;
         RETURN NULL;
       END $$""",
)
