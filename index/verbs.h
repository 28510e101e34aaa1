/* verbs.h -- verbs that put words into somebody's mouth.
 *
 * REGULAR verbs are given by their stem and inflected by the lexicon: say "add" and it knows adds, added,
 * adding; a + doubles the last letter (quip+: quipped, quipping). IRREGULAR ones give base/s/past/ing.
 * "Speech" verbs name speech itself; "judgement" verbs tell what the speaker does by speaking and govern a
 * fragment: called it “a mistake”.
 */
#ifndef INDEX_VERBS_H
#define INDEX_VERBS_H

/* clang-format off */
#define VERBS_SPEECH_REGULAR                                                                                   \
    "add admit+ advise affirm agree allege announce answer argue ask assert assure attest aver+ caution "      \
    "cite claim clarify comment complain conclude concede confess confide confirm contend continue convey "    \
    "counter cry declare deadpan+ demand deny detail disclose elaborate emphasize emphasise exclaim explain "  \
    "gush holler howl insist inquire intone interject joke lament maintain mention mumble murmur muse mutter " \
    "note object observe offer opine plead pledge post preach proclaim promise pronounce propose protest "     \
    "quip+ quote rail reason reassure recall recite recount reflect reiterate relate remark remember remind "  \
    "repeat reply report request respond retort retweet reveal scoff scream scribble shout shriek sigh "       \
    "snap+ sneer snipe specify state stipulate stress suggest surmise tell text testify thunder tout tweet "   \
    "urge utter venture voice vow warn whisper wonder yell stutter summarize summarise theorize bellow "       \
    "bark blog+ email e-mail message estimate predict speculate point exhort demur+ retaliate recollect acknowledge counsel interrupt pray chant "     \
    "caption enthuse grumble growl hint chime"

#define VERBS_SPEECH_IRREGULAR                                                                                 \
    "say/says/said/saying tell/tells/told/telling write/writes/wrote/writing "                                 \
    "read/reads/read/reading think/thinks/thought/thinking "                                                   \
    "speak/speaks/spoke/speaking sing/sings/sang/singing swear/swears/swore/swearing shoot/shoots/shot/shooting"

#define VERBS_JUDGEMENT_REGULAR                                                                                \
    "accuse appeal applaud assail attack authorize authorise back bash belittle bemoan berate blame blast "    \
    "boast brand call caricature castigate celebrate characterize characterise chastise chide commend "        \
    "compare condemn congratulate credit criticize criticise cast challenge decry defend demonize denounce "   \
    "depict deplore deride describe dismiss disparage dub+ encourage endorse envision express fault flaunt "   \
    "flag+ frame fume goad hail hope hammer highlight identify implore imply indicate invoke invite "          \
    "knock label lambaste lampoon laud liken mock order outline paint pan+ portray praise press "    \
    "quibble question rate recommend refer+ regard reject rebuke ridicule rip+ rule savage scold slam+ "       \
    "slap+ signal sign smear sound stump support taunt tease term thank threaten trash trumpet tag+ "    \
    "underscore use view vilify want welcome advocate address argue aim believe concur+ consider "             \
    "deem demand deliver discuss embrace expect explore fear guess ignore insinuate issue marvel ponder "      \
    "profess promote publish pose push ramble rant recognize recognise regret raise share shrug+ "             \
    "sympathize touch unleash decide allow grant insult begin conclude learn propose seek charge pitch seem "  \
    "declare crack coin cheer bristle bellow apologize apologise tack talk rave refute tape start"

#define VERBS_JUDGEMENT_IRREGULAR                                                                              \
    "begin/begins/began/beginning give/gives/gave/giving find/finds/found/finding "                            \
    "make/makes/made/making draw/draws/drew/drawing hold/holds/held/holding put/puts/put/putting "             \
    "see/sees/saw/seeing show/shows/showed/showing feel/feels/felt/feeling hear/hears/heard/hearing "          \
    "take/takes/took/taking fire/fires/fired/firing come/comes/came/coming "                \
    "know/knows/knew/knowing mean/means/meant/meaning throw/throws/threw/throwing"

