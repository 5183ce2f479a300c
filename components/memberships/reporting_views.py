"""What insights and segments read of memberships, and what insights hears of.

A subscription comes with the plan and the price that it bills.
"""

# Several taxes of one payment are one, as the rate that they are together. Of many payments, `taxes` is read instead.
_KEPT_TAX = """{0}.tax_country, {0}.taxes, (SELECT string_agg(DISTINCT one->>'name', ' + ')
           FROM jsonb_array_elements({0}.taxes) one) AS tax_name,
         (SELECT CASE WHEN bool_and(one->>'rate_bp' IS NOT NULL) IS NOT FALSE THEN
           coalesce(sum((one->>'rate_bp')::int), 0)::int END FROM jsonb_array_elements({0}.taxes) one) AS tax_rate_bp"""

VIEWS: tuple[str, ...] = (
    "CREATE VIEW campaigns_memberships AS SELECT holder, source, starts_at, ends_at, id, source_id FROM membership",
    "CREATE VIEW campaigns_seats AS SELECT id, holder, source_id, ended_at FROM seat WHERE holder IS NOT NULL",
    "CREATE VIEW campaigns_benefit_uses AS SELECT person, regular, paid, currency, at, reference FROM benefit_use",
    """CREATE VIEW campaigns_subscriptions AS
       SELECT id, payer, status, current_period_start, current_period_end, past_due_since, cancel_at, ended_at
       FROM subscription""",
    """CREATE VIEW experiments_joins AS
       SELECT holder AS person, starts_at FROM membership WHERE source IN ('subscription', 'term')""",
    """CREATE VIEW experiments_prices AS
       SELECT v.id, p.name AS plan, v.price, v.currency, b.name AS benefit,
         p.is_offered AND v.until_at IS NULL AS is_on_offer
       FROM plan_version v JOIN plan p ON p.id = v.plan LEFT JOIN plan_variant w ON w.id = v.variant
       LEFT JOIN benefit b ON b.id = w.benefit""",
    """CREATE VIEW experiments_subscriptions AS
       SELECT s.id, s.payer, coalesce(v.net_of, v.id) AS plan_version, s.started_at, s.ended_at, s.cancel_at,
         s.status NOT IN ('pending', 'incomplete', 'cancelled', 'lapsed') AS is_running
       FROM subscription s JOIN plan_version v ON v.id = s.plan_version""",
    """CREATE VIEW experiments_fees AS
       SELECT s.payer AS person, p.amount, p.currency, p.paid_at
       FROM paid_period p JOIN subscription s ON s.id = p.subscription WHERE NOT p.is_opening
       UNION ALL SELECT t.payer, v.price - t.off, v.currency, t.paid_at
       FROM paid_term t JOIN plan_version v ON v.id = t.plan_version WHERE t.paid_at IS NOT NULL""",
    "CREATE VIEW insights_plans AS SELECT id, slug, name, position FROM plan",
    """CREATE VIEW insights_plan_versions AS
       SELECT id, plan, price, currency, interval, interval_count, is_once, from_at, until_at, net_of
       FROM plan_version""",
    "CREATE VIEW insights_benefits AS SELECT id, kind, name FROM benefit",
    "CREATE VIEW insights_benefit_versions AS SELECT benefit, settings, from_at, until_at FROM benefit_version",
    "CREATE VIEW insights_plan_benefits AS SELECT plan, benefit, from_at, until_at FROM plan_benefit",
    """CREATE VIEW insights_subscriptions AS
       SELECT s.id, s.payer, s.status, s.created_at, s.started_at, s.cancel_at, s.cancel_reason, s.ended_at,
         s.past_due_since, s.plan_version, v.plan, v.price, v.currency, v.interval, v.interval_count,
         s.current_period_end,
         CASE WHEN s.late_moved_at IS NULL AND s.status NOT IN ('cancelled', 'lapsed')
           THEN coalesce(s.late_by, 0) ELSE 0 END AS unmoved
       FROM subscription s JOIN plan_version v ON v.id = s.plan_version""",
    """CREATE VIEW insights_memberships AS
       SELECT id, holder, plan, source, source_id, starts_at, ends_at FROM membership""",
    f"""CREATE VIEW insights_paid_periods AS
       SELECT subscription, invoice, starts_at, ends_at, amount, currency, paid_at, plan_version, net_amount,
         net_price, is_partial, id, is_opening, {_KEPT_TAX.format("p")} FROM paid_period p""",
    "CREATE VIEW insights_pauses AS SELECT subscription, begun_at, ended_at FROM pause",
    """CREATE VIEW insights_plan_changes AS
       SELECT subscription, to_version, is_now, due_at, applied_at, dropped_at FROM plan_change""",
    """CREATE VIEW insights_price_moves AS
       SELECT m.subscription, g.to_version, m.renews_at, m.moved_at, g.stopped_at
       FROM price_move m JOIN price_migration g ON g.id = m.migration""",
    """CREATE VIEW insights_paid_terms AS
       SELECT t.id, t.payer, v.plan, v.price - t.off AS price, v.currency, t.paid_at
       FROM paid_term t JOIN plan_version v ON v.id = t.plan_version WHERE t.paid_at IS NOT NULL""",
    """CREATE VIEW insights_membership_gifts AS
       SELECT g.id, g.buyer, v.plan, v.price, v.currency, g.paid_at, g.refunded_at, g.redeemed_at,
         g.voided_at, g.expires_at
       FROM gift_membership g JOIN plan_version v ON v.id = g.plan_version WHERE g.paid_at IS NOT NULL""",
    f"""CREATE VIEW insights_paid_once AS
       SELECT g.id, true AS is_gift, g.buyer AS payer, v.plan, v.price, g.net_amount, v.currency, g.paid_at,
         {_KEPT_TAX.format("g")}
       FROM gift_membership g JOIN plan_version v ON v.id = g.plan_version WHERE g.paid_at IS NOT NULL
       UNION ALL SELECT t.id, false, t.payer, v.plan, v.price - t.off, t.net_amount, v.currency, t.paid_at,
         {_KEPT_TAX.format("t")}
       FROM paid_term t JOIN plan_version v ON v.id = t.plan_version WHERE t.paid_at IS NOT NULL""",
    "CREATE VIEW insights_trials AS SELECT person, subscription, at FROM trial",
    """CREATE VIEW insights_benefit_uses AS
       SELECT person, benefit, order_id, kind, regular, paid, currency, at, reference FROM benefit_use""",
    """CREATE VIEW segments_memberships AS
       SELECT m.id, m.holder, m.plan, p.slug, m.source, m.source_id, m.starts_at, m.ends_at
       FROM membership m JOIN plan p ON p.id = m.plan""",
    """CREATE VIEW segments_subscriptions AS
       SELECT s.id, s.payer, s.status, s.started_at, s.past_due_since, s.cancel_at, u.from_at AS rests_from,
         u.until_at AS rests_until, r.subscription IS NOT NULL AS was_refused
       FROM subscription s LEFT JOIN refused_trial r ON r.subscription = s.id
       LEFT JOIN pause u ON u.subscription = s.id AND u.ended_at IS NULL AND u.arranged_at IS NOT NULL
         AND u.paid_left IS NOT NULL""",
    """CREATE VIEW segments_seats AS SELECT holder, payer, source_id, taken_at FROM seat
       WHERE holder IS NOT NULL AND ended_at IS NULL""",
    "CREATE VIEW segments_trials AS SELECT person, at FROM trial",
    """CREATE VIEW segments_benefit_uses AS
       SELECT person, benefit, at FROM benefit_use WHERE benefit IS NOT NULL AND reference NOT LIKE 'refund%'""",
)

