"""What packages and plans of NewsML-G2 consist of: the members of a group set, the coverage of a plan.

Such items hold no content of their own. Their text is what they say of the items that they bring together: titles,
headlines and descriptions (hints, in the words of the specification).
"""

from collections.abc import Iterable, Iterator

from transforms.parse.elements import Element, attribute, children, name_of, outermost, unique
from transforms.parse.newsml_text import read_lines

_HINTS = ("headline", "title", "name", "description", "definition")


def read_members(group_sets: Iterable[Element]) -> tuple[str, ...]:
    """Titles of groups and what is said of their members, each once, in document order."""
    return unique(line for groups in group_sets for line in _hints(groups, "group"))


def member_ids(group_sets: Iterable[Element]) -> Iterator[str | None]:
    """Ids or addresses of the members."""
    for groups in group_sets:
        for each in groups.iter():
            if name_of(each) == "itemref":
                yield attribute(each, "residref") or attribute(each, "href")


def read_coverage(coverage_sets: Iterable[Element]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a plan says of each planned piece, and its notes to editors."""
    lines: list[str | None] = []
    notes: list[str | None] = []
    for coverage in coverage_sets:
        for planned in outermost(coverage, "planning", "newscoverage"):
            lines.extend(_hints(planned, "planning"))
            notes.extend(read_lines(each) for each in planned.iter() if name_of(each) == "ednote")
    return unique(lines), unique(notes)


def _hints(element: Element, *containers: str) -> Iterator[str | None]:
    """The hints below an element; those of vocabulary (a name inside ``service``, ``genre``, …) are none."""
    for each in children(element):
        name = name_of(each)
        if name in _HINTS:
            yield read_lines(each)
        elif name in containers or name in {"itemref", "conceptref", "newscoverage", "delivery", "delivereditemref"}:
            yield from _hints(each, *containers)