/* Other languages: finite forms as newspapers print them. */
#define VERBS_SPEECH_OTHER                                                                                     \
    /* German */                                                                                               \
    "sagte sagt sagten sagen gesagt erklärte erklärt erklärten betonte betont betonten meinte meint meinten "  \
    "teilte schrieb schreibt schrieben fügte ergänzte ergänzt berichtete berichtet kritisierte kritisiert "    \
    "forderte fordert forderten warnte warnt warnten antwortete antwortet fragte fragt behauptete behauptet "  \
    "kündigte versicherte versichert äußerte äußert verkündete bezeichnete bezeichnet nannte nennt sprach "    \
    "spricht lobte unterstrich zitierte zitiert mahnte mahnt bekräftigte hieß heißt räumte beklagte "          \
    "entgegnete entgegnet beschreibt beschrieb charakterisierte bestreitet begründete begründet rät riet gab "      \
    "warf werfen fuhr lautet verwies kritisierten bestätigten äußerten verteidigte monierte rügte "            \
    "kommentierte kommentiert bestätigte rief resümierte konstatierte wies stellte "                           \
    /* French */                                                                                               \
    "dit déclaré déclare affirmé affirme expliqué explique ajouté ajoute indiqué indique assuré assure "       \
    "estimé estime précisé précise souligné souligne annoncé annonce répondu répond écrit lancé lance "        \
    "confié confie raconté raconte regretté regrette dénoncé dénonce martelé martèle conclu conclut "          \
    "insisté insiste rappelé rappelle reconnu reconnaît poursuivi poursuit commenté commente tweeté averti "   \
    "demandé demande déclarait disait expliquait affirmait jugé juge prévenu prévient salué salue "            \
    /* Spanish */                                                                                              \
    "dijo dice dijeron decía dicho afirmó afirma afirmaron declaró declara señaló señala explicó explica "     \
    "añadió añade agregó agrega aseguró asegura indicó indica sostuvo sostiene manifestó expresó subrayó "     \
    "advirtió advierte anunció anuncia comentó comenta respondió responde escribió escribe recordó recuerda "  \
    "insistió insiste concluyó denunció pidió preguntó reconoció apuntó destacó contó cuenta lamentó reiteró " \
    /* Italian */                                                                                              \
    "detto dichiarato dichiara affermato afferma spiegato spiega aggiunto aggiunge sottolineato disse "        \
    "scritto scrive risposto commentato commenta concluso ricordato annunciato ribadito osservato "            \
    /* Swedish, Danish, Norwegian */                                                                           \
    "säger sade sa skriver skrev berättar berättade förklarar förklarade menar menade tillägger tillade "      \
    "uppger uppgav hävdar hävdade anser konstaterar svarar svarade frågar siger sagde skriver fortæller sier "  \
    "forklarer forteller mener "                                                                               \
    /* Russian */                                                                                              \
    "сказал сказала сказали говорит говорил говорила заявил заявила заявили заявляет отметил отметила "        \
    "отметили подчеркнул подчеркнула добавил добавила добавили сообщил сообщила сообщили сообщает пояснил "    \
    "пояснила объяснил объяснила рассказал рассказала ответил ответила написал написала пишет считает "        \
    "утверждает уточнил уточнила признал признала предупредил предупредила спросил спросила пообещал "         \
    /* French, more of the novel's */                                                                          \
    "demanda murmura murmure cria crie s'écria s'écrie s'exclama s'exclame s'étonne s'inquiète répliqua réplique " \
    "rétorqua rétorque soupira soupire chuchota souffla souffle lâche lâcha ajouta reprit reprend " \
    "répondit expliqua raconta confia déclara affirma assura précisa souligna prévint interrogea interroge "  \
    "observa admet objecta tranche trancha grogna ironise s'indigne s'insurge témoigne "                 \
    /* Spanish, more of the novel's */                                                                         \
    "contestó contesta exclamó exclama gritó grita susurró murmuró replicó interrumpió inquirió admitió "      \
    "admite confesó prosiguió continuó repuso matizó zanjó sentenció bromeó pregunta preguntaron decían "      \
    "respondieron resumió relató relata precisó precisa valoró celebró avisó "                          \
    /* Italian, more of them */                                                                                \
    "rispose risponde chiese chiede chiesto esclamò esclama mormorò sussurrò gridò aggiunse replicò replica "  \
    "spiegò raccontò racconta raccontato osservò commentò ammise ammette dichiarò affermò sottolinea precisa " \
    "precisato ricorda assicura concluse "                                                            \
    /* Portuguese */                                                                                           \
    "disse diz disseram dizia afirmou afirmaram declarou respondeu responde perguntou pergunta explicou "      \
    "acrescentou acrescenta contou garantiu garante exclamou murmurou gritou sussurrou retorquiu replicou "    \
    "comentou lamentou sublinhou sublinha destacou reconheceu admitiu avisou alertou revelou escreveu "        \
    "lembrou recordou reiterou concluiu ressaltou indagou disse-lhe disse-me perguntou-lhe respondeu-lhe contou-me explicou-lhe "                                                    \
    /* Romanian */                                                                                             \
    "spus spuse spunea zis zise zicea răspuns răspunse răspunde întrebat întrebă declarat declară afirmat "    \
    "afirmă explicat adăugat adaugă adăugă precizat precizează susține susținut strigă strigat șopti "         \
    "exclamă replică povestit povestește transmis subliniat subliniază "                                       \
    /* Polish */                                                                                               \
    "powiedział powiedziała powiedzieli mówi mówił mówiła mówią odpowiedział odpowiedziała odpowiada odparł "  \
    "odparła spytał spytała zapytał zapytała pyta dodał dodała dodaje stwierdził stwierdziła stwierdza "       \
    "zaznaczył zaznaczyła zaznacza podkreślił podkreśliła podkreśla wyjaśnił wyjaśniła wyjaśnia przyznał "     \
    "przyznała przyznaje oświadczył oświadczyła zapewnił zapewniła zapewnia szepnął szepnęła krzyknął "        \
    "krzyknęła zawołał zawołała mruknął mruknęła rzekł rzekła napisał napisała ocenił oceniła ocenia "         \
    "tłumaczy tłumaczył tłumaczyła opowiada opowiadał opowiadała wspomina komentuje informuje poinformował "   \
    "poinformowała relacjonuje twierdzi przekonuje ostrzega "                                                  \
    /* Czech, Slovak */                                                                                        \
    "řekl řekla řekli říká říkal říkala odpověděl odpověděla zeptal zeptala dodal dodala dodává uvedl uvedla " \
    "uvádí prohlásil prohlásila vysvětlil vysvětlila vysvětluje upozornil upozornila tvrdí popsal popsala "    \
    "povedal povedala hovorí odpovedal odpovedala opýtal opýtala uviedol uviedla vyhlásil vysvetlil "          \
    /* Hungarian */                                                                                            \
    "mondta mondja mondták mondták kérdezte kérdezi felelte válaszolta válaszolt közölte közli tette "         \
    "hozzátette jegyezte kiáltotta kiáltott suttogta mormogta szólt szólalt ismételte magyarázta "             \
    "nyilatkozta hangsúlyozta fogalmazott fogalmaz emelte vélte véli állította állítja írta írja meséli "      \
    "mesélte idézte "                                                                                          \
    /* Turkish */                                                                                              \
    "dedi dediler diyor diyordu sordu soruyor söyledi söylüyor ekledi ekliyor belirtti belirtiyor anlattı "    \
    "anlatıyor açıkladı açıklıyor konuştu yanıtladı cevapladı bağırdı fısıldadı mırıldandı vurguladı "         \
    "kaydetti savundu uyardı haykırdı yazdı iddia "                                                            \
    /* Finnish, Estonian */                                                                                    \
    "sanoo sanoi sanovat kertoo kertoi kysyi kysyy vastasi vastaa toteaa totesi huomauttaa huomautti arvioi "  \
    "kuvailee muistuttaa kuiskasi huusi selittää selitti lisää lisäsi kommentoi kirjoittaa kirjoitti "         \
    "ütles ütleb küsis vastas lisas märkis rääkis räägib selgitas kinnitas kirjutas "                          \
    /* Danish, Norwegian, Swedish: more of them */                                                             \
    "sagde fortalte svarede svarte svarer spurgte spurte spør spørger tilføjer tilføjede mente understreger "  \
    "understreker utdyper uddyber utbrister utbrast viskade ropade undrar undrade påpekar poängterar "         \
    /* Dutch */                                                                                                \
    "zegt zei zeiden vertelt vertelde vroeg vraagt antwoordde antwoordt verklaarde verklaart schreef "         \
    "schrijft meldt meldde benadrukt benadrukte voegde reageerde reageert stelt concludeert fluisterde riep "  \
    /* Ukrainian */                                                                                            \
    "сказав сказала казав казала каже кажуть говорить говорив відповів відповіла відповідає запитав "          \
    "запитала питає спитав спитала додав додала додає зазначив зазначила зазначає заявив заявила заявляє "     \
    "наголосив наголосила наголошує розповів розповіла розповідає пояснив пояснила пояснює повідомив "         \
    "повідомила повідомляє підкреслив підкреслила зауважив зауважила вигукнув вигукнула прошепотів "           \
    "прошепотіла крикнув визнав визнала написав написала стверджує переконаний "                               \
    /* Russian, more of the novel's, Bulgarian, Serbian */                                                     \
    "спрашивает отвечает ответили воскликнул воскликнула прошептал прошептала крикнул крикнула закричал "      \
    "произнёс произнесла проговорил проговорила заметил заметила вздохнул вздохнула возразил возразила "       \
    "поинтересовался поинтересовалась согласился согласилась усмехнулся улыбнулась рассказывает объясняет "    \
    "поясняет отмечает добавляет подчеркивает вспоминает признаётся признается буркнул продолжил продолжила "  \
    "каза казаха казва попита отговори отвърна добави заяви обясни отбеляза подчерта съобщи разказа "          \
    "рекао рекла каже упитао упитала одговорио одговорила додао додала изјавио изјавила истакао истакла "      \
    "rekao rekla kaže upitao upitala odgovorio odgovorila dodao dodala izjavio izjavila istaknuo istaknula "   \
    /* Greek */                                                                                                \
    "είπε είπαν λέει έλεγε ρώτησε ρωτάει ρωτά απάντησε απαντά απαντάει δήλωσε δηλώνει πρόσθεσε προσθέτει "     \
    "εξήγησε εξηγεί τόνισε τονίζει υποστήριξε ανέφερε αναφέρει φώναξε ψιθύρισε σημείωσε σημειώνει σχολίασε "   \
    "παραδέχτηκε έγραψε υπογράμμισε "                                                                          \
    /* Hebrew, Persian, Hindi */                                                                               \
    "אמר אמרה אמרו הוסיף הוסיפה טען טענה מסר מסרה הסביר הסבירה השיב השיבה ציין ציינה שאל שאלה "                 \
    "گفت گفتند افزود کرد پرسید نوشت "                                                                          \
    "कहा बताया पूछा बोले बोला बोली "                                                                          \
    /* Arabic */                                                                                               \
    "قال قالت وقال وقالت صرح صرحت وصرح وصرحت أضاف أضافت وأضاف وأضافت أكد أكدت وأكد وأكدت أوضح أوضحت وأوضح "   \
    "وأوضحت ذكر ذكرت وذكر وذكرت أعلن أعلنت وأعلن وأعلنت تابع وتابع تابعت وتابعت يقول تقول ويقول وتقول كتب "      \
    "كتبت وكتب أشار أشارت وأشار وأشارت"
