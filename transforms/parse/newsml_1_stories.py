"""Which ``NewsComponent`` elements of a NewsML 1 item are stories: usually one tree, sometimes language versions."""

from collections.abc import Iterator

from transforms.parse.elements import XML_LANG, Element, child, children, descendants, name_of, text_of
from transforms.parse.newsml_1_components import STORY_ROLES, role_of

_MOST_VERSIONS = 32
"""Language versions in one item; the European Union has 24 languages."""


def stories_of(item: Element) -> Iterator[tuple[Element, tuple[Element, ...]]]:
    """The components of a NewsItem that are stories, each with the components beside it that belong to it.

    Usually that is its one tree. Agencies that pack language versions into one item (Belga) give each its own headline
    and its own texts: then each is a story, the first one standing for the item and for what is no version.
    """
    tops = [each for each in children(item) if name_of(each) == "newscomponent"]
    inner = [each for each in children(tops[0]) if name_of(each) == "newscomponent"] if len(tops) == 1 else []
    versions = [each for each in inner if _is_version(each)]
    if 1 < len(versions) <= _MOST_VERSIONS and len({each.get(XML_LANG) for each in versions}) == len(versions):
        yield versions[0], tuple(each for each in inner if each not in versions)
        yield from ((version, ()) for version in versions[1:])
        return
    others = [other for other in tops[1:_MOST_VERSIONS] if _is_version(other)]
    if others:
        yield tops[0], tuple(each for each in tops[1:] if each not in others)
        yield from ((other, ()) for other in others)
        return
    # one story, in however many components
    yield (tops[0] if len(tops) == 1 else item), ()


def _is_version(component: Element) -> bool:
    """A component with a headline of its own, a language of its own and copy below it."""
    if role_of(component) not in STORY_ROLES or component.get(XML_LANG) is None:
        return False
    if text_of(child(component, "newslines", "headline")) is None:
        return False
    for part in descendants(component, "newscomponent"):
        if role_of(part) in {"main", "body", "lead", "text"} and any(
            text_of(each) for each in descendants(part, "datacontent")
        ):
            return True
    return False
