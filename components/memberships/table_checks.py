"""What the database refuses of the rows of memberships."""

CHECKS = (
    "ALTER TABLE plan_version ADD CONSTRAINT plan_version_price CHECK (price >= 0 AND interval_count > 0)",
    "ALTER TABLE plan_version ADD CONSTRAINT plan_version_interval CHECK (interval IN ('week','month','year','life'))",
    """ALTER TABLE subscription ADD CONSTRAINT subscription_status CHECK (status IN ('pending', 'incomplete',
       'trialing', 'active', 'past_due', 'paused', 'unpaid', 'cancelled', 'lapsed'))""",
    """ALTER TABLE membership ADD CONSTRAINT membership_source
       CHECK (source IN ('subscription', 'comp', 'free', 'gift', 'term', 'seat', 'earned'))""",
    "ALTER TABLE membership ADD CONSTRAINT membership_dates CHECK (ends_at IS NULL OR ends_at >= starts_at)",
    "ALTER TABLE entitlement ADD CONSTRAINT entitlement_dates CHECK (until_at IS NULL OR until_at >= from_at)",
    "ALTER TABLE paid_period ADD CONSTRAINT paid_period_dates CHECK (ends_at > starts_at)",
    """ALTER TABLE paid_period ADD CONSTRAINT paid_period_of_version
       CHECK (plan_version IS NOT NULL AND net_amount <= amount AND net_price >= 0)""",
    """ALTER TABLE plan ADD CONSTRAINT plan_terms CHECK (trial_days BETWEEN 0 AND 730 AND seats BETWEEN 0 AND 20
       AND trial_ends IN ('card', 'cancel', 'pause', 'create_invoice'))""",
    "ALTER TABLE plan ADD CONSTRAINT plan_places CHECK (places BETWEEN 0 AND 1000000)",
    "ALTER TABLE plan_version ADD CONSTRAINT plan_version_life CHECK (interval <> 'life' OR is_once OR price = 0)",
)