/* What English verbs of speech govern without marks; each is listed above too when it may stand beside a
 * quotation. Verbs of thought are not among them: that somebody believes a thing is what the reporter says. */
#define CLAUSE_SAY "say/says/said/saying"

/* with that or without: he argued the bridge would close */
#define CLAUSE_BARE                                                                                            \
    "add admit+ acknowledge affirm allege announce argue assert caution claim complain concede conclude "      \
    "confirm contend declare deny estimate explain imply indicate insist joke maintain note predict promise "  \
    "quip+ recall reiterate report reveal speculate stress suggest testify tweet vow warn"
#define CLAUSE_BARE_IRREGULAR "write/writes/wrote/writing swear/swears/swore/swearing"

/* only with it */
#define CLAUSE_THAT                                                                                            \
    "agree answer attest aver+ boast clarify comment confess counter cry demand disclose elaborate emphasize " \
    "emphasise hint lament mention object observe opine pledge point post proclaim propose protest reason "    \
    "recommend recount remark repeat reply request respond retort rule specify state stipulate underscore "    \
    "urge"

/* after a hearer: she told reporters that … */
#define CLAUSE_HEARER "assure inform remind notify warn advise promise reassure"
#define CLAUSE_TELL   "tell/tells/told/telling"

/* whether, if, how */
#define CLAUSE_ASK "ask wonder question inquire explain"

/* what the speaker will do: she vowed to … */
#define CLAUSE_TO "vow pledge promise threaten"

/* what a poll does */
#define CLAUSE_SHOW "show indicate suggest reveal conclude report estimate warn note confirm"
#define CLAUSE_FIND "find/finds/found/finding"
/* clang-format on */

#endif
