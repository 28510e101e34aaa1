/* titles.h -- words for what people are and do, for things that speak, for organisations and places. */
#ifndef INDEX_TITLES_H
#define INDEX_TITLES_H

/* clang-format off */
/* Before a surname; they tell the sex. */
#define TITLES_MALE   "mr mister sir lord herr monsieur señor don signor sheikh king prince baron pope congressman chairman spokesman " \
                      "assemblyman alderman councilman businessman anchorman father rabbi imam г-н"
#define TITLES_FEMALE "mrs ms miss madam madame mme mlle lady dame frau señora señorita signora fru fröken queen princess baroness " \
                      "congresswoman chairwoman spokeswoman assemblywoman councilwoman businesswoman mother sister г-жа"
#define TITLES_SURE   "mr mister sir mrs ms miss madam madame mme mlle herr frau monsieur señor señora fru fröken"

/* Before a name, capitalised or not. */
#define TITLES                                                                                                 \
    "clerk staff counsel legislator lawmaker activist billionaire veteran pilot sen-elect president-elect "              \
    "president vice-president vice chancellor premier minister secretary senator sen representative rep "      \
    "congressman congresswoman governor gov lieutenant lt colonel col general gen major maj captain capt "     \
    "sergeant sgt admiral adm corporal private officer detective sheriff judge justice magistrate attorney "   \
    "ambassador envoy speaker leader chief chairman chairwoman chairperson chair commissioner mayor "          \
    "councillor councilor councilman councilwoman alderman assemblyman assemblywoman dr doctor prof "          \
    "professor dean rector rev reverend father sister brother bishop archbishop cardinal pope rabbi imam "     \
    "sheikh king queen prince princess lord lady dame sir baron baroness mr mrs ms miss mister madam madame "  \
    "mme mlle monsieur herr frau señor señora señorita signor signora don doña fru fröken hon coach director " \
    "editor analyst spokesman spokeswoman spokesperson strategist economist pollster host anchor "             \
    "correspondent reporter author actor actress singer candidate nominee hopeful manager adviser advisor "    \
    "aide deputy acting former ex interim retired late prime foreign defence defense interior finance "        \
    "undersecretary whip founder co-founder ceo cfo coo cto delegate congressperson treasurer comptroller "    \
    "inspector constable superintendent chaplain pastor deacon nurse surgeon architect engineer striker "      \
    "bundeskanzler bundeskanzlerin bundespräsident kanzler kanzlerin minister ministerin präsident "           \
    "präsidentin sprecher sprecherin bürgermeister bürgermeisterin abgeordneter abgeordnete chef chefin "      \
    "außenminister außenministerin innenminister innenministerin professorin vorsitzender vorsitzende "        \
    "président présidente ministre maire porte-parole directeur directrice chef députée député sénateur "      \
    "sénatrice avocat avocate procureur presidente presidenta ministro ministra alcalde alcaldesa portavoz "   \
    "director directora diputado diputada senador senadora secretario secretaria gobernador gobernadora "      \
    "statsminister utrikesminister finansminister talesperson talesman ordförande professor polischef vd "     \
    "президент министр премьер-министр губернатор мэр депутат директор глава председатель пресс-секретарь "    \
    "الرئيس رئيس الوزير وزير المتحدث مدير الأمين الدكتور السيد السيدة الشيخ"

