"""Common given names of many countries, for the few decisions where spelling alone does not show where a name begins.

They decide whether ``Jordan Press`` is a person, where the next person starts in ``Ann Ode Tom Lee``, and which side of
``García Ruiz, Ana`` is the given name. A name that is missing here is still read as a person's wherever commas and
conjunctions show the parts. The list is our own, from general knowledge, not taken from any collection.
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ENGLISH = """
aaron abby abigail adam adrian aidan aiden alan alana albert alec alex alexandra alexis alfred alice alicia alison
alistair allan allen allison alyssa amanda amber amelia amy andre andrea andrew andy angela angus anita ann anna anne
annie anthony april archie arthur ashley audrey austin barbara barry beatrice becky ben benjamin bernard beth bethany
betty beverly bill billy blake bob bonnie brad bradley brandon brenda brendan brent brett brian bridget brooke bruce
bryan bryce caitlin caleb callum calvin cameron carl carla carly carmen carol caroline carolyn carrie casey cassandra
catherine cathy chad charlene charles charlie charlotte chelsea cheryl chloe chris christian christie christina
christine christopher christy chuck cindy claire clara clare clarence claude claudia clive cody colin colleen connor
conor corey courtney craig curtis cynthia daisy dale damian damien dan dana daniel danielle danny darren dave david
dawn dean debbie deborah debra declan denise dennis derek desmond diana diane dominic don donald donna doris dorothy
doug douglas drew duncan dustin dylan ed eddie edgar edith edward edwin eileen elaine eleanor eli elizabeth ella ellen
ellie elliot emily emma eric erica erin ernest ethan eugene eva evan evelyn ewan faith felicity fiona florence frances
francis frank fred freddie gareth garry gary gavin gemma gene geoff geoffrey george georgia georgina gerald gerard
gerry gillian gina glenn gloria gordon grace graeme graham grant greg gregory guy hannah harold harriet harry harvey
hayley hazel heather heidi helen helena henry herbert holly howard hugh ian imogen irene iris isaac isabel isabella
isobel ivan ivy jack jackie jackson jacob jacqueline jade jake james jamie jan jane janet janice jared jason jay jean
jeff jeffrey jenna jennifer jenny jeremy jerome jerry jesse jessica jill jim jimmy jo joan joanna joanne joe joel john
johnny jon jonathan jordan joseph josh joshua joy joyce juan judith judy julia julian julie juliet june justin karen
kate katherine kathleen kathryn kathy katie katrina kay keith kelly ken kenneth kerry kevin kieran kim kimberly kirsten
kirsty kristen kristin kurt kyle lachlan lara larry laura lauren laurence lawrence leah lee len leo leon leonard leslie
lewis liam lily linda lindsay lindsey lionel lisa liz lloyd logan lois lola loretta lorna lorraine louis louise lucas
lucy luke lydia lynn madeleine madison maggie malcolm marc marcia marcus margaret maria marie marilyn marion marjorie
mark martha martin mary matt matthew maureen maurice max megan melanie melinda melissa mia michael michelle miguel
mike mildred miles miranda mitchell molly monica morgan naomi natalie natasha nathan neil nell nellie nicholas nick
nicola nicole nigel nina noah noel nora norma norman oliver olivia oscar owen pamela patricia patrick paul paula pauline
peggy penny percy pete peter phil philip phillip phoebe rachael rachel ralph randy ray raymond rebecca reginald rex
rhys richard rick ricky rita rob robert roberta robin rod rodney roger ron ronald rosa rosalind rosanna rose rosemary
rosie ross roy ruby rupert russ russell ruth ryan sally sam samantha samuel sandra sandy sara sarah scott sean
sebastian seth shane shannon sharon shaun shawn sheila shelley sherry shirley sian sidney simon sophia sophie stacey
stacy stan stanley stella stephanie stephen steve steven stewart stuart sue susan suzanne sylvia tamara tanya tara ted
terence teresa teri terry tessa theodore theresa thomas tiffany tim timothy tina toby todd tom tommy toni tony tracy
travis trevor tristan troy tyler valerie vanessa vera vernon veronica vicky victor victoria vincent viola violet
virginia vivian wade walter wanda warren wayne wendy wesley will william winston yvonne zach zachary zoe
"""

_GERMAN_DUTCH_NORDIC = """
achim albrecht alexandra alfons andreas angelika anja anke anneliese annett annette annika anton antje armin arne
arno astrid axel barbara bastian beate beatrix benedikt benno bernd bernhard bettina birgit bjorn björn bodo boris
brigitte britta burkhard carina carolin carsten christa christel christiane christof christoph claas claus
constantin cornelia corinna dagmar detlef dieter dietmar dirk dominik dorothea eckhard edeltraud elke elfriede elmar
else engin erich erika ernst esther eva ewald fabian falk felix ferdinand finn florian franz franziska frauke
friederike friedrich fritz gabi gabriele georg gerd gerda gerhard gero gert gisela gregor gudrun gunter gunther
günter günther guido gustav hanna hannelore hannes hanno hans harald hartmut hauke heike heiko heiner heinrich heinz
helga helge helmut henning henrik henrike herbert hermann hilde holger horst hubert ilse inga inge ingeborg ingo
ingrid irmgard isabell jakob jana janine jannis jens jessica joachim jochen johann johanna johannes jonas jorg jörg
josef juliane julius jurgen jürgen jutta kai karin karl karla karsten katharina kathrin katja katrin kerstin kilian
klara klaus konrad konstantin korinna kornelia kristina kurt lars lea lena leonie lothar ludger ludwig luise lukas
lutz magdalena manfred manuel manuela margarete margit margot marika marina markus marlene marten matthias mathias
mathilda mathilde maximilian mechthild meike melanie michaela mirjam mona monika moritz nadine nadja nico niklas
nils norbert olaf ole oliver otto pascal patrik petra philipp pia rainer ralf regina reiner reinhard reinhold renate
robert roland rolf rosemarie rudiger rüdiger rudolf ruth sabine sandra sascha sebastian siegfried sigrid silke
silvia simone sina sonja stefan stefanie steffen steffi susanne susann sven svenja tanja theo theodor thilo thomas
thorsten till tilman timo tina tobias torsten udo ulf uli ulla ulrich ulrike ursula ute uwe valentin veit verena
viktor viktoria volker waltraud werner wilfried wilhelm willi willy wolf wolfgang yannick anouk bart bas beatrijs
bram bregje cees daan dick dirk eelco esmée evert femke floor frits geert geertje gerard gerrit gijs hanneke hans
harm hein henk hendrik herman huub ilse jaap jan-willem jeroen job joep johan joost joris jurriaan karel katelijne
kees klaas koen laurens leen leen lieke lies lisanne lotte maarten maaike machteld mariska marit marjolein mark
marloes martijn mathijs maud michiel mieke mirjam niek nienke noor paulien piet pieter raoul rens rik rob roel ruben
ruud sander sanne sietse sjoerd stijn teun thijs tjerk tom toon truus wessel willem wim wouter yvette aage agneta
anders anette anita ann-marie anna-lena annelie asger aslak astri bengt bente berit bertil birgitta bjarne bo bodil
britt camilla carina cecilia cecilie christer dag ebba egil einar eirik elin elisabet elisabeth erik erling espen
esben eskil frida frode fredrik frederik geir gitte gro gunilla gunnar guri gustaf gustav hakan håkan hakon håkon
hanne hege helle henriette hilde hjalmar ida inge inger ingvild iselin jakob janne jens-christian jeppe jesper
johanne jonas jorgen jørgen jorn jørn josefin julie kaare kåre karianne karin kari kim-erik kirsti kjell kjersti
kjetil knud knut kristian kristine kristoffer kurt lasse leif lena line linn linnea linnéa lise lisbeth lone magnus
maja maiken malin malte marit marte mads mathilde mats merete mette mikael mikkel mogens morten nanna niels niklas
nils oddvar odd olav ola oda olof oskar ove øystein palle pål per peder pernille petter pia preben ragnhild randi
rasmus roar rune sigrun silje simen sindre siri siv søren soren solveig stein stian stig stine sture sunniva susanna
svein svend synne tarjei terje thor thorbjørn thore tomas tor tore torbjorn torbjörn torbjørn torgeir tove trine
trond troels truls tuva ulrika unni vegard vibeke vidar viveka yngve åsa åse örjan aino aleksi antti anu arja eero
eeva elina eija esa hanna-leena hannu heikki heli ilkka irmeli jaakko jarmo jari jouni jouko juha juhani jukka jussi
kaarina kaisa kalle kari katariina kimmo kirsi laura leena lauri maija marja marjo marko markku matti mika mikko
minna mirja olli outi paavo panu pasi pekka pentti petri pirjo pirkko päivi raija raimo reijo riikka riitta risto
saara sakari sami sanna satu seppo sini sirpa taina tapani tapio teemu timo tiina toni tuomas tuula veera veikko
ville virpi vesa
"""

_ROMANCE = """
adele adèle agathe agnès agnes aline alain alexandre amandine amélie amelie anaïs anais andré antoine arnaud ariane
audrey aurélie aurelie aurélien baptiste barbara bastien béatrice benoit benoît bernadette bertrand blandine brice
brigitte bruno camille capucine carine carole caroline cécile cedric cédric céline celine chantal charlène
christelle christophe clarisse claudine clément clemence clémence clotilde colette constance coralie corentin
corinne cyril cyrille damien danièle daphné delphine denis didier dominique édouard edouard élise elise élisabeth
elodie élodie émeline emmanuel emmanuelle estelle étienne etienne evelyne fabien fabienne fabrice fanny faustine
félix florent florian francis franck françois francois françoise francoise frédéric frederic frédérique gabrielle
gaël gaëlle gaétan geneviève georges gérald gérard germain ghislaine gilbert gilles grégoire grégory guillaume
gwenaëlle hélène helene henri hervé hugo hugues inès irène isabelle jacques jeanne jean-baptiste jean-christophe
jean-claude jean-françois jean-louis jean-luc jean-marc jean-marie jean-michel jean-paul jean-philippe jean-pierre
jérémie jerome jérôme joël joëlle josé joséphine josette julien juliette karine laetitia laure laurence laurent léa
leila léna léo lionel lisa loïc louise luc lucas lucie lucien lucile ludovic lydie madeleine maëlle magali manon
marcel margaux margot marguerite marianne marie-claude marie-aleth marielle marine marion marjolaine marlène mathieu
mathilde maud maxime mélanie michel michèle mireille morgane muriel myriam nadia nathalie nathan nicolas noémie
odile olivier oriane pascal pascale patrice paulette perrine philippe pierre pierre-yves quentin raphaël raphaëlle
régis rémi rémy renaud rené roland romain roxane sabine sabrina salomé samuel sandrine séverine serge séverin
solange solène sophie stéphane stephane stéphanie sylvain sylvie théo thibault thibaut thierry valentin valentine
valérie valerie véronique vincent violaine virginie viviane xavier yann yannick yves yvan zoé adriana adriano
agustín agustin alba alberto aldo alejandra alejandro alfonso alfredo alonso alvaro álvaro amparo ana andrés andres
ángel angel ángeles antonia antonio araceli arturo asunción aurora beatriz begoña belén belen benito bernardo blanca
borja camilo carla carlos carlota carmela carolina catalina cayetana césar cesar clara concepción consuelo cristian
cristina cristóbal daniela diego dolores eduardo elena elisa eloy elvira emilia emilio enrique ernesto esperanza
esteban estefanía estela eugenia eugenio eusebio ezequiel fabián facundo federico felipe felisa fermín fernanda
fernando fidel florencia francisca francisco gabriela gerardo germán gerónimo gilberto gonzalo graciela guadalupe
guillermo gustavo héctor hector hernán hilda horacio hugo humberto ignacio inés inmaculada íñigo irene isidro iván
ivan jacinto jaime javier jesús jesus jimena joaquín joaquin jorge josé jose josefa josefina josep juanjo juana
julio julián karina laia leonor leopoldo leticia lorena lorenzo lourdes lucía lucia luciana luciano luis luisa
macarena magdalena maite manuela marcela marcelo marcos margarita mariano marina mario marisa marisol marta martín
mateo matías mauricio mercedes miriam mónica montserrat nacho natalia nazaret néstor nicanor nicolás noelia norberto
nuria núria octavio olga oriol óscar pablo paco paloma paola patricio pedro pepe pilar rafael rafaela ramiro ramón
ramon raquel raúl raul rebeca ricardo rocío rocio rodolfo rodrigo rogelio román rosalía rosario rubén ruben salvador
sandra santiago saúl sergio silvia silvina sofía sofia soledad sonia susana tatiana teodoro teresa tomás valeria
verónica vicente víctor victoria viviana xavi xavier ximena yolanda adalberto adelaide adriane aline almeida altair
amália américo ângela angélica antónio arlindo armando artur augusto aurélio bárbara bianca breno caio camila
cândido carina catarina célia celso cibele cláudia cláudio conceição cristiano davi débora deise denise diogo duarte
edgar edson eliana eliane elias érica estevão fábio fabiana fabiano fabrício fátima filipa filipe flávia flávio
frederico gabriel geraldo gilson giovana gisele gonçalo guilherme helena heitor henrique hélio iara igor ingrid inês
isabela isadora ítalo jacira janaína jéssica joão joana joaquim jorge josué juliana júlia júlio júnior karla larissa
laís lara leandro letícia lígia lívia luana lucas luís luiz luiza lurdes madalena maíra marcela márcia márcio marco
margarida mariana marília marina mário marlene mateus matheus maurício mayara miguel milton murilo nádia natália
nelson nilson nuno orlando osvaldo otávio patrícia paulo priscila rafaela raimundo regina reinaldo renata renato
renan rita roberta roberto rogério ronaldo rosana rosângela rui samanta sandro sara sérgio sílvia simone sônia
tatiane tânia tiago thaís thiago tomé ubiratan vagner vanda vânia vera vinícius vítor vitória wagner walter
wellington wesley yuri alessandra alessandro alessia alessio andrea angela angelo anna annalisa antonella antonino
arianna armando assunta attilio barbara beatrice benedetta brunella bruno camilla carlo carlotta carmela carmine
caterina cecilia chiara cinzia claudia claudio corrado cosimo cristiana cristiano cristina daniela daniele dario
davide debora diego domenica domenico donatella donato edoardo elena eleonora elisa elisabetta emanuela emanuele
emma enrica enrico enzo erica ettore eugenia ezio fabio fabiola fabrizio fausto federica federico fiammetta filippo
fiorella flavia flavio francesca francesco franco fulvio gaetano gennaro giacomo gian giancarlo gianfranco gianluca
gianluigi gianmarco gianna gianni gianpaolo gigi giorgia giorgio giovanna giovanni giuliana giuliano giulia giulio
giuseppe giuseppina graziano grazia guido ilaria ignazio jacopo lara laura leonardo leonora letizia liliana livia
livio lorella lorenza loredana lorenzo luca lucia luciana luciano lucio ludovica ludovico luigi luigia maddalena
manlio mara marcella marcello marco margherita mariangela mariella marilena marino mariolina marta massimiliano
massimo matilde matteo maura maurizio mauro michela michele mirella monica nello nicla nicola nicoletta nino nunzia
orazio oreste ornella paola paolo pasquale patrizia piera pierluigi piero pietro pina primo raffaele raffaella
renata renato renzo riccardo rino roberta roberto rocco romano rosanna rosario rossella sabrina salvatore sandro
sara saverio serena sergio silvana silvano silvio simona simone sofia stefania stefano susanna tiziana tiziano
tommaso ugo umberto valentina valeria valerio vanna vincenzo viola virginia vito vittoria vittorio viviana walter
adela adina alina alin andreea anca bogdan ciprian claudiu codruța corina cosmin costin cristi dacian dan delia doru
dragoș dumitru elena emil florin gabriela gheorghe horia ileana ilie ioana ion ionel ionuț iulia iulian laurențiu
liviu loredana lucian marius mihaela mihai mircea mirela monica nicolae octavian oana ovidiu radu răzvan roxana
ruxandra sorin ștefan teodora traian tudor vasile victor vlad
"""

_SLAVIC_AND_EAST = """
adam agata agnieszka aleksander aleksandra andrzej aneta anna antoni artur barbara bartosz bartłomiej beata bogdan
bogusław bożena cezary czesław damian danuta dariusz dawid dominika dorota edyta elżbieta emilia ewa ewelina filip
grażyna grzegorz halina hanna henryk hubert irena iwona izabela jacek jadwiga jakub janina janusz jarosław jerzy
joanna jolanta józef julia justyna kamil kamila karol karolina katarzyna kazimierz kinga konrad krystian krystyna
krzysztof leszek lech łukasz maciej magda magdalena małgorzata marcin marek mariola mariusz marta marzena mateusz
michał mieczysław mirosław monika natalia norbert patrycja paulina paweł piotr przemysław radosław rafał renata
robert roman ryszard sebastian sławomir stanisław stefan sylwia szymon tadeusz tomasz urszula wacław waldemar wanda
wiesław wiktor witold władysław włodzimierz wojciech zbigniew zdzisław zofia zuzanna alena alexandr alžběta bohumil
bohumír božena david eliška eva františek hana helena iva ivana jakub jan jana jaromír jaroslav jindřich jiří jitka
josef karel kateřina klára kristýna ladislav lenka libor lubomír luboš lucie luděk marcela marek markéta martina
matěj michaela michal milada milan miloš miroslav monika oldřich ondřej pavel pavla pavlína petr petra radek radka
renáta richard roman simona stanislava šárka štěpán tereza tomáš václav věra vladimír vladimíra vlastimil vojtěch
zbyněk zdeněk zdeňka zuzana aleksandar aleksandra ana bojan boris branko danijel darko davor dejan dino dragan dušan
duško goran gordana hrvoje igor ivana ivica ivo jasna jelena josip katarina krešimir lidija ljiljana ljubica luka
maja marija marijana marin marko mate mihajlo milica miljan miloš mirjana miroslav mladen nada nebojša nemanja nenad
nevena nikola petar predrag radmila ratko saša sanja silvija siniša slaven slavko slobodan snežana srđan stipe
stjepan suzana svetlana tanja tatjana tihomir tomislav vedran vesna vladan vladimir vuk zdravko željko zlatko zoran
zrinka žarko aleksandr aleksandra aleksei alexander alexandra alexei alexey alexey alina alla anastasia anatoly
andrei andrey anna anton arkady artem artyom boris daria darya denis diana dmitri dmitriy dmitry egor ekaterina
elena elizaveta evgeny fyodor galina gennady georgy gleb grigory igor ilya inna irina ivan kirill konstantin ksenia
larisa leonid lev lidia lilia ludmila lyubov lyudmila maksim marina maxim mikhail nadezhda nadia natalia natalya
nikita nikolai nikolay oksana oleg oleksandr oleksiy olena olesya olga olha pavel petro pyotr roman ruslan semyon
serhiy sergei sergey sofia stanislav stepan svetlana taras tatiana tatyana timofey vadim valentin valentina valery
vasily vera veronika viktor viktoria vitaly vladimir vladislav volodymyr vsevolod vyacheslav yana yaroslav yegor
yekaterina yelena yevgeny yulia yuri yury zinaida zoya александр александра алексей алина алла анастасия анатолий
андрей анна антон аркадий артём артем борис вадим валентин валентина валерий василий вера виктор виктория виталий
владимир владислав всеволод вячеслав галина геннадий георгий глеб григорий дарья денис дмитрий евгений евгения егор
екатерина елена елизавета иван игорь илья инна ирина кирилл константин ксения лариса лев леонид лидия людмила максим
марина мария михаил надежда наталия наталья никита николай оксана олег ольга павел пётр петр роман руслан светлана
семён сергей софия станислав степан тарас татьяна тимофей фёдор юлия юрий яна ярослав олександр олексій андрій
василь володимир дмитро катерина марія микола наталія олена оксана ольга петро сергій тетяна юлія георги димитър
ивайло иво красимир мария николай пламен румен стефан стоян християн христо dimitris dimitra eleni giannis giorgos
katerina konstantinos kostas maria michalis nikos panagiotis sofia spyros stavros thanasis vasilis vassilis yannis
αγγελική αλέξανδρος ανδρέας άννα αντώνης βασίλης γιάννης γιώργος δημήτρης δήμητρα ελένη ηλίας θανάσης κατερίνα
κώστας μαρία μιχάλης νίκος παναγιώτης σοφία σπύρος σταύρος χρήστος ahmet ali arda ayşe aylin barış berk burak burcu
can cansu cem cemal cengiz ceren deniz derya dilek duygu ebru ece elif emine emre engin ercan erdem erdoğan erhan
esra fatih fatma ferhat filiz furkan gizem gökhan gülay hakan halil hasan hatice hüseyin ibrahim ilker irem ismail
kaan kemal kerem leyla levent mehmet melis meltem merve mert metin murat mustafa nazlı necati nihat nur nuray okan
onur orhan osman özge özgür özlem pelin pınar ramazan recep rıza sedat selin selim sema serdar serkan sevgi seyit
sibel sinan süleyman şule tarık tolga tuba turgut tülin uğur ümit umut volkan yasemin yasin yavuz yıldız yusuf zafer
zehra zeynep attila balázs bálint béla csaba dániel dóra endre erzsébet ferenc gábor gergely géza györgy ildikó
istván jános józsef judit júlia katalin kinga krisztina lajos lászló mária márton máté mihály miklós nóra orsolya
pál péter réka róbert sándor szabolcs szilvia tamás tibor tímea vilmos viktor zoltán zsófia zsolt zsuzsa zsuzsanna
"""

_ARABIC_ASIAN_AFRICAN = """
abbas abdallah abdel abdelaziz abdelkader abdi abdul abdulaziz abdulla abdullah abdulrahman abubakar adel adnan
ahmad ahmed aisha alaa ali alia amal amani amina amir amira ammar amr anas anwar asad asif asma ayman aziz bashar
bashir bassam bilal dalia dina ehab emad fadi fadia fahad faisal farah farid faris fatima fatma fawzi ghada ghassan
habib hadi hala hamid hamza hana hanan hani haroon haroun hasan hassan hatem haytham hazem heba hesham hicham hisham
houda huda hussain hussam hussein ibrahim ibtisam ihab imad iman imran ismail jamal jamil jamila jawad kamal kamel
karim khadija khaled khalid khalil laila lamia layla leila lina lubna maher mahmoud mahmud maha majid malak malik
mansour maram marwa marwan maryam mazen mohamad mohamed mohammad mohammed mohsen mona moustafa muhammad muna mustafa
nabil nada nadeem nader nadia naji najwa nasser nawal nidal nizar noor nour nura omar osama rabab rabia rafiq rana
rania rasha rashid raza reem rim riyadh rula ruwaida sabah saad saeed said salah saleh salim salma salman sameh
samer sami samia samir samira sana sara sawsan shadi shaimaa sherif suad suha suhail suleiman taha talal tala tamer
tarek tareq tariq umar usman waleed walid wael yahya yara yasin yasir yasmin yasmine yasser yousef youssef yusuf
zahra zain zaki zeinab ziad zubair zainab mahdi reza hossein parisa fatemeh roxana shahram kaveh nasrin narges
azadeh babak behnam behzad bijan farhad farnaz firouzeh golnaz hamed hamidreza kian leyla maziar mehdi mehran mina
mojgan nazanin niloufar omid pouya ramin saeedeh sahar shirin sima soheil taraneh yalda aarti abhishek aditi aditya
ajay akash akhil alok amit amita amitabh anand ananya anil anita anjali ankit ankita ankur anuj anup anupam anuradha
archana arjun arpita arun aruna arvind asha ashish ashok ashwin astha bharat bhaskar chandan chetan deepa deepak
deepika devika dhruv dinesh divya gaurav gautam geeta girish gopal govind hari harish harsh hemant indira indrani
ishaan jaya jayant jyoti kalpana kamala kanika karan kavita kiran kishore krishna kumar kunal lakshmi lalit madhavi
madhu mahesh malini manish manisha manoj meena meera megha mehul milind mohan mukesh murali namrata nandini naresh
narendra naveen neelam neeraj neha nidhi nikhil nisha nitin pallavi pankaj parth piyush pooja prabhat pradeep
prakash pramod pranav prasad prashant pratik preeti prem priya priyanka puja puneet radhika raghav rahul raj rajat
rajeev rajendra rajesh rajiv rakesh ram raman ramesh rashmi ravi rekha renu ritu rohan rohit roshan rupa sachin
sagar samir sandeep sandhya sangeeta sanjay sanjeev santosh satish saurabh shailaja shalini shankar shashank shashi
shikha shilpa shiv shivani shobha shreya shruti siddharth smita sneha sonal sonali sourav srinivas subhash sudha
sudhir sujata sumit sunil sunita suresh swati tanvi tarun uday uma urvashi usha vandana varun vidya vijay vikas
vikram vinay vineet vinod vishal vivek yash yashwant yogesh akiko akira aiko ayumi chie daisuke emi eri fumiko
haruka haruki hideki hideo hiroko hiromi hiroshi hiroyuki ichiro isamu junichi junko kaori kazuo kazuki keiko
keisuke kei kenichi kenji kenta kimiko kiyoshi koichi koji kumiko kunio kyoko mai makiko makoto mami mari mariko
masaaki masahiro masako masaru masashi masato mayumi megumi michiko midori mika miki minoru misaki mitsuru miyuki
naoki naoko naomi natsuki noboru nobuhiro noriko osamu reiko rie rika ryo ryota sachiko satoru satoshi sayaka seigo
seiji shigeru shinichi shinji shinya shizuka sho shota tadashi taiga takahiro takako takashi takeshi takuya tarō
taro tetsuya tomoko tomoya toru toshiko toshio tsuyoshi yasuhiro yasuko yasuo yoichi yoko yoshiko yoshio yuichi yuka
yuki yukiko yukio yuko yumi yumiko yuriko yusuke adaeze adebayo adeola amara ayodele babatunde bola chidi chidinma
chika chinedu chioma chukwu emeka enkosi femi folake funmi gbenga ifeanyi ikenna kehinde kelechi kemi kofi kwabena
kwame kwesi nana ngozi nkechi nnamdi obinna olumide oluwaseun sade segun tayo temitope tunde uche yemi yetunde akua
ama kojo yaw achieng akinyi juma kamau kimani mwangi njeri njoki nyambura odhiambo otieno wambui wanjiku wanjiru
baraka neema rehema zawadi lerato lindiwe mandla mpho nomvula palesa sibusiso sipho thabo thandi themba tshepo
zanele zodwa dwi putri agus andi bambang budi dewi endah fitri hendra indah rizky sri wahyu yanti siti nur nurul
mohd datuk nguyen minh thanh phuong
"""

GIVEN_NAMES: frozenset[str] = _words(
    f"{_ENGLISH} {_GERMAN_DUTCH_NORDIC} {_ROMANCE} {_SLAVIC_AND_EAST} {_ARABIC_ASIAN_AFRICAN}",
)
"""Casefolded."""

ALSO_SURNAMES: frozenset[str] = _words(
    """
    adam adams albert alexander alfonso alfredo ali allan allen alonso andrew anthony antonio arnold arthur ashley
    austin baker benjamin bernard blake bruce bruno bryan bryce bryant cameron carl carlos charles christian
    clarence claude clive craig curtis dale daniel david davies dean dennis diego domingo douglas drew duncan
    eduardo edgar eliot elliot ernst ernesto evans fabian felix fernando francis francisco frank franco franz
    friedrich gabriel george georg gerard german gordon graham grant gregory guido gustav guy harvey henry herbert
    hermann hamid hasan hassan horst howard hubert hugh hugo hussain hussein ibrahim ismail isaac ivan jack jackson
    jacob jakob james jamal jan jay john jordan jorge josé joseph joy juan julian june kay karim kelly khalid khalil
    kim konrad kumar kurt lambert lawrence lee leon leonard leslie lewis lloyd logan lopez lorenzo louis lucas
    ludwig luis luke malik manuel marcos marcus marin mario mark martin martín martino mateo max michael miguel
    miles mitchell morgan mohamed mohammed nelson noel norman oliver omar oscar otto owen pablo parker pascal
    patrick paul peter philip phillips prasad ram raman ramón raj rao ray raymond rahman reid rené ricardo richard
    riley robert roberto rodrigo roger roland roman rose ross roy ruiz russell ryan said saleh salim salvador samuel
    santiago saleem scott sebastian sergio shannon simon singh stanley stephen stewart stuart taha tariq taylor
    thomas todd tomás travis tyler valentin vera vernon vicente victor vincent virginia vivian wade wallace walter
    warren wayne wesley werner william willy wilson winston wolf yusuf nguyen minh nur sri will young dawn may
    summer hill lane rosa sol luna cruz paz rosario reyes santos anton ernest simone romano rocco nelson wagner
    duarte almeida bárbara baptiste claus claas hans heinrich heinz hein jonas klaus lorenz lutz nils olaf otto
    paulo rasmus sander theo ulrich veit volker
    """,
)
"""Given names that are surnames as well: they start no new person, they only confirm one."""

PLACE_NAMES: frozenset[str] = _words(
    """
    austin charlotte chester florence georgia jackson jordan lincoln madison orlando paris santiago savannah sydney
    victoria virginia salem chelsea kent devon brooklyn dakota carolina valencia lourdes guadalupe mercedes asunción
    concepción rosario
    """,
)
"""Given names that open names of papers and places too (``Charlotte Observer``)."""
