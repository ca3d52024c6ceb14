"""A gate against lost stories: form texts that differ in names and words alone, and edited copies that must be found."""

from itertools import combinations

from tests.quality.stories import repeats, story

FORMS = [
    (
        "obit",
        "Obituary: {0}",
        (
            "{0}, of {1}, died peacefully at home on {2} surrounded by family. {0} was born in {3} and worked for "
            "many years at the {4} before retiring. A keen gardener and a member of the church choir, {0} is "
            "survived by a wife, three children and many grandchildren. A service of thanksgiving will be held at "
            "the parish church, followed by refreshments in the village hall. Family flowers only, please; "
            "donations may be made to the hospice."
        ),
        [
            ("Edwin Marsh", "Norrby", "Tuesday", "Hale", "paper mill"),
            ("Harold Petts", "Norrby", "Wednesday", "Linwick", "shipyard"),
            ("Alan Crewe", "Eastport", "Friday", "Hale", "gasworks"),
        ],
        24,
        "en",
    ),
    (
        "same headline obit",
        "Death notices",
        (
            "{0}, of {1}, died peacefully at home on {2} surrounded by family. {0} was born in {3} and worked for "
            "many years at the {4} before retiring. A keen gardener and a member of the church choir, {0} is "
            "survived by a wife, three children and many grandchildren. A service will be held at the parish "
            "church."
        ),
        [
            ("Edwin Marsh", "Norrby", "Tuesday", "Hale", "paper mill"),
            ("Harold Petts", "Norrby", "Wednesday", "Linwick", "shipyard"),
        ],
        24,
        "en",
    ),
    (
        "present",
        "{0} to Present at the Northern Growth Conference",
        (
            "{0} (NYSE: {1}), a leader in {2}, today announced that {3}, chief executive officer, will present at "
            "the Northern Growth Conference on Thursday. A live webcast of the presentation will be available on "
            "the investor relations section of the company website. An archived replay will be available for "
            "ninety days following the event. This press release contains forward-looking statements that involve "
            "risks and uncertainties, and actual results may differ materially from those expressed or implied."
        ),
        [
            ("Alder Systems", "ALD", "cloud storage", "Mary Holt"),
            ("Birch Energy", "BRC", "wind power", "Paul Ives"),
            ("Cedar Health", "CDR", "home care", "Ana Ruiz"),
        ],
        1,
        "en",
    ),
    (
        "dividend",
        "{0} Declares Quarterly Dividend",
        (
            "The board of directors of {0} today declared a quarterly cash dividend on the common stock, payable "
            "to shareholders of record at the close of business on the last day of the month. {0} is a {1} "
            "company with headquarters in {2}. The company has paid dividends in every quarter since it was "
            "listed. For more information, visit the investor relations page or contact the corporate secretary "
            "at the address below."
        ),
        [("Alder Systems", "software", "Tulsa"), ("Birch Energy", "utility", "Boise")],
        2,
        "en",
    ),
    (
        "podcast",
        "Episode: {0}",
        (
            "{0} talks with our hosts about {1}. Subscribe to the show wherever you get your podcasts, and leave "
            "us a review: it helps other people to find us. You can support the show on our membership page and "
            "get episodes without advertisements, early access and a monthly newsletter. The show is produced by "
            "the audio team, with music by the house band. Write to us at the usual address with questions and "
            "ideas for guests."
        ),
        [("Mary Holt", "bees"), ("Paul Ives", "tram drivers"), ("Ana Ruiz", "opera")],
        24,
        "en",
    ),
    (
        "podcast same headline",
        "The Morning Briefing",
        (
            "{0} talks with our hosts about {1}. Subscribe to the show wherever you get your podcasts, and leave "
            "us a review: it helps other people to find us. You can support the show on our membership page and "
            "get episodes without advertisements, early access and a monthly newsletter. The show is produced by "
            "the audio team, with music by the house band."
        ),
        [("Mary Holt", "bees"), ("Paul Ives", "tram drivers"), ("Ana Ruiz", "opera")],
        24,
        "en",
    ),
    (
        "road",
        "{0} closed for repairs",
        (
            "The {0} between {1} and {2} will be closed to all traffic overnight while crews resurface the "
            "carriageway and replace the barriers. Diversions will be signposted and drivers should allow extra "
            "time for their journeys. Access for residents and emergency vehicles will be kept open at all times, "
            "the council said, and the work may be put off if the weather is bad. Bus services will stop at "
            "temporary stands near the junction."
        ),
        [("coast road", "Norrby", "Hale"), ("ring road", "Eastport", "Linwick"), ("mill road", "Norrby", "the docks")],
        24,
        "en",
    ),
    (
        "match",
        "{0} beat {1}",
        (
            "{0} beat {1} at home on Saturday with goals in either half to move up the table. {2} opened the "
            "scoring with a header before the break and {3} made sure of the points late on when he finished from "
            "close range. The visitors had chances of their own but could not find a way past the goalkeeper, and "
            "they lost their captain to injury. The coach said that he was pleased with the effort and that the "
            "team would take one game at a time."
        ),
        [("Norrby", "Hale", "Moe", "Lunt"), ("Eastport", "Linwick", "Crewe", "Pym")],
        1,
        "en",
    ),
    (
        "horoscope",
        "Horoscope for {0}",
        (
            "{1}. Your daily horoscope: the moon moves through your sign and brings change at work. Talk to the "
            "people close to you before you decide on anything. Money matters look better in the evening. A "
            "letter may bring good news, and an old friend is thinking of you."
        ),
        [("Monday", "A day for patience"), ("Tuesday", "Take a walk by the water")],
        24,
        "en",
    ),
    (
        "quake",
        "Earthquake shakes {0}",
        (
            "An earthquake shook {0} on {1}, the seismological institute said. There were no immediate reports of "
            "damage or injuries. The quake was centred {2} of the town at shallow depth and was felt in the "
            "surrounding villages. People ran into the streets, residents told local radio. The region lies on an "
            "active fault and tremors are frequent. In past years strong quakes have caused loss of life and "
            "damage to buildings."
        ),
        [("Norrby", "Tuesday", "north"), ("Linwick", "Wednesday", "south")],
        24,
        "en",
    ),
    (
        "tv",
        "Tonight on television",
        (
            "{0}. Drama continues with {1} at the centre of a secret. Later, the news and the weather for your "
            "region, followed by a late film. Viewers can also watch on demand for the next seven days. The "
            "programme may contain scenes that some people find upsetting. Subtitles and audio description are "
            "available on most platforms, and listings are subject to change."
        ),
        [("The Harbour", "the doctor"), ("Mill Lane", "the new priest"), ("Coast Watch", "the diver")],
        24,
        "en",
    ),
    (
        "court",
        "Man in court over {0}",
        (
            "A man has appeared in court accused of {0} in {1}. {2}, of no fixed address, spoke only to confirm "
            "his name and date of birth during the short hearing. He entered no plea and was remanded in custody "
            "to appear again at the crown court next month. The charge follows an investigation by detectives, "
            "who have thanked members of the public for their help and ask anybody with information to come "
            "forward."
        ),
        [("burglary", "Norrby", "Tom Pym"), ("arson", "Hale", "Carl Lunt")],
        24,
        "en",
    ),
    (
        "missing",
        "Police appeal for missing {0}",
        (
            "Police are concerned for the welfare of {1}, a {0} from {2} who was last seen on {3}. {1} is of slim "
            "build with short dark hair and was wearing a blue jacket, jeans and white trainers. Officers are "
            "carrying out enquiries and have searched the area. Anybody who sees {1} or knows where the {0} might "
            "be is asked to call the police on the usual number and quote the reference on the website."
        ),
        [("teenager", "Tom Pym", "Norrby", "Monday"), ("pensioner", "Carl Lunt", "Hale", "Sunday")],
        24,
        "en",
    ),
    (
        "shares",
        "Shares {0} at close",
        (
            "Shares on the Norrby exchange {0} on {1} as investors weighed {2}. Banks and miners led the move "
            "while utilities were little changed. The currency was steady against the dollar and bond yields "
            "moved in a narrow range. Traders said volumes were thin ahead of the holiday and that many were "
            "waiting for the central bank. Oil and gold prices were little changed. Analysts expect markets to "
            "stay quiet for the rest of the week."
        ),
        [("rise", "Monday", "trade talks"), ("fall", "Tuesday", "the budget"), ("rise", "Thursday", "bank results")],
        24,
        "en",
    ),
    (
        "vacancy",
        "Council seeks {0}",
        (
            "The council is looking for a {0} to join its team in {1}. The successful candidate will have "
            "experience in a similar role, good communication skills and a full driving licence. We offer a "
            "generous pension, flexible working and training. We welcome applications from all parts of the "
            "community. Closing date is the end of the month, and interviews will be held in the weeks after "
            "that. Apply online through the jobs page."
        ),
        [("gardener", "Norrby"), ("surveyor", "Hale")],
        3,
        "en",
    ),
    (
        "agenda",
        "Parliament agenda",
        (
            "The house sits at ten. Questions to the minister of {0}, followed by the second reading of the {1} "
            "bill. The committee on {2} takes evidence in the afternoon from officials and experts. An "
            "adjournment debate will be held on services in the north. Business may be changed by the speaker. "
            "Live coverage is available on the parliamentary channel and a record is published the next morning."
        ),
        [("health", "fisheries", "transport"), ("finance", "housing", "schools")],
        24,
        "en",
    ),
    (
        "birth",
        "Zoo welcomes baby {0}",
        (
            "Keepers at the city zoo are celebrating the birth of a baby {0}, the first in years. The youngster "
            "is doing well and is being cared for by its mother, {1}, away from public view. Visitors will be "
            "able to see it in the coming weeks when it is strong enough. The zoo takes part in an international "
            "breeding programme for threatened animals and will ask children to help to choose a name."
        ),
        [("tapir", "Luna"), ("lemur", "Koko")],
        60,
        "en",
    ),
    (
        "de wetter",
        "Wetter: {0}",
        (
            "In {1} bleibt es am {2} überwiegend {3}. Dazu weht ein schwacher bis mäßiger Wind aus westlichen "
            "Richtungen. In der Nacht ist stellenweise mit Nebel zu rechnen, örtlich kann es glatt werden. Die "
            "Aussichten für die nächsten Tage bleiben wechselhaft, teilte der Wetterdienst mit. Autofahrer "
            "sollten ihre Fahrweise anpassen. Eine amtliche Warnung liegt derzeit nicht vor, sie kann aber "
            "jederzeit folgen."
        ),
        [
            ("Sonne im Norden", "Schleswig", "Montag", "freundlich"),
            ("Regen im Norden", "Schleswig", "Dienstag", "bewölkt"),
        ],
        24,
        "de",
    ),
    (
        "de blaulicht",
        "Unfall auf der Landstraße",
        (
            "Bei einem Unfall auf der Landstraße zwischen {0} und {1} ist am {2} ein {3} schwer verletzt worden. "
            "Der Mann war aus bislang unbekannter Ursache von der Fahrbahn abgekommen und gegen einen Baum "
            "geprallt. Rettungskräfte brachten ihn in ein Krankenhaus. Die Straße war für mehrere Stunden "
            "gesperrt. Zeugen werden gebeten, sich bei der Polizei zu melden. Die Ermittlungen zur Unfallursache "
            "dauern an."
        ),
        [("Altdorf", "Neustadt", "Montag", "Radfahrer"), ("Hagen", "Lindau", "Mittwoch", "Motorradfahrer")],
        24,
        "de",
    ),
    (
        "fr",
        "Fait divers : {0}",
        (
            "Un homme a été interpellé {1} à {2} dans le cadre d'une enquête sur {0}. Placé en garde à vue, il "
            "nie les faits qui lui sont reprochés. Le parquet a ouvert une information judiciaire et confié les "
            "investigations à la police judiciaire. Le suspect devrait être présenté à un juge dans les "
            "prochaines heures. Les enquêteurs lancent un appel à témoins et demandent à toute personne disposant "
            "d'informations de se manifester."
        ),
        [("un cambriolage", "lundi", "Norville"), ("un incendie", "mercredi", "Haleville")],
        24,
        "fr",
    ),
]
"""Name, headline, copy with gaps, what fills the gaps, hours between two, language."""