/* Nouns for persons that can be the whole speaker: "officials said", "a critic wrote". */
#define ROLES                                                                                                  \
    "official officials source sources spokesman spokeswoman spokesperson spokespeople spokesmen aide aides "  \
    "adviser advisers advisor advisors analyst analysts expert experts critic critics supporter supporters "   \
    "voter voters opponent opponents lawyer lawyers attorney attorneys prosecutor prosecutors witness "        \
    "witnesses resident residents police authorities investigator investigators researcher researchers "       \
    "scientist scientists economist economists historian historians professor professors student students "    \
    "teacher teachers doctor doctors nurse nurses officer officers soldier soldiers diplomat diplomats "       \
    "lawmaker lawmakers senator senators congressman congresswoman congressmen representative "                \
    "representatives governor governors mayor mayors minister ministers president presidents leader leaders "  \
    "chairman chairwoman chair chief director directors executive executives manager managers founder "        \
    "co-founder owner owners editor editors reporter reporters journalist journalists columnist columnists "   \
    "correspondent blogger author authors writer writers host hosts anchor moderator moderators commentator "  \
    "commentators pundit pundits pollster pollsters strategist strategists consultant consultants operative "  \
    "operatives insider insiders candidate candidates nominee hopeful rival rivals challenger incumbent "      \
    "delegate delegates activist activists advocate advocates protester protesters demonstrator "              \
    "demonstrators organizer organizers volunteer volunteers donor donors fan fans friend friends colleague "  \
    "colleagues neighbor neighbors neighbour neighbours wife husband mother father son daughter brother "      \
    "sister sisters brothers parents family relative relatives man woman men women boy girl child children "   \
    "person people some others many another one veteran veterans worker workers employee employees staffer "   \
    "staffers member members user users viewer viewers reader readers observer observers conservative "        \
    "conservatives liberal liberals republican republicans democrat democrats americans judge judges justice " \
    "justices secretary secretary-general ambassador envoy commissioner billionaire businessman "              \
    "businesswoman mogul tycoon actor actress singer comedian artist filmmaker producer star celebrity coach " \
    "player players captain pastor priest bishop pope rabbi imam scholar scholars fellow analyst "             \
    "passenger passengers driver victim victims survivor survivors farmer farmers attendee attendees crowd "   \
    "audience caller guest guests interviewer questioner surrogate surrogates spouse defendant accuser "       \
    "plaintiff plaintiffs mediator mediators negotiator negotiators refugee refugees migrant migrants lady "   \
    "vice-president narrator announcer participant participants sprecher sprecherin sprecherinnen beamter "    \
    "experten kritiker zeuge zeugin forscher forscherin porte-parole responsable responsables témoin voisin "  \
    "voisine chercheur chercheuse portavoz fuentes vecino vecina testigo experto experta источник источники "  \
    "эксперт свидетель представитель talesperson forskare vittne granne"

/* Things that speak. */
#define DOCUMENTS                                                                                              \
    "statement report reports letter memo email emails e-mail message messages tweet tweets post posts "       \
    "article articles column essay editorial headline headlines book blog study studies survey poll polls "    \
    "resolution plan document documents filing lawsuit complaint indictment ruling opinion decision order "    \
    "release ad ads advertisement commercial video website site page sign signs banner placard caption text "  \
    "transcript transcripts script bill law act treaty agreement constitution charter guidelines policy "      \
    "platform rule rules manifesto analysis review paper papers speech remarks note notice petition motion "   \
    "amendment clause section script fundraising description profile campaign account narrator "               \
    "communique announcement declaration slogan newspaper magazine outlet network show program programme "     \
    "erklärung mitteilung bericht studie brief communiqué rapport étude lettre comunicado informe carta "      \
    "uttalande rapport заявление доклад"

/* Words of organisations' names. */
#define ORGANISATIONS                                                                                          \
    "council committee commission agency authority authorities association federation union party court "      \
    "university college school institute institution foundation fund bank corporation corp company co inc "    \
    "ltd llc plc group holdings international organization organisation office bureau department ministry "    \
    "service services force forces army navy police guard intelligence congress senate parliament house "      \
    "assembly cabinet government administration campaign society league club team church coalition alliance "  \
    "movement network media news times post journal tribune herald gazette press chronicle magazine radio "    \
    "television tv center centre laboratory hospital clinic museum board panel tribunal project program "      \
    "airlines airways motors industries systems technologies bloomberg reuters cnn nbc abc cbs fox msnbc bbc " \
    "politico breitbart buzzfeed pentagon kremlin nato un eu fbi cia nsa nypd gop dnc rnc pac aclu naacp "     \
    "facebook twitter google amazon microsoft apple greenpeace oxfam unicef unesco hamas hezbollah "   \
    "taliban interpol opec bundestag bundesrat regierung ministerium gericht polizei verband partei "          \
    "gewerkschaft universität gouvernement ministère parti syndicat université gobierno ministerio partido "   \
    "policía universidad правительство министерство министерства суд компания компании regeringen polisen "    \
    "myndigheten partiet företaget dispatch observer examiner guardian telegraph daily weekly website blog "   \
    "newspaper poll survey workers activists veterans watch rights human national republicans democrats "      \
    "supreme matter nations convention debate street wire"

