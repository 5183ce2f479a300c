"""The quick reading of pages finds everything that html5lib finds, also when it has read good pages before."""

from tests.support import trees
from tests.support.cells import every_cell

PAGE = """<!doctype html>
<html lang="en">
<head>
  <title>Mugs &amp; cups</title>
  <script>if (a) b()</script>
</head>
<body>
  <main class="wide">
    <h1>Mugs &quot;for&quot; tea</h1>
    <p>A <a href="/mug?a=1&amp;b=2">mug</a> and <b>more</b>.<br></p>
    <div><p>Words</p></div>
    <form method="post">
      <label>Name <input name="name" required></label><textarea name="words">a &lt; b</textarea>
    </form>
    <table><tbody><tr><th scope="row">1</th><td>2</td></tr></tbody></table>
    <svg viewBox="0 0 2 2"><path d="M0 0"/></svg>
  </main>
</body>
</html>
"""
FAULTS = {
    "an end tag is missing": ("<p>Words</p>", "<p>Words<b></p>"),
    "an end tag has no start": ("<p>Words</p>", "<p>Words</b></p>"),
    "a block in a paragraph": ("<p>Words</p>", "<p><div>Words</div></p>"),
    "a link in a link": (">mug</a>", "><a href='/'>mug</a></a>"),
    "a form in a form": ("<label>Name", "<form></form><label>Name"),
    "words in a table": ("<table>", "<table>Words"),
    "a row outside a table": ("<p>Words</p>", "<tr><td>Words</td></tr>"),
    "an attribute twice": (" required>", ' required name="name">'),
    "no space before an attribute": (' name="words">', ' id="b"name="words">'),
    "a bare ampersand that names something": ("A <a", "A &notit; <a"),
    "an element closed like a void one": ("<p>Words</p>", "<p>Words</p><div/>"),
    "no doctype": ("<!doctype html>", ""),
    "an unknown character": ("A <a", "A \x00<a"),
    "not ended": ("</main>", ""),
}


def known() -> None:
    """Read as a whole before, so that its nestings are known to be good."""
    for _ in range(2):
        tree, wrong = trees.parsed(PAGE)
        assert wrong == []
    assert trees._same(trees._judged(PAGE)[0], tree)
    assert trees._quickly(PAGE)[1] <= trees._known, "a good page is read quickly the second time"


@every_cell("fault", FAULTS)
def test_a_fault_is_found_in_a_page_whose_like_was_good(fault: str) -> None:
    known()
    before, after = FAULTS[fault]
    assert PAGE.count(before) == 1
    text = PAGE.replace(before, after)
    judged, faults = trees._judged(text)
    assert faults or fault == "words in a table", "html5lib only moves those"
    tree, wrong = trees.parsed(text)
    assert wrong == faults and trees._same(judged, tree)


def test_words_and_values_are_read_as_html5lib_reads_them() -> None:
    known()
    text = PAGE.replace("Words", "£5 &amp; “more” &gt; &nbsp;").replace("/mug?a=1", "/cup?x='&quot;'")
    tree, wrong = trees.parsed(text)
    assert wrong == [] and trees._same(trees._judged(text)[0], tree)
    assert trees._quickly(text)[1] <= trees._known
