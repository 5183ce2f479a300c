from piccolo.columns import UUID, Boolean, Date, Integer, Timestamptz, Varchar
from piccolo.table import Table


class VisitConsent(Table):
    """Somebody said yes in one browser. `id` is what that browser's cookie holds; `person` once they were signed in
    there. `asked` is the law's or shop's question they answered; "told" where the law asks for no question."""

    id = UUID(primary_key=True, default=None)
    given_at = Timestamptz(default=None)
    asked = Varchar(length=8, default="asked")
    person = UUID(null=True, default=None, index=True)


class VisitRefusal(Table):
    """A no that is remembered: of one browser, by the `visitor` that was in its cookie, or of a `person` wherever they
    are signed in. What was seen, and waits in memory, is then not written down."""

    id = UUID(primary_key=True, default=None)
    at = Timestamptz(default=None)
    visitor = UUID(null=True, default=None)
    person = UUID(null=True, default=None)


class PageView(Table):
    """A page that somebody with a consent was shown, on `day` of the shop's. It goes with the consent."""

    id = UUID(primary_key=True, default=None)
    at = Timestamptz(default=None)
    day = Date(default=None)
    visitor = UUID(default=None)
    person = UUID(null=True, default=None)
    kind = Varchar(length=12, default="")
    subject = Varchar(length=160, default="")
    is_member = Boolean(default=False)


class ViewCount(Table):
    """How often something was looked at on one day of the shop's, by members or others: nobody is in it.

    `empty_times` is how many of these searches found nothing.
    """

    id = UUID(primary_key=True, default=None)
    day = Date(default=None)
    kind = Varchar(length=12, default="")
    subject = Varchar(length=160, default="")
    is_member = Boolean(default=False)
    times = Integer(default=0)
    empty_times = Integer(default=0)


_KINDS = "('product', 'collection', 'article', 'search', 'join', 'added', 'basket', 'checkout', 'paid')"

DDL: tuple[str, ...] = (
    f"ALTER TABLE page_view ADD CONSTRAINT page_view_kind CHECK (kind IN {_KINDS})",
    f"""ALTER TABLE view_count ADD CONSTRAINT view_count_kind
       CHECK (kind IN {_KINDS} AND times > 0 AND empty_times BETWEEN 0 AND times
         AND (kind = 'search' OR empty_times = 0))""",
    """ALTER TABLE page_view ADD CONSTRAINT page_view_consented
       FOREIGN KEY (visitor) REFERENCES visit_consent (id) ON DELETE CASCADE""",
    """ALTER TABLE visit_refusal ADD CONSTRAINT visit_refusal_is_of_one CHECK (num_nonnulls(visitor, person) = 1)""",
    "CREATE UNIQUE INDEX visit_refusal_visitor ON visit_refusal (visitor)",
    "CREATE UNIQUE INDEX visit_refusal_person ON visit_refusal (person)",
    "CREATE INDEX page_view_at ON page_view USING brin (at)",
    "CREATE INDEX page_view_counted ON page_view (day, kind, subject, is_member)",
    "CREATE INDEX page_view_visitor ON page_view (visitor, at)",
    "CREATE INDEX page_view_person ON page_view (person, at) WHERE person IS NOT NULL",
    "CREATE INDEX page_view_about ON page_view (kind, subject, at) WHERE person IS NOT NULL",
    "CREATE UNIQUE INDEX view_count_once ON view_count (day, kind, subject, is_member)",
    "CREATE VIEW insights_view_counts AS SELECT id, day, kind, subject, is_member, times, empty_times FROM view_count",
    "CREATE VIEW insights_page_views AS SELECT id, at, day, visitor, person, kind, subject, is_member FROM page_view",
    """CREATE VIEW segments_page_views AS SELECT person, at, kind, subject FROM page_view
       WHERE person IS NOT NULL AND subject NOT IN ('(not kept)', '(others)')""",
    """CREATE VIEW recommendations_views AS SELECT v.person, v.at, v.kind, v.subject AS slug, c.asked
       FROM page_view v JOIN visit_consent c ON c.id = v.visitor WHERE v.person IS NOT NULL""",
    "CREATE VIEW segments_visitors AS SELECT DISTINCT person FROM visit_consent WHERE person IS NOT NULL",
)
