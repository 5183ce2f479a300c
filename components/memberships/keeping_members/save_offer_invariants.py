"""What must hold of save offers."""

from components.foundation.consistency.invariant_rules import Invariant

RULES = (
    Invariant(
        "an accepted discount is on its membership",
        "Save offer {id}: accepted an hour ago or longer, and there is no such discount.",
        """SELECT s.id FROM save_offer_shown s JOIN save_offer o ON o.id = s.offer
        LEFT JOIN fee_discount d ON d.id = s.id AND d.subscription = s.subscription AND d.source = 'offer'
        WHERE s.id = ANY($1) AND o.kind = 'discount' AND s.accepted_at < {now} - interval '1 hour' AND d.id IS NULL""",
        each="save_offer_shown",
    ),
    Invariant(
        "a person has a discount offered once in its months",
        "Save offer {id}: the same person accepted another one within its months.",
        """SELECT s.id FROM save_offer_shown s JOIN save_offer o ON o.id = s.offer AND o.kind = 'discount'
        WHERE s.id = ANY($1) AND EXISTS (SELECT FROM save_offer_shown e JOIN save_offer f ON f.id = e.offer
          WHERE e.person = s.person AND f.kind = 'discount' AND e.id <> s.id AND e.accepted_at <= s.accepted_at
          AND e.accepted_at > s.accepted_at - make_interval(months => o.every_months))""",
        each="save_offer_shown",
    ),
    Invariant(
        "an offer was shown to whose membership it is",
        "Save offer {id}: shown to somebody else than who pays.",
        """SELECT s.id FROM save_offer_shown s JOIN subscription u ON u.id = s.subscription
        WHERE s.id = ANY($1) AND u.payer <> s.person""",
        each="save_offer_shown",
    ),
)
