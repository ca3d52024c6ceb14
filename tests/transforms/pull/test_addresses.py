import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.pull.addresses import child_url, host_of, is_remote_file, is_url, without_secrets


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://user:pw@host.example/a?b=1", "https://***@host.example/a?b=1"),
        ("https://host.example/a?api_key=SECRET&page=2", "https://host.example/a?api_key=***&page=2"),
        ("https://host.example/a?access%5Ftoken=SECRET", "https://host.example/a?access%5Ftoken=***"),
        ("https://host.example/a?keywords=tea", "https://host.example/a?keywords=tea"),
        ("feeds/token=1.xml", "feeds/token=1.xml"),
        ("HTTPS://u@[::1]:8080/", "https://***@[::1]:8080/"),
    ],
)
def test_secrets_are_hidden_and_nothing_else(address: str, shown: str) -> None:
    assert without_secrets(address) == shown


@given(st.text())
def test_hiding_is_idempotent_and_never_raises(text: str) -> None:
    for address in (text, f"https://{text}", f"https://a:b@example.org/?token={text}"):
        once = without_secrets(address)
        assert without_secrets(once) == once


def test_kinds_of_addresses() -> None:
    assert is_url("https://a.example") and not is_url("a/https://")
    assert is_remote_file("gs://bucket/x") and not is_remote_file("file:///x") and not is_remote_file("c/d")
    assert host_of("https://Example.ORG:99/x") == "example.org"
    assert host_of("http://[broken") == ""


@pytest.mark.parametrize(
    ("base", "path", "made"),
    [
        ("lists/all.opml", "a.xml", "lists/a.xml"),
        ("all.opml", "a.xml", "a.xml"),
        ("lists/all.yaml", "/srv/a.xml", "/srv/a.xml"),
        ("lists/all.yaml", "https://x.example/f", "https://x.example/f"),
    ],
)
def test_entries_of_a_list_are_read_beside_it(base: str, path: str, made: str) -> None:
    assert child_url(base, path) == made
