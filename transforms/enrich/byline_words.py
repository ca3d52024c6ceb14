"""Words that bylines are made of besides names: labels, roles, organisations, desks, titles, conjunctions.

Every table holds conventions of many papers and agencies, per language where the word is a short one. All words are
casefolded.
"""


def _names(text: str) -> frozenset[str]:
    return frozenset(" ".join(name.split()) for name in text.split("|"))


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ROLE_NOUNS = _words(
    """
    reporter reporters correspondent correspondents writer writers editor editors journalist journalists columnist
    columnists contributor contributors critic critics producer producers director analyst commentator chief
    photographer photographers photojournalist photo-journalist cameraman videographer videojournalist host anchor
    presenter broadcaster freelancer freelance intern fellow blogger author authors stringer publisher strategist
    economist professor lecturer president chairman chairwoman ceo founder co-founder cofounder specialist
    researcher scientist expert sub-editor subeditor co-editor co-author newsreader trainee apprentice cartoonist
    illustrator designer meteorologist historian novelist redakteur redakteurin redakteure redaktor redaktorin
    redaktoren ressortleiter ressortleiterin korrespondent korrespondentin korrespondenten reporterin journalistin
    autor autorin leiter leiterin chefredakteur chefredakteurin chefredaktor volontär volontärin praktikant
    praktikantin kommentator kommentatorin experte expertin kolumnist kolumnistin herausgeber herausgeberin fotograf
    fotografin gastautor gastautorin wissenschaftsautorin wissenschaftsautor blattmacher chefreporter chefreporterin
    büroleiter büroleiterin mitarbeiter mitarbeiterin geschäftsführer geschäftsführerin vorstand ökonom ökonomin
    journaliste journalistes correspondant correspondante correspondants rédacteur rédactrice chroniqueur
    chroniqueuse envoyé envoyée envoyés éditorialiste présidente président professeur professeure directeur
    directrice historien historienne sociologue économiste politologue philosophe auteur auteure autrice photographe
    pigiste chef cheffe reporter-photographe corresponsal corresponsales redactor redactora redactores periodista
    periodistas enviado enviada enviados columnista editora directora jefe jefa fotógrafo fotógrafa catedrático
    profesor profesora autora presidenta analista coordinador coordinadora colaborador colaboradora repórter
    jornalista jornalistas correspondente enviado enviada colunista editor-chefe diretor diretora professora
    repórteres estagiário estagiária giornalista corrispondente inviato inviata redattore redattrice caporedattore
    caposervizio direttore direttrice editorialista fotografo verslaggever verslaggeefster redacteur redactrice
    correspondente hoofdredacteur freelancejournalist columniste redaktør redaktor kommentator korrespondent
    kulturredaktør nyhedsredaktør debattør journalister redaktör reporterare krönikör chefredaktör toimittaja
    päätoimittaja kirjeenvaihtaja dziennikarz dziennikarka korespondent korespondentka publicysta redaktorka novinář
    novinářka redaktorka zpravodaj zpravodajka novinar novinarka dopisnik urednik újságíró szerkesztő tudósító
    корр кор корреспондент корреспонденты обозреватель журналист журналистка редактор спецкор собкор колумнист автор
    кореспондент кореспондентка журналіст журналістка редакторка корреспондентка спецкорреспондент reportér reportérka
    reporterka jurnalist jurnalistă δημοσιογράφος ανταποκριτής ανταποκρίτρια
    muhabir muhabiri editörü yazar yazarı temsilcisi genel koresponden
    wartawan penulis kontributor
    """,
)
"""Nouns that say what somebody does."""

ROLE_MODIFIERS = _words(
    """
    senior junior deputy assistant associate executive managing chief lead staff special foreign national
    international political politics parliamentary diplomatic defence defense security business economics economic
    economy financial finance markets market money consumer personal technology tech science health medical
    environment environmental climate energy education sports sport football soccer cricket rugby golf tennis racing
    travel food culture arts art music film tv television media entertainment celebrity showbiz royal lifestyle
    fashion news breaking investigative investigations crime court courts legal law home affairs social community
    local regional city metro state county white capitol city-hall digital online web content audience opinion
    features feature data video photo visual audio radio multimedia hub live weekend night day trending real estate
    property transport transportation religion africa asia europe european american middle east china india russia
    us uk eu un washington london global world war contributing guest veteran award-winning former copy wire general
    bureau assignment statehouse immigration labor labour housing cultural literary book theatre theater restaurant wine
    automotive motoring cars aviation space weather chief-political industry retail banking commodities leitender
    leitende stellvertretender stellvertretende freier freie unser unsere politischer politische wirtschaftlicher
    our verantwortlicher verantwortliche technischer wissenschaftlicher grand grande unserem unserer notre nos nuestro
    nuestra nossa nosso nostro nostra vår våre vores onze democracy justice open
    """,
)
"""Words that stand before a role noun and belong to it."""

