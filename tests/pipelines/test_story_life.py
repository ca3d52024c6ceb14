"""The life of stories across formats, through the whole pipeline: what is current is equal for every order of arrival."""

import json
from pathlib import Path

import pandas as pd
import pytest

from tests.pipelines.samples import Ingest
from transforms.lake.current import current

G2 = """<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="{guid}" version="{version}" standard="NewsML-G2"
standardversion="2.28"><itemMeta><itemClass qcode="ninat:text"/><provider literal="harbourwire"/>
<versionCreated>2025-10-08T{hour:02}:00:00Z</versionCreated><pubStatus qcode="stat:usable"/></itemMeta>
<contentMeta><headline>{headline}</headline></contentMeta><contentSet><inlineXML contenttype="application/xhtml+xml">
<html xmlns="http://www.w3.org/1999/xhtml"><body><p>{body}</p></body></html></inlineXML></contentSet></newsItem>"""

NITF = """<nitf><head><title>{headline}</title><docdata {kill}><doc-id id-string="{guid}" regsrc="HBR"/>
<date.issue norm="20251008T{hour:02}0000Z"/></docdata></head><body><body.head><hedline><hl1>{headline}</hl1></hedline>
</body.head><body.content><p>{body}</p></body.content></body></nitf>"""

NEWSML = """<NewsML Version="1.2"><NewsItem><Identification><NewsIdentifier><ProviderId>harbour.example</ProviderId>
<DateId>20251008</DateId><NewsItemId>{guid}</NewsItemId><RevisionId PreviousRevision="0" Update="N">{version}</RevisionId>
<PublicIdentifier>urn:newsml:harbour.example:20251008:{guid}:{version}</PublicIdentifier></NewsIdentifier>
</Identification><NewsManagement><NewsItemType FormalName="News"/><FirstCreated>20251008T080000Z</FirstCreated>
<ThisRevisionCreated>20251008T{hour:02}0000Z</ThisRevisionCreated><Status FormalName="{status}"/></NewsManagement>
<NewsComponent><NewsLines><HeadLine>{headline}</HeadLine></NewsLines><ContentItem><DataContent><p>{body}</p></DataContent>
</ContentItem></NewsComponent></NewsItem></NewsML>"""


def ninjs(uri: str, version: int, headline: str, body: str, **more: object) -> str:
    times = {"version": str(version), "versioncreated": f"2025-10-08T{9 + version:02}:00:00Z"}
    return json.dumps({"uri": uri, "type": "text", **times, "headline": headline, "body_text": body, **more})


def dpa(version: int, headline: str, body: str, status: str) -> str:
    times = {"version": version, "version_created": f"2025-10-08T{9 + version:02}:00:00Z"}
    entry = {"format": "digitalwires-v1.2", "urn": "urn:dpa:9", **times, "pubstatus": status, "headline": headline}
    return json.dumps({**entry, "article_html": f"<p>{body}</p>", "language": "de"})


def ticker(number: int, agency: int, headline: str, body: str, trailer: str) -> str:
    head = f"\x01bdt{number:04} 4 pl 20 dpa {agency:04}\r\nHafen/\r\n\x02{headline} =\r\n\r\n"
    return f"{head}   Testhafen (dpa) - {body}\r\n\x03{trailer}\r\n\x04"


def anpa(number: int, slug: str, lines: tuple[str, ...], hour: int) -> str:
    head = f"\x16\x16\x01a{number:04}\x1f____\r\nr i \x13  {slug}   10-08 0123\r\n\x02^BC-{slug},123<\r\n"
    return head + "".join(f"{line}\r\n" for line in lines) + f"\x03\r\nAP-WF-10-08-25 {hour:02}00GMT<\r\n\x04"


def mail(number: int, subject: str, body: str) -> str:
    head = f"From: Port <office@port.example>\r\nTo: desk@news.example\r\nSubject: {subject}\r\n"
    stamp = f"Date: Wed, 08 Oct 2025 1{number}:00:00 +0200\r\nMessage-ID: <life{number}@port.example>\r\n"
    return f"{head}{stamp}Content-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n"


TEA = (
    "A fire destroyed a warehouse full of tea in the port on Wednesday, the fire chief said. It broke out at nine in the"
    " evening and was seen from the other side of the bay by hundreds of people who had come to watch the regatta."
)

