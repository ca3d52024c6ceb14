"""What was read of a byline so far: people with role and place, organisations, desks."""

from dataclasses import dataclass, field

from transforms.enrich.byline_kinds import canonical
from transforms.enrich.byline_names import strip_titles


@dataclass(slots=True)
class Person:
    """Somebody named.

    Attributes:
        name: as printed, titles removed.
        role: author, translation, editing, ….
        title: what the byline says of them (``Staff Writer``).
        location: where from.
    """

    name: str
    role: str
    title: str | None = None
    location: str | None = None


@dataclass(slots=True)
class Parts:
    """What a byline said so far.

    Attributes:
        language: primary subtag.
        role: of the people that follow; None: they wrote.
        people: in printed order.
        organisations: as printed.
        notes: what stood in brackets.
        desks: signatures such as ``Staff Writer``; they count when nobody else is named.
    """

    language: str | None = None
    role: str | None = None
    people: list[Person] = field(default_factory=list)
    organisations: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    desks: list[str] = field(default_factory=list)

    def person(self, words: list[str], title: str | None = None, location: str | None = None) -> None:
        """Add a name, printed with single spaces."""
        name = " ".join(strip_titles(words)).strip(" ,;:")
        if name:
            self.people.append(Person(name, self.role or "author", title, location))

    def organisation(self, name: str) -> None:
        """Add an organisation; house names signed in a shorter or misspelt form get their own."""
        name = name.strip(" ,;:-–—")
        if not name or self.role is not None:
            return
        self.organisations.append(canonical(name))

    def title(self, text: str) -> None:
        """What the last person does."""
        if self.people and self.people[-1].title is None:
            self.people[-1].title = text

    def location(self, text: str) -> None:
        """Where the last people report from."""
        for place, person in enumerate(reversed(self.people)):
            if person.location is not None or (place and person.title is not None):
                break
            person.location = text
