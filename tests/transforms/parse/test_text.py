import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from transforms.parse.text import element_to_text, html_to_text, one_line, plain_text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("plain words", "plain words"),
        ("R&amp;D &eacute;t&eacute; &#8217;x&#x27;", "R&D été ’x'"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("<p>One.</p><p>Two <b>bo</b>ld.</p>", "One.\nTwo bold."),
        ("<p>One.</p>\n\n  <p>Two\nlines.</p>\n", "One.\nTwo lines."),
        ("a<br>b<br/>c<br />d", "a\nb\nc\nd"),
        ("<ul><li>first</li><li>second</li></ul>", "first\nsecond"),
        ("<DIV CLASS='x'>Up</DIV>down", "Up\ndown"),
        (
            "<table><tr><th>Team</th><th>Pts</th></tr><tr><td><p>Leeds</p></td><td>3</td></tr></table>",
            "Team\tPts\nLeeds\t3",
        ),
        ("<table><tr><td>a<td>b<tr><td>c<td>d</table>after", "a\tb\nc\td\nafter"),
        ("<script>if (a<b) { go() }</script>Text<style>p {}</style>", "Text"),
        ("Text <!-- a <b>note</b> --> on", "Text on"),
        ("<pre>line one\nline two</pre>", "line one\nline two"),
        ('<img alt="a > b" src="x.jpg">seen', "seen"),
        ("<a title='x < y'>link</a>", "link"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("I <3 you", "I <3 you"),
        ("a<b c", "a<b c"),
        ("broken <a href=", "broken"),
        ('<p title="open>text</p><p>more</p>', "text\nmore"),
        ("<script>never closed <b>text</b>", "never closed text"),
        ("<![CDATA[kept <i>text</i>]]> too", "kept text too"),
        ("First.\n\nSecond\nline.", "First.\nSecond line."),
        ("a\u00a0b\u3000c", "a b c"),
        ("", ""),
        ("<p></p>", ""),
        ("\x00a<br>\x01b", "a\nb"),
        ("H<sub>2</sub>O and 5<sup>th</sup>", "H2O and 5th"),
        ("<!DOCTYPE html><html><head><title>x</title></head><body>y</body></html>", "y"),
        ("<svg:rect/>x<o:p>y</o:p>", "xy"),
    ],
)
def test_markup_becomes_readable_text(markup, text):
    assert html_to_text(markup) == text


def test_elements_keep_all_their_text():
    element = etree.fromstring(
        "<body.content><p>A <person>Jane<!-- x --> Doe</person> in <location>Oslo</location>.</p>"
        "<table><tr><td>1</td><td>2</td></tr></table><block><hl2>More</hl2><p>End &amp; &lt;tag&gt;</p></block></body.content>"
    )
    assert element_to_text(element) == "A Jane Doe in Oslo.\n1\t2\nMore\nEnd & <tag>"
    assert element_to_text(None) == ""
    assert element_to_text(etree.fromstring("<a>5 &lt; 6</a>")) == "5 < 6"


def test_plain_text_keeps_its_lines():
    assert plain_text(" One  two\r\n\r\n three ") == "One two\nthree"
    assert one_line(" a\n\tb ") == "a b"


PIECES = [*"<>/!-[]ab'\"= &;#x\n\t", "<p>", "<td>", "<script>", "</script>", "<!--", "-->", "<pre>", "<![CDATA["]


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_any_markup_ends_in_clean_lines(markup):
    text = html_to_text(markup)
    for line in text.split("\n") if text else []:
        assert line == line.strip(" ")
        assert line
        assert "  " not in line
    assert not set(text) & set("\x00\x01\x02\x03")


@pytest.mark.parametrize(
    "piece",
    ["<", "<a ", "<!--", '<a b="', "<a '", "<script>", "<td>", "&", "<p>x", "<![CDATA[", "< ", "<table", "<pre>\n"],
)
def test_time_grows_with_length_only(piece):
    # .5 MB of each hostile piece: a quadratic reader would take minutes and meet the time limit of every test
    html_to_text(piece * (500_000 // len(piece)))