ROLE_SUFFIXES = [
    "redakteur",
    "redakteurin",
    "redaktor",
    "redaktorin",
    "korrespondent",
    "korrespondentin",
    "reporter",
    "reporterin",
    "journalist",
    "journalistin",
    "autor",
    "autorin",
    "experte",
    "expertin",
    "chef",
    "chefin",
    "leiter",
    "leiterin",
    "redaktør",
    "redaktör",
    "korrespondenten",
    "journalisten",
    "redaktion",
    "redactie",
    "kommentator",
    "fotograf",
]
"""Ends of Germanic compounds that are roles: Wirtschaftsredakteur, Online-Redaktion."""

SECTIONS = _words(
    """
    news politik politics wirtschaft business sport sports kultur culture panorama meinung opinion economy economía
    política sociedad deportes cultura internacional nacional economia esportes política mundo cidades politique
    économie société monde culture politica esteri cronaca spettacoli nieuws buitenland binnenland wetenschaft
    wissen wissenschaft gesellschaft nyheter utenriks innenriks kommentar analysis analyse exclusive features world
    local uk us technology tech entertainment interview gastbeitrag gastkommentar leitartikel essay chronique porträt
    reportage
    """,
)
"""Names of sections and genres that stand before a name."""

ORGANISATION_WORDS = _words(
    """
    news newspaper newspapers times post press presse prensa stampa imprensa press-agency agency agencies agence
    agences agencia agencias agência agências agenzia agenzie agentur agenturen nachrichtenagentur nachrichten
    nachrichtendienst zeitung allgemeine tageblatt anzeiger kurier rundschau morgenpost abendblatt tribune herald
    journal daily weekly monthly gazette chronicle observer guardian telegraph independent mirror express examiner
    dispatch inquirer courier bulletin magazine magazin revue review radio tv television télévision televisión
    televisione broadcasting broadcast channel network networks media mediagroup group groupe grupo gruppe inc. inc
    ltd ltd. gmbh llc corp corp. corporation company plc s.a. ag institute university foundation stiftung
    association associated society council committee ministry government department redaktion redaktionsnetzwerk
    redaktionen redacción redaccion redaccion redação redacao rédaction redazione redactie redaktionen redaktionens
    redakcja redakce redakcia toimitus desk staff team bureau service services wire newswire newswires reports
    online digital .com website newsroom editorial board diario diário periódico journal jornal giornale gazzetta
    corriere quotidien dagblad avis tidning tidningen nyheter nyhetsbyrån telegrambyrå byrå kommunikation
    communications communication publishing publications partners pr club union union-tribune american-statesman
    statesman league research studio studios productions ria novosti pravda известия новости агентство редакция
    газета пресс-служба тасс haber ajansı ajans gazetesi haberler newsflash pressedienst presseportal newsdesk
    webdesk web-desk monitoring verlag headquarters embassy center centre centro centrum correspondents contributors
    army navy police polizei policía polícia polizia politie politi corps affairs amnesty watch feuerwehr landratsamt
    stadtverwaltung landeshauptstadt kommune universität hochschule ministerium bundesamt redaksi
    college school hospital academy bank commission authority office administration coalition alliance
    nations organization organisation solutions stadt gemeinde landkreis pressemitteilung equipo comunicado
    courrier correo correio koerier echo sentinel argus beacon monitor gleaner shimbun citizen advocate équipe
    éditoriale newsletter post-gazette star-tribune globe sun-times wereld
    """,
)
"""Words that make a run of capitals an organisation."""

ARTICLES = _words("the le la les l' der die das el los las il lo gli het de o os as")

DESKS = _words(
    """
    staff desk newsdesk webdesk newsroom redaktion redacción redaccion redação redazione rédaction redactie
    redaktionen toimitus redakcja redakce agencies agenturen agencias agências agences agenzie team bureau reports
    wire board редакция agencies haber redaktionens monitoring
    """,
)
"""Words that end the name of a desk; alone in a byline they are its organisation."""

