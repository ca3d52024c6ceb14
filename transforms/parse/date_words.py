"""Words of printed dates: names of months, zones and halves of the day."""

# January to December, each by language: English, French, German, Austrian, Spanish, Italian, Portuguese, Dutch,
# Scandinavian, Finnish, Polish, Czech, Slovak, Hungarian, Romanian, Turkish, Greek, Russian, Ukrainian, Bulgarian,
# Serbian, Indonesian, Arabic (both namings), Hebrew, Hindi; full, genitive and short forms.
_MONTH_WORDS = (
    """
    january jan janvier janv januar jänner jän enero ene gennaio gen janeiro januari tammikuu tammikuuta
    styczeń stycznia sty leden ledna január januára ianuarie ian ocak oca ιανουάριος ιανουαρίου ιαν
    январь января янв січень січня січ януари јануар يناير كانون_الثاني ינואר जनवरी gener
    """,
    """
    february feb février févr fév februar feber febrero febbraio febb fevereiro fev februari helmikuu
    helmikuuta luty lutego lut únor února február februára februarie şubat şub φεβρουάριος φεβρουαρίου
    φεβ февраль февраля фев лютий лютого лют февруари фебруар فبراير شباط פברואר फ़रवरी फरवरी pebruari
    """,
    """
    march mar mars märz mär mrz marzo março marco maart mrt marts maaliskuu maaliskuuta marzec marca
    březen března marec március martie mart μάρτιος μαρτίου μαρ март марта мар березень березня бер مارس
    آذار מרץ מרס मार्च maret
    """,
    """
    april apr avril avr abril abr aprile april huhtikuu huhtikuuta kwiecień kwietnia kwi duben dubna
    apríl apríla április aprilie nisan nis απρίλιος απριλίου απρ апрель апреля апр квітень квітня квіт
    април أبريل نيسان אפריל अप्रैल
    """,
    """
    may mai mayo maggio mag maio mei maj toukokuu toukokuuta maja květen května máj mája május mayıs
    μάιος μαΐου μαϊ μαΐ май мая травень травня трав мај مايو أيار מאי मई
    """,
    """
    june jun juin juni junio giugno giu junho kesäkuu kesäkuuta czerwiec czerwca cze červen června jún
    júna június iunie iun haziran haz ιούνιος ιουνίου ιουν июнь июня июн червень червня черв юни јун
    يونيو حزيران יוני जून
    """,
    """
    july jul juillet juil juli julio luglio lug julho heinäkuu heinäkuuta lipiec lipca lip červenec
    července júl júla július iulie iul temmuz tem ιούλιος ιουλίου ιουλ июль июля июл липень липня лип
    юли јул يوليو تموز יולי जुलाई
    """,
    """
    august aug août aout agosto ago augustus augusti elokuu elokuuta sierpień sierpnia sie srpen srpna
    augusta augusztus ağustos ağu αύγουστος αυγούστου αυγ август августа авг серпень серпня серп август
    أغسطس آب אוגוסט अगस्त agustus
    """,
    """
    september sept sep septembre septiembre settembre sett set setembro syyskuu syyskuuta wrzesień
    września wrz září septembra szeptember szept septembrie eylül eyl σεπτέμβριος σεπτεμβρίου σεπ
    сентябрь сентября сен сент вересень вересня вер септември септембар سبتمبر أيلول ספטמבר सितंबर
    """,
    """
    october oct octobre oktober okt octubre ottobre ott outubro out lokakuu lokakuuta październik
    października paź říjen října október októbra octombrie ekim eki οκτώβριος οκτωβρίου οκτ октябрь
    октября окт жовтень жовтня жовт октомври октобар أكتوبر تشرين_الأول אוקטובר अक्टूबर
    """,
    """
    november nov novembre noviembre novembro marraskuu marraskuuta listopad listopada lis listopadu
    novembra noiembrie noi kasım kas νοέμβριος νοεμβρίου νοε ноябрь ноября ноя листопад листопада лист
    ноември новембар نوفمبر تشرين_الثاني נובמבר नवंबर nopember
    """,
    """
    december dec décembre déc dezember dez diciembre dic dicembre dezembro desember des joulukuu
    joulukuuta grudzień grudnia gru prosinec prosince decembra decembrie aralık ara δεκέμβριος
    δεκεμβρίου δεκ декабрь декабря дек грудень грудня груд декември децембар ديسمبر كانون_الأول דצמבר
    दिसंबर desember
    """,
)

