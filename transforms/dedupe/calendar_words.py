"""Weekdays and months in the languages of most feeds, as event tokens: what tells one edition of a form from the next.

Chinese and Japanese words count by pairs of characters. Case endings need no entry where a word's beginning stands for
it (six letters, ``tokens.PREFIX_BYTES``). ``May`` and ``March`` are verbs as well: that costs a missed repeat at most,
where both openings have such a word and no other.
"""

import numpy as np

from transforms.dedupe.tokens import tokenise

_CALENDAR_TEXT = """
monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun
january february march april may june july august september october november december
jan feb mar apr jun jul aug sep sept oct nov dec
montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag
jänner januar februar märz mai juni juli oktober dezember
lundi mardi mercredi jeudi vendredi samedi dimanche janvier février mars avril juin juillet août septembre octobre
novembre décembre
lunes martes miércoles jueves viernes sábado domingo enero febrero marzo abril mayo junio julio agosto septiembre
octubre noviembre diciembre
lunedì martedì mercoledì giovedì venerdì sabato domenica gennaio febbraio aprile maggio giugno luglio settembre
ottobre dicembre
segunda terça quarta quinta sexta janeiro fevereiro março maio junho julho setembro outubro novembro dezembro
maandag dinsdag woensdag donderdag vrijdag zaterdag zondag januari februari maart mei augustus
mandag tirsdag onsdag torsdag fredag lørdag søndag måndag tisdag lördag söndag desember augusti
maanantai maanantaina tiistai tiistaina keskiviikko keskiviikkona torstai torstaina perjantai perjantaina lauantai
lauantaina sunnuntai sunnuntaina tammikuu helmikuu maaliskuu huhtikuu toukokuu kesäkuu heinäkuu elokuu syyskuu lokakuu
marraskuu joulukuu
poniedziałek wtorek środa środę czwartek piątek sobota sobotę niedziela niedzielę stycznia lutego marca kwietnia maja
czerwca lipca sierpnia września października listopada grudnia
pondělí úterý středa středu čtvrtek pátek sobotu neděle neděli ledna února března dubna května června července srpna
září října prosince
понедельник вторник среда среду четверг пятница пятницу суббота субботу воскресенье января февраля марта апреля мая
июня июля августа сентября октября ноября декабря
понеділок вівторок середа середу четвер пʼятниця субота суботу неділя неділю січня лютого березня квітня травня червня
липня серпня вересня жовтня листопада грудня
pazartesi salı çarşamba perşembe cuma cumartesi pazar ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim
kasım aralık
الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر
نوفمبر ديسمبر
senin selasa rabu kamis jumat sabtu minggu januari februari maret mei juni juli agustus oktober desember
सोमवार मंगलवार बुधवार गुरुवार शुक्रवार शनिवार रविवार
월요일 화요일 수요일 목요일 금요일 토요일 일요일
月曜 火曜 水曜 木曜 金曜 土曜 日曜 周一 周二 周三 周四 周五 周六 周日 週一 週二 週三 週四 週五 週六 週日
星期一 星期二 星期三 星期四 星期五 星期六 星期日 星期天
"""


_RELATIVE_TEXT = """
yesterday today tomorrow overnight gestern heute morgen hier aujourd'hui demain ayer hoy mañana ieri oggi domani ontem
hoje amanhã gisteren vandaag igår idag går dag eilen tänään wczoraj dzisiaj dziś včera dnes вчера сегодня вчора
сьогодні dün bugün أمس اليوم kemarin
"""


def _tokens(text: str) -> frozenset[int]:
    tokens = tokenise(np.frombuffer(" ".join(text.split()).casefold().encode(), np.uint8))
    return frozenset(((tokens.stems >> np.uint64(32)) & np.uint64(0xFFFFFFFE)).tolist())


CALENDAR = _tokens(_CALENDAR_TEXT)
"""Of all the languages together: a word that is one of these in another language is rarely swapped for a second."""

RELATIVE_DAYS = _tokens(_RELATIVE_TEXT)
"""Words for a day as its readers see it."""