NOBODY = _words(
    """
    admin administrator webmaster editor anonymous anonym unknown by von par por cet cest est edt pst pdt gmt utc
    bst ist none n/a na null guest contributed user test author staff-generic red red. rédac root nobody undefined
    no-data-available no-author wordpress default info contact redakcija nan system sysadmin
    """,
)
"""What software writes where no name was given, and the house abbreviation for the editors."""

TITLES = _words(
    """
    dr dr. prof prof. professor mr mr. mrs mrs. ms ms. mx miss sir dame lord lady baroness rev rev. reverend fr. hon
    hon. rt herr frau hr. fr dipl.-ing. dipl. ing. mag. mag dkfm. ddr. univ.-prof. ass.-prof. pd priv.-doz. m. mme
    mme. mlle monsieur madame maître me dott. dott.ssa dr.ssa sig. sig.ra avv. on. don doña d. d.ª sr. sra. srta.
    dra. dra lic. ing gen. col. maj. capt. lt. sgt. adm. ambassador amb. senator sen. gov. dhr. mevr. drs. ir.
    rep rep. spc spc. pfc pfc. pvt pvt. cpl cpl. lcpl lcpl. ssgt tsgt msgt a1c cmdr cmdr. med. rer. nat. phil. jur.
    bishop archbishop cardinal rabbi imam pastor father sister brother judge justice prince princess
    prof.dr. doc. mgr. phdr. ph.d. judr. mudr. ingeniero h.c. d-r проф. проф д-р г-н г-жа sheikh shri smt. haji
    datuk tan tun ustaz
    """,
)
"""Forms of address and degrees before a name. Names that equal one (Don, Ing) are kept by the given-name list."""

POST_NOMINALS = _words(
    """
    phd ph.d. ph.d phd. md m.d. m.d mba msc m.sc. bsc b.sc. ma m.a. m.a. ba b.a. llm ll.m. llb jd j.d. rn r.n. rd
    rdn esq esq. cfa cpa cfp mp m.p. obe mbe cbe kc qc sc frs dphil d.phil. edd ed.d. dds dvm mph mpp mfa pharmd
    psyd lcsw np dnp dr.h.c. mdb mdl mep bcom ll.d. dmd do facp ms m.s. rdn, ld cns cssd cpt pt dpt
    """,
)
"""Degrees and honours behind a name."""

GENERATIONS = _words("jr jr. sr sr. ii iii iv júnior junior filho neto snr jnr fils père")

PARTICLES = _words(
    """
    de del della dello dei degli delle di da das do dos du des la le las los van von vom zu zum zur der den dem ter
    ten te het 't op in aan af av bin ben ibn bint al el ad as ash at-tayyib e y i und af zu st. st d' dell' dall'
    san santa abu umm o ni mac mc ap ab vander vanden na
    """,
)
"""Small words inside names; they never end one, except an inverted one (``Jong, Michiel de``)."""

INITIALS_LIMIT = 4
"""Longest house abbreviation of an editor, in letters (``hosb``, ``kesm``)."""

CONJUNCTIONS: dict[str, str] = {
    "de": "und|u\\.|sowie|mit",
    "nl": "en|met",
    "af": "en",
    "fr": "et|avec",
    "es": "y|e|con",
    "ca": "i|amb",
    "gl": "e",
    "pt": "e|com",
    "it": "e|ed|con",
    "ro": "și|şi|si",
    "da": "og",
    "no": "og",
    "nb": "og",
    "nn": "og",
    "is": "og",
    "sv": "och",
    "fi": "ja",
    "et": "ja",
    "lv": "un",
    "lt": "ir",
    "pl": "i|oraz",
    "cs": "a",
    "sk": "a",
    "sl": "in",
    "hr": "i",
    "sr": "i|и",
    "bs": "i",
    "hu": "és",
    "ru": "и",
    "be": "і|и",
    "bg": "и",
    "mk": "и",
    "uk": "і|й|та",
    "el": "και",
    "tr": "ve|ile",
    "id": "dan",
    "ms": "dan",
    "vi": "và",
    "sw": "na",
    "sq": "dhe",
    "eu": "eta",
    "cy": "a|ac",
    "ga": "agus",
    "hi": "और",
    "ur": "اور",
    "fa": "و",
    "ko": "와|과",
}
"""Words that join two names, per language; ``and`` and ``&`` join everywhere."""

ANY_CONJUNCTIONS = "and|with|via|und|et|og|och|och|și|oraz|και|ve|dan|και|और|och"
"""Conjunctions long or rare enough to join in any language."""

