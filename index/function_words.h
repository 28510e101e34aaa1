/* function_words.h -- the small words that hold a sentence together: where noun phrases begin and end. */
#ifndef INDEX_FUNCTION_WORDS_H
#define INDEX_FUNCTION_WORDS_H

/* clang-format off */
#define WORDS_HE   "he er il lui он egli han hij він ele"
#define WORDS_SHE  "she sie elle ella она hon hun zij вона ela"
#define WORDS_IT   "it es det den оно ça"
#define WORDS_THEY "they ils elles ellos ellas они"
#define WORDS_I    "i we you ich wir je nous yo nosotros я мы jag vi"
#define WORDS_WHO  "who which whom that whose der die das welche qui que quien который которая som"

#define WORDS_DET                                                                                              \
    "the a an this that these those his her hers its their our my your some any each every both either "       \
    "neither no all several many few most another other one two three four five six seven eight nine ten "     \
    "der die das den dem des ein eine einer eines einem einen le la les l un une des ce cette ces son ses " \
    "el los las lo unos unas su sus uno il gli en ett det "          \
    "o os uma ο η το οι τα τον την του της ένας μια"

#define WORDS_PREP                                                                                             \
    "of in on at to for from with by about after before during between among against through throughout "      \
    "under over into onto upon within without toward towards across behind beyond near since until till via "  \
    "despite regarding concerning amid following including like unlike as than per off out up down around "    \
    "alongside besides except inside outside past "                                                            \
    "mit nach bei aus zu von vor auf für gegen über unter durch ohne um im zum zur vom beim "            \
    "au aux dans avec pour par sur sous chez vers contre sans entre depuis pendant "                         \
    "con para por sobre entre hasta desde contra sin según durante "                                           \
    "в на с о об от для из к у по при во со за från med för till av om vid hos under efter "                \
    "في من إلى على عن مع خلال بعد قبل"

#define WORDS_OF   "of for de du des del della di da von van vom zu la le der den al el bin ibn ben abu af av at in to from with"

#define WORDS_JOIN "and or but nor yet und oder aber et ou mais y e pero и или но а och eller &"

#define WORDS_SUB                                                                                              \
    "that when while because if although though whether where how why what whatever once unless whereas so "   \
    "dass daß weil wenn als ob wie während que qu quand si comme porque cuando como что когда если "           \
    "att när eftersom där أن إن بأن أنه إنه أنها إنها"

#define WORDS_AUX                                                                                              \
    "is are was were be been being am has have had having do does did will would shall should can could may "  \
    "might must ought cannot don't doesn't didn't won't wouldn't can't couldn't isn't aren't wasn't weren't "  \
    "hasn't haven't hadn't he's she's it's they're we're i've "                                                \
    "haben hatte hatten ist sind waren wird wurde wurden ont avait avaient est été "                 \
    "ha han había fue está har hade är var"

#define WORDS_ADV                                                                                              \
    "also later then now not never ever still just even only already again once soon instead however "         \
    "meanwhile therefore thus too often always sometimes there here ahead earlier back simply rather quite "   \
    "very really both further furthermore moreover repeatedly indeed perhaps maybe certainly recently famously finally publicly ago when "    \
    "auch dann später noch schon weiter hinzu mit aussi ensuite puis encore también luego además ayer hoy "    \
    "также затем потом också sedan vidare тихо вдруг cicho spokojnie halkan csendesen diye potem wtedy тоді"

#define WORDS_CALENDAR                                                                                         \
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july "     \
    "august september october november december jan feb mar apr jun jul aug sept sep oct nov dec today "       \
    "yesterday tomorrow tonight morning afternoon evening night week month year weekend last next day days "   \
    "montag dienstag mittwoch donnerstag freitag samstag sonntag lundi mardi mercredi jeudi vendredi samedi "  \
    "dimanche lunes martes miércoles jueves viernes sábado domingo понедельник вторник среду четверг пятницу " \
    "måndag tisdag onsdag torsdag fredag lördag söndag januar februar märz mai juni juli oktober dezember "    \
    "janvier février mars avril juin juillet août septembre octobre novembre décembre mondays enero gestern "  \
    "heute hier igår idag"

#define WORDS_SUFFIX "jr sr ii iii iv"

#define WORDS_ACCORDING "according laut selon según segundo secondo enligt согласно zufolge"

/* Finite verbs that are no cue: where a subject ends. */
#define WORDS_VERB                                                                                             \
    "won lost ran got met left kept sent led became stood sat rose fell grew paid bought sold brought caught " \
    "built broke chose ate flew wore let set cut hit hurt quit spent turned returned arrived appeared "        \
    "remains remained includes included needs wants likes loves hates looks works plays lives runs gets "      \
    "needed wanted looked worked tried tries helped moved asked followed joined received delivered spoke "     \
    "visited opened closed faced passed signed served stayed stopped walked waited watched answered "          \
    "happened emerged endorsed pledged pushed filed suffered ended failed"
/* clang-format on */

#endif
