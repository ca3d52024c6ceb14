import pytest
from lxml import etree

from transforms.parse.newsml_text import Copy, read_copy, read_text
from transforms.parse.plain_copy import paragraphs_of


def copy_of(markup: str, *, soft: bool = False) -> Copy:
    return read_copy(etree.fromstring(f"<body>{markup}</body>"), soft_breaks=soft)


@pytest.mark.parametrize(
    ("markup", "body"),
    [
        ("<p>One <b>two</b> three.</p><p><a>link</a> then</p>", "One two three.\nlink then"),
        ("<p>An E<i>mpha</i>sis</p>", "An Emphasis"),
        ("bare text <p>and a paragraph</p> and a tail", "bare text\nand a paragraph\nand a tail"),
        ("<ul><li>a</li><li>b <em>c</em></li></ul>", "a\nb c"),
        ("<p>limited<Firm>Alko</Firm>, said</p>", "limited Alko, said"),
        ("<table><tr><th>A</th><th/><th>C</th></tr><tr><td>1</td><td>2</td></tr></table>", "A\t\tC\n1\t2"),
        (
            "<table><caption>Top</caption><tbody><tr><td><p>x</p><p>y</p></td><td>z</td></tr></tbody></table>",
            "Top\nx y\tz",
        ),
        ("<pre>one   1\n  two 2\n</pre>", "one   1\n  two 2"),
        ("<p>one<br/>two</p>", "one\ntwo"),
        ("<p>One &lt;b&gt;two&lt;/b&gt; a &lt; b</p><p>1 &lt;b&gt; 2</p>", "One two a < b\n1 <b> 2"),
        (
            "<div>&lt;p&gt;One&lt;/p&gt;&lt;p&gt;two&lt;/p&gt;</div><zap>One\n\ntwo\nthree</zap>",
            "One\ntwo\nOne\ntwo three",
        ),
        ('<p class="byline vcard">By A</p><p>One</p>', "One"),
        ("<p>北京<who>李明</who>报道 <who>Li</who><who>Ming</who>(<who>AB</who>).</p>", "北京李明报道 Li Ming (AB)."),
        ("<script>x()</script><style>p {}</style><p>y</p>", "y"),
        ("<p> </p><p/>", None),
        ("&lt;p&gt;Escaped &lt;b&gt;HTML&lt;/b&gt; &amp;amp; more&lt;/p&gt;&lt;p&gt;b", "Escaped HTML & more\nb"),
    ],
)
def test_copy_is_kept_whole(markup: str, body: str | None) -> None:
    assert copy_of(markup).body == body


def test_a_break_after_a_space_is_a_wrapped_line_in_wire_copy() -> None:
    assert copy_of("<p>named to <br/>return<br/>AAX</p>", soft=True).body == "named to return\nAAX"


def test_captions_stand_apart_from_the_copy() -> None:
    found = copy_of(
        '<p>x</p><figure><img src="a.jpg"/><figcaption>A cat</figcaption></figure><figure><table><tr><td>1</td></tr></table></figure>'
    )
    assert (found.body, found.media[0].caption, found.media[0].url) == ("x\n1", "A cat", "a.jpg")


@pytest.mark.parametrize("kind", ["np-nonpublic", "notepad", "editorial-note"])
def test_what_the_markup_calls_private_is_a_note(kind: str) -> None:
    found = copy_of(f'<p>x</p><div class="{kind}"><h4>Desk</h4><ul><li>a <b>b</b> c</li></ul></div><p>y</p>')
    assert (found.body, found.notes) == ("x\ny", ("Desk", "a b c"))


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("one\ntwo", ["one", "two"]),
        ("one\nline\n\ntwo", ["one line", "two"]),
        ("   first goes\non\n   second", ["first goes on", "second"]),
        ("a\t1\nb\t2", ["a\t1", "b\t2"]),
        ("  ", []),
    ],
)
def test_plain_text_has_paragraphs(text: str, lines: list[str]) -> None:
    assert paragraphs_of(text) == lines


def test_a_less_than_sign_is_no_markup() -> None:
    assert read_text("a < b and b > c").body == "a < b and b > c"