/* Places, and words of places' names: nobody's speech is theirs, and no pronoun means them. */
#define PLACES                                                                                                 \
    "street avenue road boulevard square park bridge river lake ocean sea mountain mountains valley island "   \
    "islands bay beach coast county city town village state states province region north south east west "     \
    "northern southern eastern western airport station hotel tower plaza hall building arena stadium "         \
    "america usa us u.s uk u.k washington york jersey angeles francisco chicago boston houston "               \
    "philadelphia phoenix detroit miami atlanta seattle denver dallas cleveland pittsburgh charlotte "         \
    "milwaukee baltimore orlando tampa vegas alabama alaska arizona arkansas california colorado connecticut " \
    "delaware florida georgia hawaii idaho illinois indiana iowa kansas kentucky louisiana maine maryland "    \
    "massachusetts michigan minnesota mississippi missouri montana nebraska nevada hampshire mexico carolina " \
    "dakota ohio oklahoma oregon pennsylvania rhode tennessee texas utah vermont virginia wisconsin wyoming "  \
    "canada england scotland wales ireland britain france germany italy spain portugal netherlands belgium "   \
    "switzerland austria poland hungary romania bulgaria greece turkey russia ukraine belarus sweden norway "  \
    "denmark finland iceland china japan korea india pakistan afghanistan iran iraq syria lebanon israel "     \
    "palestine gaza jordan egypt libya tunisia algeria morocco sudan ethiopia kenya nigeria ghana somalia "    \
    "yemen qatar kuwait arabia emirates dubai brazil argentina chile peru colombia venezuela cuba haiti "      \
    "australia zealand indonesia malaysia philippines vietnam thailand singapore taiwan hong kong africa "     \
    "asia europe antarctica london paris berlin madrid rome vienna moscow kyiv kiev beijing tokyo delhi "      \
    "jerusalem tel aviv beirut damascus baghdad tehran kabul cairo istanbul ankara athens brussels geneva "    \
    "zurich stockholm oslo copenhagen helsinki warsaw prague budapest lisbon dublin edinburgh manchester "     \
    "hamburg münchen munich köln frankfurt toronto montreal sydney melbourne aleppo benghazi hollywood "       \
    "brooklyn manhattan queens bronx harlem pacific atlantic mediterranean mosul syracuse "         \
    "hill war wall social security medicare act amendment earth internet super day week "      \
    "christmas easter congress capitol congressional oval parkway highway route district isis world "       \
    "deutschland frankreich österreich france espagne españa madrid barcelona россия москва сша украина "      \
    "sverige stockholm göteborg malmö germany's raqqa crimea"

/* Of a nation, a faith, a party: capitalised, but nobody's name. */
#define PEOPLES                                                                                                \
    "american americans british english french german germans italian spanish russian russians ukrainian "     \
    "chinese japanese korean indian pakistani afghan iranian iraqi syrian syrians lebanese israeli israelis "  \
    "palestinian palestinians egyptian turkish saudi mexican mexicans canadian australian african "            \
    "african-american african-americans latino latinos hispanic hispanics asian european europeans muslim "    \
    "muslims christian christians catholic catholics jewish jews islamic arab arabs republican republicans "   \
    "democrat democrats democratic conservative libertarian independent evangelical evangelicals gop "         \
    "swedish norwegian danish finnish dutch belgian swiss austrian polish hungarian greek irish scottish "     \
    "brazilian indonesian black white i'm"
/* clang-format on */

#endif