STORIES: dict[str, tuple[tuple[str, ...], set[str]]] = {
    "corrected twice": (
        (
            G2.format(guid="urn:h:1", version=1, hour=9, headline="Ferry hits quay", body="One sailor broke an arm."),
            G2.format(guid="urn:h:1", version=2, hour=10, headline="UPDATE 1-Ferry hits quay", body="Two broke arms."),
            G2.format(guid="urn:h:1", version=3, hour=11, headline="CORRECTED-Ferry hits wall", body="Nobody fell."),
        ),
        {"Ferry hits wall"},
    ),
    "killed with an empty body and the old headline, and sent again": (
        (
            ninjs("urn:h:2", 0, "Mast falls on deck", "A mast of the training ship fell in the storm."),
            ninjs("urn:h:2", 1, "Mast falls on deck", "", pubstatus="canceled"),
            ninjs("urn:h:2", 2, "Mast falls on deck", "A mast of the training ship fell in the storm at night."),
        ),
        set(),
    ),
    "killed by another id": (
        (
            NITF.format(guid="A1", hour=9, kill="", headline="Crane sinks", body="A crane sank in the old basin."),
            NITF.format(
                guid="A2",
                hour=10,
                kill='management-status="canceled" management-doc-idref="A1" management-idref-status="canceled"',
                headline="Crane sinks",
                body="",
            ),
        ),
        set(),
    ),
    "withheld, then released": (
        (
            NEWSML.format(
                guid="N1", version=1, hour=9, status="Usable", headline="Bridge shut", body="Rust was found."
            ),
            NEWSML.format(guid="N1", version=2, hour=10, status="Withheld", headline="Bridge shut", body="Rust found."),
            NEWSML.format(
                guid="N1", version=3, hour=11, status="Usable", headline="Bridge opens", body="No more rust."
            ),
        ),
        {"Bridge opens"},
    ),
    "withheld": (
        (
            dpa(0, "Lotsen streiken", "Die Lotsen legen am Donnerstag die Arbeit nieder.", "usable"),
            dpa(1, "Lotsen streiken", "Die Lotsen legen die Arbeit nieder.", "withheld"),
        ),
        set(),
    ),
    "killed by the number of its service": (
        (
            ticker(231, 877, "Speicher brennt", "Im Speicher sechs brennt es seit dem Abend.", "080900 GMT Okt 25"),
            ticker(
                240,
                880,
                "Achtung",
                "Bitte nicht verwenden.\r\n   Meldung bdt0231 bitte streichen.",
                "081000 GMT Okt 25",
            ),
            ticker(241, 881, "Regen am Fluss", "Der Regen hält am Wochenende an.", "081001 GMT Okt 25"),
        ),
        {"Regen am Fluss"},
    ),
    "killed by the number of its agency, no time in either": (
        (
            ticker(331, 977, "Kran kippt um", "Ein Kran ist auf dem Werksgelände umgekippt.", ""),
            ticker(340, 980, "Hinweis", "Wir berichten neu.\r\n   dpa zieht die Meldung dpa 0977 zurück.", ""),
        ),
        set(),
    ),
    "killed by its slug": (
        (
            anpa(123, "EU--Port Fire", ("^Warehouse burns<", "\tSAMPLE (AP) _ A warehouse full of tea burned."), 9),
            anpa(130, "EU--Port Fire,KILL", ("^Eds: A kill is mandatory. It was a drill.<", "^The AP<"), 10),
            anpa(131, "EU--Polls", ("^Harbour town votes<", "\tSAMPLE (AP) _ The harbour town chose a mayor."), 11),
        ),
        {"Harbour town votes"},
    ),
    "written through": (
        (
            anpa(140, "EU--Tea Fire", ("^Tea burns at quay<", f"\tSAMPLE (AP) _ {TEA}"), 9),
            anpa(
                141,
                "EU--Tea Fire, 1st Ld-Writethru",
                ("^Tea burns at quay, chief says<", f"\tSAMPLE (AP) _ {TEA}", "\tTwo people were hurt as they ran."),
                10,
            ),
        ),
        {"Tea burns at quay, chief says"},
    ),
    "an embargo that cannot be read, then a version without one": (
        (
            ninjs("urn:h:5", 0, "Budget is out", "The harbour spends more on dredging.", embargoed="Friday noon"),
            ninjs("urn:h:5", 1, "Budget is public", "The harbour spends much more on dredging."),
        ),
        {"Budget is public"},
    ),
    "an embargo that a later version brings": (
        (
            ninjs("urn:h:6", 0, "Ship is named", "The new tug will be called Ada."),
            ninjs("urn:h:6", 1, "Ship is named", "The tug will be Ada.", ednote="SPERRFRIST: 1. Januar 2050, 12:00"),
        ),
        set(),
    ),
    "embargoes above the copy of mails, one over": (
        (
            mail(1, "Light tower sold", "SPERRFRIST: Freitag 18 Uhr\r\n\r\nThe tower goes to a family of keepers."),
            mail(
                2, "Pilot retires", "EMBARGOED UNTIL 9 October 2025, 18:00\r\n\r\nThe oldest pilot leaves the service."
            ),
        ),
        {"Pilot retires"},
    ),
    "replaced under a new id": (
        (
            ninjs("urn:h:9", 0, "Buoy adrift", "A buoy drifts off the northern mole."),
            ninjs("urn:h:10", 1, "Buoy caught", "The buoy was caught by a cutter.", replacing=[{"uri": "urn:h:9"}]),
        ),
        {"Buoy caught"},
    ),
}
ORDERS = ((0, 1, 2), (2, 1, 0), (1, 2, 0))
"""Of the messages of the longest story: in order, backwards, and the middle first."""


@pytest.mark.parametrize("order", ORDERS, ids=str)
def test_the_state_of_every_story_is_equal_whatever_came_first(
    tmp_path: Path, lake: Path, run: Ingest, order: tuple[int, ...]
) -> None:
    items = 0
    for step in order:  # each delivery is a commit of its own
        folder = tmp_path / f"step{step}"
        folder.mkdir()
        for number, (messages, _) in enumerate(STORIES.values()):
            if step < len(messages):
                (folder / f"{number:02}").write_bytes(messages[step].encode())
        summary = run(folder)
        assert summary.failures == 0
        items += summary.items
    assert items == sum(len(messages) for messages, _ in STORIES.values())
    expected = sorted(headline for _, headlines in STORIES.values() for headline in headlines)
    assert sorted(current(str(lake))["headline"].to_pylist()) == expected
    held = pd.read_parquet(lake / "held")
    assert {"Budget is out", "Light tower sold", "Lotsen streiken"} <= set(held["headline"])
