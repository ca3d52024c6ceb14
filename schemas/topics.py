"""The 17 top-level concepts of IPTC Media Topics as frozen slugs, the values of the ``topic`` partition.

Source: IPTC NewsCodes, Media Topics 2023-10 (CC BY 4.0). Concepts are bound by code, because names change.
"""

UNCLASSIFIED = "unclassified"

TOPIC_BY_MEDTOP: dict[str, str] = {
    "medtop:01000000": "arts",
    "medtop:02000000": "crime",
    "medtop:03000000": "disaster",
    "medtop:04000000": "economy",
    "medtop:05000000": "education",
    "medtop:06000000": "environment",
    "medtop:07000000": "health",
    "medtop:08000000": "human-interest",
    "medtop:09000000": "labour",
    "medtop:10000000": "lifestyle",
    "medtop:11000000": "politics",
    "medtop:12000000": "religion",
    "medtop:13000000": "science",
    "medtop:14000000": "society",
    "medtop:15000000": "sport",
    "medtop:16000000": "conflict",
    "medtop:17000000": "weather",
}

TOPICS: tuple[str, ...] = (*sorted(TOPIC_BY_MEDTOP.values()), UNCLASSIFIED)
