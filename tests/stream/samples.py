"""Items of a growing file, all different, by number."""

import json

PLACES = ("Dover", "Hastings", "Margate", "Deal", "Rye", "Hythe", "Lydd", "Ramsgate")
SUBJECTS = ("ferry strike", "harbour fire", "cup final", "rail budget", "hospital vote", "storm warning")


def story(number: int, version: int = 0) -> dict[str, object]:
    place, subject = PLACES[number % len(PLACES)], SUBJECTS[number % len(SUBJECTS)]
    detail = " ".join(f"{place}{number * 7919 % 10007 + step}" for step in range(12))
    return {
        "id": f"coast-{number}",
        "version": str(version),
        "provider": "coast.example",
        "headline": f"{place} council debates {subject} number {number}",
        "body": f"{place.upper()} (AP) - The council of {place} met about the {subject}. {detail}. Update {version}.",
        "language": "en",
        "published": f"2026-02-{1 + number % 27:02d}T12:00:00Z",
    }


def lines(*numbers: int) -> str:
    return "".join(json.dumps(story(number)) + "\n" for number in numbers)
