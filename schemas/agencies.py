"""News agencies and press-release wires, under the names that datelines and bylines print.

A name is an agency only when it stands here (or extends one that does: ``Thomson Reuters Foundation``,
``PRNewswire-AsiaNet``); capitals alone never make one.

Sources: members of the European Alliance of News Agencies, the Organisation of Asia-Pacific News Agencies and the
Federation of Arab News Agencies as their sites list them; the agencies' own style books and sample copy for the printed
forms; for press-release wires and news services, their own releases.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Agency:
    """One agency.

    Attributes:
        name: its usual name.
        home: ISO 3166 alpha-2 of the one country it serves first, or None when it serves the world or releases.
        names: all printed forms.
    """

    name: str
    home: str | None
    names: tuple[str, ...]


_WORLD = """
AP|Associated Press|The Associated Press|אי-פי|أسوشيتد برس|أ ب|АП|美联社
Reuters|Reuter|REUTERS|Рейтер|رويترز|路透社|路透|ロイター|로이터|रॉयटर्स|Ρόιτερς|Roiters|Reuters Life!|Thomson Reuters Foundation|Thomson Reuters|Reuters Health|Reuters Breakingviews|Breakingviews|IFR
AFP|Agence France-Presse|AFP Relaxnews|Relaxnews|أ ف ب|أ.ف.ب|ا ف ب|ا.ف.ب|فرانس برس|АФП|法新社|時事AFP|法新|에이에프피
UPI|United Press International
Bloomberg|Bloomberg News|Блумберг|بلومبرغ|彭博|彭博社|ブルームバーグ
Dow Jones|Dow Jones Newswires|DJ|MarketWatch
CNN|CNN Business|CNN.com|CNNMoney|CNN Money|CNN en Español|CNN Brasil|CNN Philippines|CNN Türk|CNN Chile|CNNSI.com
BBC|BBC News
Al Jazeera|الجزيرة|الجزيرة نت
IPS|Inter Press Service
OPTA|Opta
Gracenote|Infostrada Sports
Field Level Media|FLM
Sportsticker|Ticker|Sports Network|The Sports Network|Sports Xchange|The Sports Xchange|Stats Perform
BusinessDesk
MT Newswires
Omnisport|SNTV
PRNewswire|PR Newswire|PRN|PRNewswire-FirstCall|PRNewswire-USNewswire|PRNewswire-AsiaNet|PRNewswire-Asia|PRNewswire-PRWeb|PR Newswire Europe|Xinhua-PRNewswire|XPRN|美通社|PRNewsFoto|FirstCall
Business Wire|BUSINESS WIRE|BUSINESSWIRE|Businesswire|Business Wire India
GLOBE NEWSWIRE|GlobeNewswire|Globe Newswire|GLOBENEWSWIRE|PrimeNewswire|PRIMEZONE|PRIME NEWSWIRE|Nasdaq
AsiaNet|Asianet|Kyodo JBN|Kyodo JBN-AsiaNet|JBN|MEDIANET|Medianet
Marketwired|Marketwire|MARKETWIRE|Marketwired-|Market Wire|CCNMatthews|CCN Matthews
ACCESSWIRE|ACCESS Newswire|Accesswire|ACCESS NEWSWIRE|Newsfile Corp.|Newsfile Corp|Newsfile|TheNewswire|THE NEWSWIRE|PRWEB|PRWeb|EIN Presswire|EINPresswire.com|EINPresswire|EIN Newswire|NewMediaWire|Newswire.com|NetworkNewsWire|Baystreet.ca|InvestorsHub|Stockhouse|U.S. Newswire|Ascribe|openPR|Presseportal|ots|news aktuell|pressetext|EQS|EQS-News|DGAP|APA-OTS|OTS|Cision|Cision News|NTB Kommunikasjon|Hugin|Thomson Reuters ONE|Nasdaq GlobeNewswire|ResponseSource|RealWire|ANTARA/PRNewswire|ANTARA/Business Wire|Media OutReach|Media OutReach Newswire|ACN Newswire|JCN Newswire|JCN|SeaPRwire|APO Group|APO|African Media Agency|AETOSWire|ME NewsWire|Send2Press|Send2Press Newswire|PRLog|Digital Journal|iCrowd Newswire|iCrowdNewswire|XPR|VMPR|ZEX PR WIRE|SBWire|SBWIRE|24-7PressRelease|PR Underground|Storyful
IRIN|The New Humanitarian|IRIN News
VOA|Voice of America|RFE/RL|RFE|RFA|Radio Free Asia|RFI|DW|Deutsche Welle|France 24|Euronews|Benar News|BenarNews
Zenit|ZENIT|CNS|Catholic News Service|CNA/EWTN News|EWTN News|RNS|Religion News Service|Baptist Press|BP|Fides|Agenzia Fides|AsiaNews|Vatican News|UCA News|ACI Prensa|ACI Africa|ENI|JTA|JNS
New York Times|The New York Times|NYT|New York Times News Service|Washington Post|The Washington Post|Los Angeles Times|LA Times|Wall Street Journal|Financial Times|Guardian|The Guardian|McClatchy|Knight Ridder|Knight Ridder Newspapers|Cox News Service|Newhouse News Service|Scripps Howard|Gannett News Service|Tribune News Service|TNS|tca|TCA|Tribune Content Agency|States News Service|Hearst Newspapers|CBS|CBS News|CBS SportsLine|CBS.MW|NBC|NBC News|ABC News|Fox News|FOX News|FOX|FOXNews.com|MSNBC|NPR|CNBC|CNET|CNET News.com|ZDNet|InfoWorld|PC World|PCWorld|TechWeb|MacCentral|MacWorld|Computerworld|NewsFactor|Ziff Davis|Investor's Business Daily|TheStreet.com|TheStreet|SPACE.com|Space.com|LiveScience|HealthDay|HealthDay News|WebMD|MedPage Today|E! Online|Variety|Hollywood Reporter|The Hollywood Reporter|Billboard|Rolling Stone|Time.com|USATODAY.com|USA TODAY|washingtonpost.com|BusinessWeek|BusinessWeek Online|Forbes.com|Forbes|Fortune|SmartMoney.com|Kiplinger|Newsweek|The Daily Beast|Politico|POLITICO|The Hill|Axios|ProPublica|KFF Health News|Kaiser Health News|Stateline|The Conversation|Mongabay|Grist|Inside Climate News|The Daily Signal|Daily Caller News Foundation|The Center Square|NewsNation|Nexstar|Gray News|InvestigateTV|Scripps News|WSN|Stacker|Motley Fool|The Motley Fool|Zacks|Benzinga|RTTNews|RTT News|FXStreet|Investing.com|CoinDesk|Cointelegraph|Decrypt|CBN News|Christian Post|WND|Newsmax|UPI Health|The Epoch Times|CQ|Roll Call|Capitol News Illinois|Anadolu English|Al Arabiya|Al-Arabiya|العربية|العربية.نت|Sky News|Sky News Arabia|سكاي نيوز عربية|The National|Arab News|Gulf News|Khaleej Times|Asharq Al-Awsat|الشرق الأوسط|Al-Monitor|Middle East Eye|The Media Line|Cybercast News Service|CNSNews.com|Canadian Business Online|Autosport|Motorsport.com|Motorsport|GMM|Cyclingnews|Cricinfo|ESPN|ESPNcricinfo|Goal.com|Sportal|SI.com|NewsNet5|OneIndia|MediaPost|TechCrunch
EFE-EPA|EPA|epa
"""
"""Agencies and news services that serve no one country; one a line (several where they share a kind)."""

_HOMES = """
US|The Canadian Press US|City News Service|CNS Media|Bay City News|BCN|Capitol Hill Blue|Texas Tribune|CalMatters|Minnesota News Network
GB|PA|PA Media|Press Association|PA Sport|PA News|ITV|National Catholic Reporter UK|SWNS|Reach PLC|Alliance News|LSE:RNS
IE|PA Ireland|RTE|RTÉ
CA|CP|The Canadian Press|Canadian Press|La Presse Canadienne|PC|Presse canadienne|CNW|CNW Group|Canada NewsWire|CNW Telbec|Groupe CNW|QMI|QMI Agency|Postmedia|Postmedia News|CanWest|CanWest News Service|Southam|CBC|CTV|CTV News|Global News
AU|AAP|Australian Associated Press|AAP General News|ABC|NewsCorp|News Corp Australia
NZ|NZPA|NZME|RNZ|NZ Herald|Scoop
DE|dpa|dpa-AFX|dpa-afx|dpa/lno|dpa-infocom|dpa/tmn|tmn|lno|lni|lby|lsw|lnw|lhe|lrs|lth|lsn|lah|lbn|lmv|lsa|lsh|lsl|lbw|dpa-Custom Content|dpa English|dpa International|ddp|dapd|DAPD|AFX|DJN|KNA|epd|sid|SID|dts|dts Nachrichtenagentur|idea|iz|vwd|AFP Deutschland|AFPD|Reuters Deutschland|rnd|RND|red|ADN|IDEA|dpa/sid
AT|APA|APA/AFP|APA/dpa|APA/Reuters|APA/ag.|Kathpress|KAP|APA-Science|pte|ORF|ÖGB
CH|sda|SDA|ATS|ats|Keystone-SDA|Keystone-ATS|SDA-ATS|AWP|awp|SRF|srf|swissinfo|swissinfo.ch|kath.ch|kipa|KIPA|NZZ|si|Sportinformation
FR|Agence Option|AEF|CFCA|France Info|Le Monde|APM|APMnews|Destination Santé|AFP Factuel
BE|Belga|BELGA|belga|BLG
NL|ANP|Novum|ANP-Expert|ANP/AFP|ANP/RTR
LU|Luxemburger Wort
ES|EFE|Agencia EFE|Efe|EFEAGRO|EFEverde|Efeagro|EP|EUROPA PRESS|Europa Press|EuropaPress|Colpisa|COLPISA|OTR/PRESS|Servimedia|SERVIMEDIA|SERVIMEDIA.|ACN|Agència Catalana de Notícies|ICAL|Vasco Press
PT|Lusa|LUSA|Agência Lusa|Ecclesia|Agência Ecclesia
IT|ANSA|Ansa|AGI|Agi|Adnkronos|ADNKRONOS|AdnKronos|LaPresse|LAPRESSE|Askanews|askanews|TMNews|Radiocor|Il Sole 24 Ore Radiocor|Italpress|ITALPRESS|DIRE|Dire|Agenzia Dire|Nova|Agenzia Nova|MF-DJ|SIR|AdnKronos Salute|APCOM|Apcom|9Colonne|Aise|Inform|Teleborsa|Agr
VA|Vatican News Service|Vatican Information Service|VIS
DK|ritzau|Ritzau|RITZAU|Ritzau Finans
NO|NTB|NTB-AFP|NTB-Reuters|NTB-DPA|NPK|NTB scanpix|ANB
SE|TT|TT-AFP|TT-Reuters|TT-AFP-Reuters|TT-Ritzau|TT-NTB|Direkt|Nyhetsbyrån Direkt|SIX News|Siren
FI|STT|STT-AFP|STT-Reuters|STT-Lehtikuva|FNB|UP|Uutissuomalainen|Startel|STT–AFP
IS|RÚV
PL|PAP|Polska Agencja Prasowa|IAR|KAI|ISBnews
CZ|ČTK|CTK|ČTK.|Mediafax.cz
SK|TASR|SITA|TK KBS
HU|MTI|MTI-Eco|Havaria Press
RO|Agerpres|AGERPRES|Rompres|Mediafax|MEDIAFAX|News.ro|Basilica
MD|Moldpres|MOLDPRES|IPN|Infotag|INFOTAG|Infomarket
BG|BTA|БТА|Focus|Фокус|BGNES|БГНЕС|Novinite
RS|Tanjug|Танјуг|TANJUG|Beta|BETA|FoNet|FONET|Fonet
HR|HINA|Hina|IKA
SI|STA
BA|FENA|Fena|SRNA|Srna|ONASA|AA Balkans
ME|MINA
MK|MIA|МИА|Makfax
AL|ATA|ATSH
XK|KosovaPress|Kosovapress|Kosova Press
GR|ANA-MPA|ANA|ΑΠΕ-ΜΠΕ|ΑΠΕ|AMNA|ΑΜΠΕ|MPA|AMNA.
CY|CNA|KYPE|ΚΥΠΕ|Cyprus News Agency
MT|DOI Malta
TR|AA|Anadolu|Anadolu Agency|Anadolu Ajansı|DHA|İHA|IHA|ANKA|Demirören Haber Ajansı|İhlas|ANF|Bianet|الأناضول|وكالة الأناضول|Cihan|CİHAN|UAV
RU|TASS|ТАСС|Itar-Tass|ITAR-TASS|ИТАР-ТАСС|Tass|塔斯社|タス通信|تاس|РИА Новости|RIA Novosti|RIA|RIA Nowosti|РИА|Rossiya Segodnya|Sputnik|СПУТНИК|Спутник|سبوتنيك|俄罗斯卫星通讯社|スプートニク|Interfax|ИНТЕРФАКС|Интерфакс|ИФАКС|Интерфакс.|REGNUM|ИА Регнум|Росбалт|Regnum|ПРАЙМ|Прайм|ФедералПресс|Накануне.RU|URA.RU|РАПСИ|НСН|РБК|RBC|Агентство Москва|Российская газета|Интерфакс-Запад|Интерфакс-Юг|RT
UA|Ukrinform|Укринформ|УКРИНФОРМ|Укрінформ|УНИАН|УНІАН|UNIAN|УНН|Interfax-Ukraine|Интерфакс-Украина|Інтерфакс-Україна|РБК-Україна|РБК-Украина|RBC-Ukraine|Суспільне|Ukrainian News|Украинские новости
BY|BelTA|БЕЛТА|БелТА|BELTA|Belapan|БЕЛАПАН|БелаПАН|Корр. БЕЛТА|Sputnik Беларусь|Минск-Новости
KZ|Kazinform|КАЗИНФОРМ|Казинформ|QAZINFORM|Qazinform|ҚазАқпарат|KazTAG|КазТАГ|Tengrinews|Tengrinews.kz
KG|Kabar|КАБАР|Кабар|AKIpress|24.kg|АКИpress|K-News
UZ|УзА|UzA|Podrobno.uz|UzDaily|Dunyo|Дунё
TJ|Asia-Plus|Ховар|Khovar|НИАТ Ховар|Азия-Плюс
TM|TDH|Türkmenistan|Turkmenistan Today|ТДХ
AM|Armenpress|ARMENPRESS|АРМЕНПРЕСС|Арменпресс|NEWS.am|News.am|Sputnik Армения|ARKA|АРКА|Mediamax|МЕДИАМАКС|Panorama.am
AZ|AZERTAC|АЗЕРТАДЖ|AZƏRTAC|AzerTAc|Azertac|APA Azerbaijan|Trend|ТРЕНД|Turan|Report|Report İnformasiya Agentliyi
GE|Interpressnews|InterPressNews|IPN.ge|Sputnik Грузия|Sputnik Georgia|Agenda.ge|GHN|Civil.ge
LT|ELTA|BNS
LV|LETA
EE|ETA|ERR News
IL|JPost|Ynet|TPS|INN|Arutz Sheva|Itim
PS|WAFA|Wafa|وفا|Ma'an|MA'AN|معا|PNN|Palestinian Information Center|صفا|شهاب
JO|Petra|بترا|PETRA|Ammon|عمون
LB|NNA|الوطنية|وكالة الأنباء المركزية|المركزية
SY|SANA|سانا|Sana|North Press|ANHA
IQ|INA|واع|NINA|Shafaq News|شفق نيوز|السومرية نيوز|Alsumaria|Rudaw|Kurdistan 24|ناس|الغد برس
SA|SPA|واس|وكالة الأنباء السعودية
AE|WAM|وام|Emirates News Agency|وكالة أنباء الإمارات|Zawya
QA|QNA|قنا
KW|KUNA|كونا
BH|BNA|بنا
OM|ONA|العمانية|الْعُمانية
YE|Saba|سبأ|SABA|سبأنت|26 سبتمبر
EG|MENA|أ ش أ|أ.ش.أ|أ ش ا|وكالة أنباء الشرق الأوسط|اليوم السابع
LY|LANA|وال|Libya Herald|WAL
TN|TAP|وات|Tunis Afrique Presse|وكالة تونس إفريقيا للأنباء
DZ|APS|وأج|واج|Algérie Presse Service
MA|MAP|ومع|و م ع|Maghreb Arabe Presse
MR|AMI|وما
SD|SUNA|سونا|Sudan News Agency|Sudan Tribune
IR|IRNA|ایرنا|إرنا|ISNA|ایسنا|إسنا|MNA|مهر|Mehr|Mehr News|FNA|Fars|فارس|Tasnim|تسنیم|تسنيم|IQNA|ایکنا|YJC|ILNA|ایلنا|Iran Press|IFP|Press TV|Shana|SHANA|شانا|ISNA.|IPNA
AF|Pajhwok|Pajhwok Afghan News|Bakhtar|BNA Afghanistan|PAN|AIP|Khaama Press|Ariana News|TOLOnews
PK|APP|Associated Press of Pakistan|PPI|INP|Online|NNI|UrduPoint|UrduPoint News|Pakistan Point News|APP/AFP|NNI News|UNS|Online News Agency|SANA Pakistan|اردوپوائنٹ|اے پی پی|INCPAK
IN|PTI|Press Trust of India|ANI|IANS|UNI|PTI Bhasha|भाषा|वार्ता|Varta|एएनआई|आईएएनएस|पीटीआई|IANSlife|India Blooms|KNN|KNS|GNS|TNN|Times News Network|HT|Express News Service|ENS|DHNS|IBNS|SocialNews.XYZ|NewsVoir|Hindusthan Samachar|हि.स.|हिन्दुस्थान समाचार|PNN India|ANI/PNN|BusinessWire India|PTI/AP|XINHUA-IANS|udayavani|uni|ಯುಎನ್ಐ
BD|BSS|UNB|বাসস|ইউএনবি|bdnews24.com|bdnews24|বিডিনিউজ|BDST|Banglanews24
NP|RSS|रासस|Rastriya Samachar Samiti
LK|LANKAPUVATH|Lankapuvath|News 1st|Daily Mirror|EconomyNext|ECONOMYNEXT
MV|MNA Maldives|PSM News
CN|Xinhua|XINHUA|Xinhua News Agency|新华社|新华网|新華社|新華網|Синьхуа|СИНЬХУА|شينخوا|新华|China News Service|CNS China|中新社|中新网|中國新聞社|ECNS|中通社|人民网|人民日报|央视网|央视新闻|Xinhua/AFP|CGTN|新华财经|中国新闻网|中国日报网|光明网|上海证券报|澎湃新闻|新京报|环球时报|China Daily|Chine nouvelle|Synhua|신화|신화통신|新華
HK|香港中通社|HKT48|RTHK
MO|Macau News Agency|GCS
TW|中央社|CNA Taiwan|Central News Agency|中央通訊社|Focus Taiwan|中廣新聞網|ETtoday
JP|Kyodo|Kyodo News|共同|共同通信|共同通信社|共同社|Jiji|Jiji Press|時事|時事通信|時事通信社|时事社|JIJI|JIJI PRESS|Jiji Press English News|朝日新聞|読売新聞|毎日新聞|産経新聞|Nikkei|日経|日本経済新聞|NNA Japan|KYODO NEWS|KYODO|Antara/Kyodo|교도|教導|교도통신|지지통신
KR|Yonhap|연합뉴스|韩联社|聯合ニュース|聯合新聞通訊社|YONHAP|Yonhap News|Йонхап|뉴시스|Newsis|NEWSIS|뉴스1|News1|이데일리|연합인포맥스|머니투데이|아시아경제|헤럴드경제|헤럴드POP|OSEN|스타뉴스|일간스포츠|스포츠조선|마이데일리|엑스포츠뉴스|파이낸셜뉴스|서울경제|한국경제|매일경제|뉴스핌|Newspim|데일리안|조이뉴스24|아이뉴스24|CBS노컷뉴스|노컷뉴스|국민일보|세계일보|Yonhap Infomax|텐아시아|브레이크뉴스|프레시안|오마이뉴스|노컷
KP|KCNA|조선중앙통신|朝中社|朝鮮中央通信
MN|Montsame|МОНЦАМЭ|MONTSAME
VN|VNA|TTXVN|VOV|Vietnam News|VNS|VietnamPlus|Vietnam+|Nhân Dân
LA|KPL|KPL News
KH|AKP|Fresh News
MM|MNA Myanmar|Mizzima|The Irrawaddy|Myanmar News Agency|GNLM
TH|TNA|Thai News Service|NNT|Bangkok Post
MY|Bernama|BERNAMA|马新社|Malay Mail|FMT
SG|CNA Singapore|Straits Times|ST|The Straits Times|SPH
ID|ANTARA|Antara|ANTARA News|Tempo|TEMPO.CO|TEMPO|Tempo.co|Kompas|KOMPAS.com|Kompas.com|Detik|detikcom|detikNews|Liputan6.com|Liputan6|Merdeka.com|Republika|REPUBLIKA.CO.ID|REPUBLIKA|VIVA|VIVA.co.id|JPNN.com|Okezone|Sindonews|SINDOnews.com|Tribunnews|TRIBUNNEWS.COM|CNN Indonesia|CNBC Indonesia|IDN Times|Suara.com|KBRN|RRI|Beritasatu.com|Bisnis.com|Bisnis|Kontan.co.id|KONTAN.CO.ID|iNews.id|Media Indonesia|Jawa Pos|JawaPos.com|AKURAT.CO|Medcom.id|Katadata|kumparan|PikiranRakyat
PH|PNA|Philippine News Agency|PIA|Philippine Information Agency|GMA News|Rappler|Inquirer|ABS-CBN News
PG|PNG Post-Courier|NBC PNG|Post-Courier
FJ|FijiLive|PACNEWS|Pacnews|FBC News
ZA|SAPA|Sapa|SAnews|SAnews.gov.za|News24|African News Agency|ANA Africa|SABC|GroundUp|Daily Maverick|IOL
NG|NAN|News Agency of Nigeria|Vanguard|This Day|Daily Trust|Premium Times|Leadership|Guardian Nigeria|The Punch|Punch
GH|GNA|Ghana News Agency|Public Agenda|Ghanaian Chronicle|Accra Mail
KE|KNA Kenya|Kenya News Agency|The Nation|Daily Nation|Capital FM|The Star|The Standard|East African|The East African
UG|New Vision|The Monitor|Daily Monitor|URN|Uganda Radio Network
TZ|Daily News|Tanzania Daily News|The Citizen|Arusha Times
RW|New Times|The New Times|RNA|ARI
BI|ABP|AGNews|Iwacu
ET|ENA|Addis Standard|Addis Fortune|WIC|FBC|Ethiopian News Agency|Capital Ethiopia
ER|ERINA|Shabait|Shabait.com
SO|SONNA|Garowe Online|Shabelle|Shabelle Media Network|Radio Dalsan|Dalsan Radio
SN|APS Sénégal|Sud Quotidien|Le Soleil|Agence de Presse Sénégalaise|PANA|Panapress|APA News|APANEWS|APA-
CI|AIP Côte d'Ivoire|Fraternité Matin|Notre Voie
ML|AMAP|L'Essor|Les Echos
BF|AIB|Le Pays|Sidwaya|L'Observateur Paalga|Fasozine
NE|ANP Niger|Niger Press
BJ|ABP Bénin|La Nouvelle Tribune|Fraternité
TG|ATOP|Republic of Togo|Togocel
CM|CAMNEWS|Cameroon Tribune|Camer.be
GA|AGP|Gabonews|Agence Gabonaise de Presse|Gabon News
CG|ACI|Les Dépêches de Brazzaville|Dépêches de Brazzaville
CD|ACP|Radio Okapi|Le Potentiel|La Prospérité|Le Phare
AO|Angop|ANGOP|Angola Press
MZ|AIM|Agencia de Informacao de Mocambique|@Verdade|Club of Mozambique
ZW|New Ziana|Ziana|The Herald|Zimbabwe Independent|Financial Gazette|NewZimbabwe.com|263Chat
ZM|ZANIS|Times of Zambia|Zambia Daily Mail|The Post
MW|MANA|Nyasa Times|Malawi News Agency
BW|BOPA|Mmegi|Botswana Daily News
NA|Nampa|NAMPA|The Namibian|New Era|Namibian
LS|LENA|Public Eye
SZ|Swazi Observer|Times of Swaziland
MG|ANTA|La Gazette de la Grande Ile|Midi Madagasikara|L'Express de Madagascar
MU|Le Mauricien|Government of Mauritius|L'Express
SC|SNA|Seychelles News Agency
CV|Inforpress|INFORPRESS
GW|ANG
SL|SLENA|Concord Times
LR|LINA|The Inquirer|New Dawn|FrontPageAfrica|Liberian Observer
GM|GAMNA|FOROYAA|The Point|Foroyaa|The Daily Observer
MX|Notimex|NOTIMEX|NTX|El Universal|Agencia Reforma|Reforma|APRO|apro|Quadratín|Cuartoscuro|SUN|El Financiero|Milenio|Excélsior|La Jornada|Infobae México|NTR
GT|AGN|Prensa Libre|Cerigua
SV|Diario El Salvador|DES
HN|Proceso Digital|Hondudiario
NI|Confidencial|Prensa Nica
CR|La Nación Costa Rica|ACAN-EFE|Acan-Efe|ACAN
PA|ACAN Panamá|Telemetro
CU|Prensa Latina|PRENSA LATINA|PL|AIN|ACN Cuba|Granma|Cubadebate
DO|Diario Libre|Listín Diario
PR|INS|CyberNews|EFE News|Inter News Service
HT|AHP|AlterPresse|Haiti Libre
JM|JIS|Jamaica Observer|CANA|CMC|Caribbean Media Corporation|Observer
TT|CMC Trinidad|Newsday
GY|DPI|GINA|Kaieteur News
CO|Colprensa|COLPRENSA|Caracol|RCN
VE|AVN|ABN|Agencia Venezolana de Noticias|VTV|El Pitazo|EFE Venezuela
EC|Andes|API|Ecuadorinmediato
PE|Andina|ANDINA|Agencia Andina|RPP
BO|ABI|ANF Bolivia|Agencia de Noticias Fides|Erbol|Jornada
CL|ATON|Aton Chile|UPI Chile|Orbe|EMOL
AR|Télam|TÉLAM|Telam|TELAM|DyN|DYN|NA|Noticias Argentinas|Diarios y Noticias|Infobae
UY|Uypress|Montevideo Portal|UYPRESS
PY|IP|Agencia IP|Jaku'éke
BR|Agência Brasil|AGÊNCIA BRASIL|Agencia Brasil|ABr|Agência Estado|AE|Estadão Conteúdo|ESTADÃO CONTEÚDO|Folhapress|FOLHAPRESS|UOL/FOLHAPRESS|G1|Agência O Globo|Agência Senado|Agência Câmara|Valor|Estado|AGÊNCIA ESTADO
"""
"""Country of first service | names. Papers stand here when their datelines print them as the deliverer."""

_EXTENSIONS = frozenset(
    [
        "news",
        "agency",
        "business",
        "sports",
        "sport",
        "newswire",
        "newswires",
        "foundation",
        "international",
        "indonesia",
        "english",
        "television",
        "tv",
        "radio",
        "online",
        "staff",
        "wire",
        "wires",
        "service",
        "services",
        "media",
        "group",
        "live",
        "health",
        "money",
        "world",
        "press",
        "firstcall",
        "asianet",
        "asia",
        "usnewswire",
        "prnewswire",
        "prweb",
        "com",
        "afx",
        "photo",
        "video",
        "economic",
        "relaxnews",
        "life!",
    ]
)
"""Words that an agency's printed name may be followed by."""