CHANGES: tuple[str, ...] = (
    """CREATE TRIGGER subscription_changes_figures AFTER INSERT OR DELETE OR UPDATE OF payer, started_at ON subscription
       FOR EACH ROW EXECUTE FUNCTION figure_payer_changed()""",
    """CREATE TRIGGER paid_period_is_counted AFTER INSERT ON paid_period REFERENCING NEW TABLE AS changed
       FOR EACH STATEMENT EXECUTE FUNCTION figure_fees_changed()""",
    """CREATE TRIGGER paid_period_counts_no_more AFTER DELETE ON paid_period REFERENCING OLD TABLE AS changed
       FOR EACH STATEMENT EXECUTE FUNCTION figure_fees_changed()""",
    """CREATE TRIGGER paid_period_moves_its_renewal AFTER UPDATE OF ends_at, is_opening ON paid_period
       FOR EACH ROW EXECUTE FUNCTION figure_renewals_changed()""",
    """CREATE TRIGGER pause_moves_renewals AFTER INSERT OR DELETE OR UPDATE OF begun_at, ended_at ON pause
       FOR EACH ROW EXECUTE FUNCTION figure_renewals_changed()""",
    """CREATE TRIGGER paid_period_changes_its_day AFTER INSERT OR DELETE ON paid_period
       FOR EACH ROW EXECUTE FUNCTION figure_instant_changed('paid_at')""",
    """CREATE TRIGGER benefit_use_changes_its_day AFTER INSERT ON benefit_use
       FOR EACH ROW EXECUTE FUNCTION figure_instant_changed('at')""",
    """CREATE TRIGGER membership_changes_days AFTER INSERT OR UPDATE OR DELETE ON membership
       FOR EACH ROW EXECUTE FUNCTION figure_holding_changed()""",
    """CREATE TRIGGER membership_makes_a_member
       AFTER INSERT OR DELETE OR UPDATE OF holder, source, source_id, starts_at, ends_at ON membership
       FOR EACH ROW EXECUTE FUNCTION figure_member_changed()""",
    """CREATE TRIGGER subscription_is_tried AFTER UPDATE OF status ON subscription
       FOR EACH ROW WHEN ((OLD.status = 'trialing') <> (NEW.status = 'trialing'))
       EXECUTE FUNCTION figure_trial_changed()""",
    "CREATE INDEX subscription_failing ON subscription (status) WHERE status IN ('past_due', 'unpaid')",
    """CREATE INDEX membership_ended_on ON membership (ends_at, holder)
       WHERE ends_at IS NOT NULL AND source <> 'free'""",
    """CREATE INDEX subscription_renewing ON subscription (current_period_end)
       WHERE status = 'active' AND cancel_at IS NULL""",
    "CREATE INDEX subscription_past_due ON subscription (past_due_since) WHERE status = 'past_due'",
    "CREATE INDEX subscription_leaving ON subscription (cancel_at) WHERE cancel_at IS NOT NULL",
    "CREATE INDEX subscription_over ON subscription (ended_at) WHERE ended_at IS NOT NULL",
    "CREATE INDEX membership_started ON membership (starts_at, holder) WHERE source <> 'free'",
    "CREATE INDEX membership_begins ON membership (starts_at) INCLUDE (plan)",
    "CREATE INDEX membership_ends ON membership (ends_at) INCLUDE (plan) WHERE ends_at IS NOT NULL",
    "CREATE INDEX membership_free ON membership (starts_at, holder) WHERE source = 'free'",
    "CREATE INDEX membership_given ON membership (starts_at, holder) WHERE source IN ('comp', 'gift')",
    "CREATE INDEX paid_period_by_payment ON paid_period (paid_at)",
)
"""What insights' kept figures have to hear of."""

KEPT = (
    """CREATE FUNCTION plan_version_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF (OLD.plan, OLD.price, OLD.currency, OLD.interval, OLD.interval_count, OLD.is_once, OLD.from_at,
             OLD.net_of)
            IS DISTINCT FROM
            (NEW.plan, NEW.price, NEW.currency, NEW.interval, NEW.interval_count, NEW.is_once, NEW.from_at,
             NEW.net_of) THEN
           RAISE EXCEPTION 'the price of a plan version never changes';
         END IF;
         RETURN NEW;
       END $$""",
    """CREATE TRIGGER plan_version_is_kept BEFORE UPDATE ON plan_version
       FOR EACH ROW EXECUTE FUNCTION plan_version_is_kept()""",
    """CREATE TRIGGER benefit_use_is_append_only BEFORE UPDATE OR DELETE ON benefit_use
       FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
)
"""What never changes of plans and of savings."""
