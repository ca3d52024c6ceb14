import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.pull.robots import ALLOW_ALL, ALLOW_NONE, MAX_DELAY, Robots, read_robots

TEXT = b"""# comment
User-agent: *
Disallow: /private  # not for robots
Allow: /private/rss$
Disallow: /*.php$
Disallow: /tmp*/x
Crawl-delay: 7

user-agent: Wirelake
User-Agent: other
Disallow: /w
Disallow:
Crawl-Delay: 9999

User-agent: third
Disallow: /
Sitemap: https://x.example/sitemap.xml
"""


def test_the_group_that_names_us_wins() -> None:
    robots = read_robots(TEXT)
    assert robots == Robots((("/w", False),), MAX_DELAY)
    assert robots.allows("/private")
    assert not robots.allows("/world/rss")


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/rss", True),
        ("/private", False),
        ("/private/x", False),
        ("/private/rss", True),
        ("/private/rss?x", False),
        ("/a/b.php", False),
        ("/a/b.php?x", True),
        ("/tmp1/a/x/y", False),
        ("/tmp/y", True),
    ],
)
def test_the_longest_rule_wins(path: str, allowed: bool) -> None:
    robots = read_robots(TEXT.replace(b"Wirelake", b"nobody"))
    assert robots.delay == 7
    assert robots.allows(path) is allowed


def test_allow_wins_between_equals() -> None:
    assert Robots((("/a", False), ("/a", True))).allows("/a")


def test_no_file_and_no_answer() -> None:
    assert ALLOW_ALL.allows("/")
    assert not ALLOW_NONE.allows("/")


@given(st.binary(max_size=500), st.text(max_size=30))
def test_any_bytes_are_rules(data: bytes, path: str) -> None:
    assert read_robots(data).allows("/" + path) in {True, False}


@given(st.text(alphabet="a*$/", max_size=30), st.text(alphabet="a/", max_size=200))
def test_any_pattern_is_matched_in_a_moment(rule: str, path: str) -> None:
    Robots(((rule, False),)).allows(path)