_PUNCTUATION = re.compile(r"[\s\u00a0\u200b-\u200f]+")


def agency_key(text: str) -> str:
    """The form under which an agency's name is looked up: case, width, dots and runs of space are no difference."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return _PUNCTUATION.sub(" ", text.replace(".", "")).strip(" -/,").casefold()


def _table() -> dict[str, Agency]:
    table: dict[str, Agency] = {}
    for line in _WORLD.strip().splitlines():
        names = tuple(line.split("|"))
        agency = Agency(names[0], None, names)
        for name in names:
            table.setdefault(agency_key(name), agency)
    for line in _HOMES.strip().splitlines():
        home, *rest = line.split("|")
        agency = Agency(rest[0], home, tuple(rest))
        for name in rest:
            table.setdefault(agency_key(name), agency)
    return table


AGENCIES: dict[str, Agency] = _table()
"""Agencies by :func:`agency_key` of each printed name; worldwide ones win a name that several print."""


@lru_cache(8192)
def find_agency(text: str) -> Agency | None:
    """The agency that a printed name stands for.

    Args:
        text: one name, without brackets (``dpa``, ``Thomson Reuters Foundation``, ``PRNewswire-AsiaNet``).

    Returns:
        The agency, or None. A compound is an agency when each part by hyphen is one (``NTB-AFP``), and so is a known
        name of three letters and more followed only by words such as ``News``, ``Agency`` or ``Business``.
    """
    if len(text) > 60:  # no agency's name is longer; keeps the memo small
        return None
    key = agency_key(text)
    found = AGENCIES.get(key)
    if found is not None or len(key) < 3:
        return found
    if "-" in key:
        parts = [p.strip() for p in key.split("-")]
        known = [AGENCIES.get(p) for p in parts]
        if known[0] is not None and all(k is not None or p in _EXTENSIONS for k, p in zip(known, parts, strict=True)):
            return known[0]
    words = key.split(" ")
    for n in range(len(words) - 1, 0, -1):
        head = AGENCIES.get(" ".join(words[:n]))
        if head is not None and len(words[0]) >= 3 and all(w in _EXTENSIONS for w in words[n:]):
            return head
    return None


def is_agency(text: str) -> bool:
    """Whether a printed name is that of a news agency, news service or press-release wire we know."""
    return find_agency(text) is not None


def agency_home(text: str) -> str | None:
    """ISO 3166 alpha-2 of the country that an agency serves first; None for worldwide and unknown ones."""
    found = find_agency(text)
    return found.home if found else None
