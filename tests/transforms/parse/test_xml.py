import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from transforms.parse.charset import codec_name, decode
from transforms.parse.probe import probe
from transforms.parse.xml import ParseError, local_name, read_xml, read_xml_noted


def words(data, content_type=None):
    return "".join(read_xml(data, content_type).itertext())


@pytest.mark.parametrize(
    "data",
    [
        "<a>café</a>".encode(),
        b"\xef\xbb\xbf" + "<a>café</a>".encode(),
        '<?xml version="1.0" encoding="iso-8859-1"?><a>café</a>'.encode("latin-1"),
        '<?xml version="1.0" encoding="iso-8859-1"?><a>café</a>'.encode(),
        '<?xml version="1.0" encoding="utf-16"?><a>café</a>'.encode(),
        '<?xml version="1.0" encoding="utf-16"?><a>café</a>'.encode("utf-16"),
        "<a>café</a>".encode("utf-16-le"),
        "<a>café</a>".encode("utf-32"),
        '<?xml version="1.0" encoding="utf-8"?><a>café</a>'.encode("cp1252"),
        "<a>café</a>".encode("cp1252"),
    ],
)
def test_encodings_are_what_the_bytes_are(data):
    assert words(data) == "café"


def test_superset_encodings_and_the_servers_word():
    assert words(b'<?xml version="1.0" encoding="ISO-8859-1"?><a>\x93x\x94</a>') == "“x”"
    assert words("<a>привет</a>".encode("cp1251"), "text/xml; charset=windows-1251") == "привет"
    assert codec_name("gb2312") == "gb18030"
    assert codec_name("base64") is None


def test_stray_bytes_do_not_spoil_the_rest():
    assert decode("naïve – ".encode() + b"caf\xe9 " + "ж".encode()).text == "naïve – café ж"
    assert decode("abc жж".encode()[:-1]).text == "abc ж"


def test_an_unknown_encoding_is_said():
    with pytest.raises(ParseError, match="x-klingon") as caught:
        read_xml(b'<?xml version="1.0" encoding="x-klingon"?><a>\xe9</a>')
    assert caught.value.code == "unknown_encoding"
    assert words(b'<?xml version="1.0" encoding="x-klingon"?><a>plain</a>') == "plain"


def test_faults_of_characters_are_mended():
    read = read_xml_noted(b' \n<?xml version="1.0"?><a>1\x01 &nbsp;AT&T &#0;&copy; <![CDATA[&nbsp;x & y]]></a>')
    assert "".join(read.root.itertext()) == "1 \u00a0AT&T © &nbsp;x & y"
    assert read.fault
    assert not read.recovered
    assert not read.truncated


def test_truncation_is_noted():
    read = read_xml_noted(b"<a><b>1</b><b>2")
    assert [b.text for b in read.root] == ["1", "2"]
    assert read.truncated
    assert not read_xml_noted(b"<a><b>1<c></b></a>").truncated


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"just words", "not_xml"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>', "external_entity"),
        (b"<a>" * 400 + b"</a>" * 400, "too_deep"),
        (b"<a>" + b"x" * 10_500_000 + b"</a>", "too_large"),
    ],
)
def test_what_cannot_be_read_is_said(data, code):
    with pytest.raises(ParseError) as caught:
        read_xml(data)
    assert caught.value.code == code


def bomb(levels=9):
    lines = ['<!ENTITY a0 "ten chars!">'] + [f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, levels)]
    return f"<!DOCTYPE a [{''.join(lines)}]><a>&a{levels - 1};</a>".encode()


def test_bombs_are_refused_and_honest_entities_read():
    with pytest.raises(ParseError) as caught:
        read_xml(bomb())
    assert caught.value.code == "entity_bomb"
    assert words(b'<!DOCTYPE a [<!ENTITY ed "The Editor">]><a>&ed;</a>') == "The Editor"
    assert words(b'<!DOCTYPE a SYSTEM "http://x.invalid/a.dtd"><a>fine</a>') == "fine"


def test_local_names():
    assert local_name(etree.fromstring('<x:B xmlns:x="urn:x"/>')) == "B"
    assert local_name(etree.Comment("x")) == ""


@given(st.binary(max_size=200))
def test_any_bytes_are_a_tree_or_a_parse_error(data):
    for variant in (data, b"<a>" + data, b'<?xml version="1.0" encoding="utf-8"?><rss>' + data + b"</rss>"):
        try:
            read_xml_noted(variant)
        except ParseError as error:
            assert error.code
        probe(variant)


def test_a_probe_sees_the_root():
    seen = probe(
        b'<?xml version="1.0"?><!-- <x> --><!DOCTYPE n:Feed [ <!ELEMENT a (b)> ]>\n<n:Feed xmlns:n="urn:x" v=\'1\'><n:a/>'
    )
    assert (seen.root, seen.namespace, seen.attributes["v"], seen.doctype) == ("feed", "urn:x", "1", True)
    assert probe(b"hello").root is None
    assert probe("\ufeff<rss/>".encode()).root == "rss"
    assert probe("<rss/>".encode("utf-16")).root == "rss"


def test_a_probe_reads_json_once_and_forgives():
    seen = probe(b' {"a": "\\ud83d", "b": "x\ny"}')
    assert seen.first_json == "{"
    assert seen.json() == {"a": "�", "b": "x\ny"}
    assert seen.json() is seen.json()
    assert probe(b"{nope").json() is None
    assert probe(b"[" * 100_000).json() is None


def test_a_probe_knows_binary_and_cut_characters():
    assert probe(b"\x89PNG\r\n\x1a\n").binary
    assert probe(b"\x00\x01\x02" * 100).binary
    assert probe(b"a" * 65_535 + "é".encode() + b"b" * 10).encoding == "utf-8"


def test_documents_one_behind_the_other_are_all_read():
    one = b'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE a SYSTEM "a.dtd">\n<a>%d</a>\n'
    read = read_xml_noted(one % 1 + one % 2 + one % 3)
    assert [root.text for root in (read.root, *read.more)] == ["1", "2", "3"]
    assert not read.truncated


@pytest.mark.parametrize("data", [b"<a>1</a>NNNN", b"<a>1</a><b/>", b"<a>1</a><a>2", b"<a>1</a>"])
def test_what_follows_a_document_and_is_no_other_is_not_one(data):
    read = read_xml_noted(data)
    assert read.root.text == "1"
    assert read.more == ()


def test_references_that_are_taken_out_leave_no_new_one():
    assert words(b"<a>&#xD8&#0;00;&&#0;#0;&nbsp;x</a>").endswith("\u00a0x")


def test_references_to_no_character_never_reach_the_tree():
    # what looks like a CDATA section is none for libxml2, which takes the lone surrogate as it comes
    read = read_xml_noted(b'<a><p x="<![CDATA[">one &#xD800;two</p><q>three</q></a>')
    assert "\ud800" not in "".join(read.root.itertext())
    assert "three" in "".join(read.root.itertext())
