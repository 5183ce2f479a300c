"""The rows of the journal, the pages, the home page and the menus."""

from piccolo.columns import JSON, UUID, Boolean, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table


class Article(Table):
    """One article. `gate` is public or members; `drip_days` count from when a member first held the benefit."""

    id = UUID(primary_key=True, default=None)
    slug = Varchar(length=160, unique=True)
    title = Varchar(length=200)
    teaser = Text()
    body = Text()
    cover = Text(default="")
    cover_alt = Text(default="")
    gate = Varchar(length=8, default="public")
    drip_days = Integer(default=0)
    published_at = Timestamptz(null=True, default=None, index=True)
    created_at = Timestamptz(default=None)
    changed_at = Timestamptz(default=None)


class ContentPicture(Table):
    """A picture uploaded for a text: `path` is its name in the pictures folder, `alt` is what it is picked with."""

    id = UUID(primary_key=True, default=None)
    path = Varchar(length=40, unique=True)
    alt = Text()
    width = Integer()
    height = Integer()
    uploaded_at = Timestamptz(default=None, index=True)
    uploaded_by = UUID(null=True, default=None)


class Page(Table):
    """A page of the shop as it is now: terms, delivery, about. Its texts are those of its version `version`."""

    id = UUID(primary_key=True, default=None)
    slug = Varchar(length=80, unique=True)
    kind = Varchar(length=12, default="other")
    title = Varchar(length=200)
    summary = Text(default="")
    body = Text(default="")
    version = Integer(default=1)
    published_at = Timestamptz(null=True, default=None)
    created_at = Timestamptz(default=None)
    changed_at = Timestamptz(default=None)


class PageVersion(Table):
    """A page as it was saved once. Orders name the version that was agreed to, so rows are append-only."""

    id = UUID(primary_key=True, default=None)
    page = ForeignKey(Page, null=False, default=None, on_delete=OnDelete.restrict)
    number = Integer()
    title = Varchar(length=200)
    summary = Text(default="")
    body = Text(default="")
    at = Timestamptz(default=None)
    by = UUID(null=True, default=None)


class HomeSection(Table):
    """One section of the home page. A hidden one is shown in the staff's preview only."""

    id = UUID(primary_key=True, default=None)
    kind = Varchar(length=12)
    position = Integer()
    settings = JSON()
    is_hidden = Boolean(default=False)
    changed_at = Timestamptz(default=None)


class MenuItem(Table):
    """One link of a menu: `menu` is header or footer."""

    id = UUID(primary_key=True, default=None)
    menu = Varchar(length=8)
    position = Integer()
    label = Varchar(length=60)
    target = Varchar(length=300)


class PageAgreement(Table):
    """What somebody agreed to: the pages with their versions, and how they were asked (sentence or tick).

    `about_id` is the order, or for a membership that is joined by itself the person.
    """

    id = UUID(primary_key=True, default=None)
    about = Varchar(length=8)
    about_id = UUID(default=None, index=True)
    way = Varchar(length=8)
    pages = JSON()
    at = Timestamptz(default=None)


DDL: tuple[str, ...] = (
    "ALTER TABLE article ADD CONSTRAINT article_gate CHECK (gate IN ('public', 'members') AND drip_days >= 0)",
    """CREATE VIEW insights_articles AS
       SELECT id, slug, title, teaser, body, gate, drip_days, published_at, changed_at FROM article""",
    "ALTER TABLE menu_item ADD CONSTRAINT menu_item_menu CHECK (menu IN ('header', 'footer'))",
    """ALTER TABLE page_agreement ADD CONSTRAINT page_agreement_about
       CHECK (about IN ('order', 'joining') AND way IN ('sentence', 'tick'))""",
    "CREATE UNIQUE INDEX page_version_number ON page_version (page, number)",
    """CREATE TRIGGER page_version_is_append_only BEFORE UPDATE OR DELETE ON page_version
       FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER page_agreement_is_append_only BEFORE UPDATE OR DELETE ON page_agreement
       FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE FUNCTION tell_of_site_content() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN PERFORM pg_notify('site_content', ''); RETURN NULL; END $$""",
    """CREATE TRIGGER page_is_told AFTER INSERT OR UPDATE OR DELETE ON page
       FOR EACH STATEMENT EXECUTE FUNCTION tell_of_site_content()""",
    """CREATE TRIGGER home_section_is_told AFTER INSERT OR UPDATE OR DELETE ON home_section
       FOR EACH STATEMENT EXECUTE FUNCTION tell_of_site_content()""",
    """CREATE TRIGGER article_is_told AFTER INSERT OR DELETE OR UPDATE OF published_at ON article
       FOR EACH STATEMENT EXECUTE FUNCTION tell_of_site_content()""",
    """CREATE TRIGGER menu_item_is_told AFTER INSERT OR UPDATE OR DELETE ON menu_item
       FOR EACH STATEMENT EXECUTE FUNCTION tell_of_site_content()""",
)