IN_WORDS: dict[str, str] = {
    "en": "in|at|from",
    "de": "in|aus|im",
    "nl": "in|vanuit|uit",
    "fr": "à|au|aux|en|depuis",
    "es": "en|desde",
    "pt": "em|no|na|de",
    "it": "da|a|dal|dalla",
    "da": "i|fra",
    "no": "i|fra",
    "nb": "i|fra",
    "sv": "i|från",
    "pl": "w|z",
    "ru": "в|из",
    "ar": "في",
}
"""Words before the place that somebody reports from."""

LOOSE_LABELS: dict[str, str] = {
    "en": "from|with",
    "it": "di|da",
    "sv": "av",
    "no": "av",
    "nb": "av",
    "nn": "av",
    "da": "af",
    "nl": "door|van",
    "af": "deur",
    "ro": "de",
    "ca": "per",
    "gl": "por",
    "fr": "par|de",
    "es": "por|de",
    "pt": "por|de",
    "id": "oleh",
    "ms": "oleh",
    "cs": "od",
    "hr": "piše|pise",
    "sr": "piše|пише",
    "el": "από|του|της",
    "vi": "theo",
    "fi": "teksti|kirjoittanut|kirjoittaa",
    "tr": "yazan",
    "pl": "napisał|napisała|opracował|opracowała",
}
"""Short words that label a byline in one language and may open a name in another."""

PLACES = _names(
    """
    new york|new york city|los angeles|san francisco|san diego|san jose|san antonio|hong kong|new delhi|tel aviv|
    buenos aires|mexico city|ciudad de méxico|rio de janeiro|são paulo|sao paulo|cape town|kuala lumpur|abu dhabi|
    saint petersburg|st. petersburg|st petersburg|ho chi minh city|phnom penh|addis ababa|santo domingo|
    san salvador|san juan|guatemala city|panama city|kuwait city|las vegas|new orleans|salt lake city|el paso|
    st. louis|st louis|washington dc|washington d.c.|washington, d.c.|port-au-prince|porto alegre|belo horizonte|
    santa cruz|la paz|santa fe|the hague|den haag|la haye|la haya|frankfurt am main|bad homburg|st. gallen|
    sankt gallen|baden-baden|vatican city|baton rouge|des moines|little rock|long beach|palo alto|silicon valley|
    west bank|gaza city|tel-aviv|sri lanka|south africa|south korea|north korea|united states|united kingdom|
    saudi arabia|costa rica|puerto rico|new zealand|el salvador|sierra leone|burkina faso|new jersey|new mexico|
    new hampshire|north carolina|south carolina|west virginia|north dakota|south dakota|rhode island|nova york|
    nueva york|nouvelle-orléans|le caire|la havane|la habana|el cairo|il cairo|san pietroburgo|são francisco|
    नई दिल्ली|नयी दिल्ली
    """,
)
"""Places of several words that stand beside names in bylines; single words need no table, people have two."""

CITIES = _words(
    """
    madrid barcelona sevilla valencia bilbao bruselas londres parís roma berlín moscú pekín tokio bogotá caracas
    montevideo estambul jerusalén nairobi beijing shanghai moscow brussels bruxelles brüssel berlin wien vienna zürich
    genève genf geneva hamburg münchen köln paris rome roma milano milan torino napoli bologna firenze venezia lisboa
    lisbon brasília curitiba recife salvador warszawa warsaw praha prague budapest bukarest istanbul ankara kairo cairo
    beirut damascus baghdad tehran teheran kabul islamabad karachi lahore delhi mumbai kolkata chennai bengaluru dhaka
    jakarta manila bangkok hanoi seoul tokyo taipei singapore canberra melbourne brisbane perth auckland johannesburg
    lagos abuja accra kampala khartoum toronto ottawa montreal montréal vancouver washington chicago boston houston
    philadelphia seattle stockholm oslo helsinki københavn copenhagen kyiv kiev kiew moskau peking athen athens
    """,
)
"""Cities where correspondents sit and which are rarely surnames: behind a whole name they are where it was written."""