LOCK = (
    "Engineers began on Monday to drain the lower lock at Brackwater after divers found cracks in its "
    "gates, the canal authority said. The lock, which lets grain barges into the inland port, will stay "
    "shut for at least six weeks. Farmers in the valley warned that the harvest would have to travel by "
    "road, and the lorry drivers' union said that there were not enough drivers to carry it. \"We told "
    'them two years ago that the timber was rotten," said Mayor Ilse Brandt, who has asked the government '
    "for emergency money. The authority said that inspections had been delayed because of floods. A "
    "temporary dam will be built upstream so that boats can be moored safely. Officials hope to reopen "
    "one chamber by the end of May. The canal, dug by hand in the nineteenth century, carries a third of "
    "the region's freight. Environmental groups said that the work was a chance to build a passage for "
    "eels. The ministry of transport said it would study the request and answer within days."
)
SENTENCES = LOCK.split(". ")
HEADLINE = "Cracked gates shut Brackwater lock for six weeks"
TEASER = "Engineers began on Monday to drain the lower lock at Brackwater after divers found cracks in its gates."

COPIES = [
    ("another headline", "Brackwater lock to stay closed after divers find cracks", LOCK, 3, False),
    ("cut, another headline", "Canal lock closed for weeks at Brackwater", ". ".join(SENTENCES[:7]) + ".", 3, False),
    ("cut", HEADLINE, ". ".join(SENTENCES[:4]) + ".", 3, False),
    (
        "sentences added",
        HEADLINE,
        LOCK + " The old bridge needs work, too. A meeting will be held at the hall.",
        3,
        False,
    ),
    ("local lead", HEADLINE, "People in Norrby will feel the closing of the lock at Brackwater. " + LOCK, 3, False),
    (
        "house style",
        HEADLINE,
        LOCK.replace("said Mayor", "says Mayor")
        .replace("grain barges", "barges of grain")
        .replace("at least six weeks", "six weeks at least")
        .replace("the government", "Whitehall"),
        3,
        False,
    ),
    ("spelling", HEADLINE, LOCK.replace("lorry", "truck").replace("nineteenth", "19th"), 3, False),
    ("moved", HEADLINE, ". ".join(SENTENCES[:3] + SENTENCES[5:] + SENTENCES[3:5]), 3, False),
    ("next morning", HEADLINE, LOCK, 20, True),
    ("shorter", HEADLINE, ". ".join(SENTENCES[:6]) + ".", 2, True),
    ("capitals", HEADLINE.upper(), LOCK, 3, False),
]


def test_no_form_text_is_merged_with_its_neighbour() -> None:
    merged, pairs = [], 0
    for name, headline, copy, fillings, hours, language in FORMS:
        for (i, one), (j, other) in combinations(enumerate(fillings), 2):
            first = story(f"{i}", "wire.example", headline.format(*one), copy.format(*one), 0, language)
            for provider in ("wire.example", "paper.example"):
                second = story(
                    f"{j}", provider, headline.format(*other), copy.format(*other), hours * (j - i), language
                )
                pairs += 1
                if repeats(first, second):
                    merged.append((name, provider, one[0], other[0]))
    assert pairs >= 60
    assert not merged


def test_edited_copies_are_found() -> None:
    first = story("a", "wire.example", HEADLINE, LOCK, 0)
    missed = [
        name
        for name, headline, copy, hours, same in COPIES
        if not repeats(first, story("b", "wire.example" if same else "paper.example", headline, copy, hours))
    ]
    assert not missed


def test_a_teaser_is_found_again_under_its_headline() -> None:
    first = story("a", "wire.example", HEADLINE, TEASER, 0)
    assert repeats(first, story("b", "paper.example", HEADLINE, TEASER, 3))