MONTHS: dict[str, int] = {
    word.casefold().replace("_", " "): number
    for number, words in enumerate(_MONTH_WORDS, start=1)
    for word in words.split()
}
"""Case-folded names of months, and their numbers. Croatian names are left out: its listopad is another month."""

PM_WORDS = frozenset(("pm", "오후", "下午", "午後", "晚上", "μμ", "du", "غروب"))
"""Words for the afternoon that do not stand right after the clock time."""

UTC_NAMES = frozenset(("Z", "UT", "UTC", "GMT", "WET", "ZULU", "UCT", "ETC/UTC", "ETC/GMT", "GMT/UTC"))
"""Names of zero offset."""

ZONES: dict[str, int] = {
    # The names of RFC 822 (section 5.1), in its meaning: North America.
    "EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360, "PST": -480, "PDT": -420,
    # The rest of North America. AST: Atlantic, as feedparser reads it; Arabian sources print +0300.
    "AST": -240, "ADT": -180, "NST": -210, "NDT": -150, "AKST": -540, "AKDT": -480, "HST": -600, "HDT": -540,
    "ET": -300, "CT": -360, "MT": -420, "PT": -480,
    # Europe. BST: British summer time; Bangladesh, which uses the name too, prints +0600 in feeds.
    "BST": 60, "WEST": 60, "CET": 60, "CEST": 120, "MET": 60, "MEST": 120, "MEZ": 60, "MESZ": 120, "EET": 120,
    "EEST": 180, "TRT": 180, "MSK": 180, "MSD": 240, "SAMT": 240, "YEKT": 300, "OMST": 360, "KRAT": 420, "IRKT": 480,
    "YAKT": 540, "VLAT": 600, "HAEC": 120,
    # Asia. IST: India, by far the most news in it; Israel's and Ireland's meaning holds where the source's zone says
    # so. IDT is Israel's summer time. SGT, not SST (Samoa), is Singapore's name.
    "IST": 330, "IDT": 180, "PKT": 300, "NPT": 345, "BDT": 360, "BTT": 360, "MMT": 390, "ICT": 420, "WIB": 420,
    "WITA": 480, "WIT": 540, "SGT": 480, "MYT": 480, "HKT": 480, "PHT": 480, "PHST": 480, "AWST": 480, "KST": 540,
    "JST": 540, "GST": 240, "IRST": 210, "AFT": 270, "UZT": 300, "AZT": 240, "GET": 240, "AMT": 240, "SLST": 330,
    "ULAT": 480,
    # Oceania. EST and CST with an Australian meaning hold where the source's zone says so.
    "ACST": 570, "ACDT": 630, "AEST": 600, "AEDT": 660, "AWDT": 540, "NZST": 720, "NZDT": 780, "CHST": 600,
    "FJT": 720, "SST": -660,
    # Africa. WAT and CAT, EAT have one meaning each.
    "WAT": 60, "CAT": 120, "SAST": 120, "EAT": 180,
    # South America.
    "BRT": -180, "BRST": -120, "ART": -180, "CLT": -240, "CLST": -180, "COT": -300, "PET": -300, "VET": -240,
    "BOT": -240, "ECT": -300, "UYT": -180, "PYT": -180, "GYT": -240,
}  # fmt: skip
"""Named zones, minutes east of Greenwich. A name is read as printed, also where the season speaks against it."""

ZONES_BEYOND_DOUBT = frozenset(("EST", "EDT", "CST", "CDT", "MST", "MDT", "PST", "PDT", "AST", "ADT"))
"""Names that every reader of RFC 822 dates takes alike."""