PUBLISHERS = _names(
    """
    le monde|le figaro|spiegel|le parisien|la croix|les echos|les échos|libération|l'équipe|l'express|der spiegel|
    die welt|die zeit|der standard|die presse|der tagesspiegel|bild|taz|stern|focus|tagesschau|zdfheute|heise|
    el país|el pais|el mundo|abc|la vanguardia|la nación|la nacion|clarín|clarin|el universal|la jornada|o globo|
    o estado|folha|folhapress|folha de s.paulo|público|expresso|la repubblica|la stampa|il sole 24 ore|
    il fatto quotidiano|de volkskrant|de standaard|de telegraaf|het parool|trouw|nrc|de tijd|aftonbladet|expressen|
    dagens nyheter|svenska dagbladet|aftenposten|dagbladet|politiken|berlingske|jyllands-posten|helsingin sanomat|
    hürriyet|sabah|commersant|коммерсантъ|рбк|интерфакс|тасс|риа новости|the conversation|the local|buzzfeed|
    politico|axios|vox|quartz|reuters health|stat|stateline|propublica|getty images|getty|imago|picture alliance|
    picture-alliance|shutterstock|epa|keystone|keystone-sda|scanpix|wikimedia|bloomberg|yahoo|msn|techcrunch|
    the verge|wired|zeit online|spiegel online|t-online|n-tv|ntv|watson|blick|20 minuten|20 minutes|24 heures|nzz|
    kleine zeitung|kurier|orf.at|associated newspapers|voice of america|radio free europe|rfe/rl|deutsche welle|
    euronews|al jazeera|al arabiya|الجزيرة|العربية|رويترز|وكالات|新华社|新華社|
    jeune afrique|el sol de méxico|daily mail|mail on sunday|the mail on sunday|daily nation|the nation|the star|
    the sun|metro|evening standard|the hill|the atlantic|the new yorker|the new republic|slate|salon|mother jones|
    usa today|newsweek|time|forbes|fortune|business insider|insider|huffpost|mashable|gizmodo|ars technica|engadget|
    zdnet|cnet|the register|nature|science|new scientist|scientific american|live science|livescience|space.com|
    national geographic|the lancet|kaiser health news|kff health news|calmatters|the marshall project|the 19th|
    grist|inside climate news|the intercept|la presse|le devoir|le soir|le temps|ouest-france|sud ouest|sud-ouest|
    le télégramme|la dépêche|le progrès|la provence|nice-matin|mediapart|le point|l'obs|marianne|challenges|la tribune|
    la libre|paris match|franceinfo|infobae|milenio|excélsior|reforma|el financiero|la razón|el comercio|el tiempo|
    el espectador|semana|el mercurio|la tercera|página/12|página 12|perfil|el periódico|eldiario.es|el confidencial|
    20minutos|marca|as|estadão|o estado de s. paulo|o estado de s.paulo|valor econômico|correio braziliense|
    zero hora|metrópoles|veja|época|istoé|jornal de notícias|diário de notícias|il post|il messaggero|il giornale|
    libero|avvenire|il foglio|la gazzetta dello sport|fanpage.it|fanpage|il manifesto|handelsblatt|wirtschaftswoche|
    manager magazin|capital|cicero|junge welt|neues deutschland|frankfurter allgemeine|süddeutsche|augsburger|
    rnd|t3n|golem|golem.de|heise online|netzpolitik|netzpolitik.org|correctiv|profil|falter|news.at|tages-anzeiger|
    der bund|aargauer zeitung|luzerner zeitung|de morgen|het laatste nieuws|het nieuwsblad|de tijd|nu.nl|
    algemeen dagblad|ekstra bladet|b.t.|børsen|information|e24|verdens gang|dagens næringsliv|nettavisen|
    göteborgs-posten|sydsvenskan|dagens industri|iltalehti|ilta-sanomat|gazeta wyborcza|rzeczpospolita|onet|
    novaya gazeta|meduza|новая газета|медуза|ведомости|взгляд|лента.ру|газета.ру|фонтанка|
    中新社|共同通信|時事通信|연합뉴스|뉴스1|뉴시스
    """,
)
"""Papers, sites and picture services whose names carry no word of ``ORGANISATION_WORDS``."""

BROADCASTERS = _words(
    """
    bbc cnn cnbc msnbc npr pbs cbs nbc abc itv dw ard zdf rtl orf srf mdr ndr wdr swr rbb br br24 hr sr rts rai rtve
    rtp nos vrt rtbf nrk svt dr yle tvp cbc sbs rnz rnd dts nzme sid kbc nhk tbs cctv cgtn trt vov vtv ptv geo ary
    pti ians afx uol g1 r7
    """,
)
"""Broadcasters and desks' house names that sign with capitals."""

MISSPELT = {"reuter": "Reuters"}
"""House names that were signed in a shorter form."""
