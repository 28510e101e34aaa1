/* short_words.h -- what a point after a word can mean, and which words begin sentences.
 *
 * The lists of period.c, one string of words a list. A word may stand in two: Gen. before a name, gen. (Polish) either.
 */
#ifndef INDEX_SHORT_WORDS_H
#define INDEX_SHORT_WORDS_H

/* clang-format off */
/* Something always follows: the point never ends a sentence. */
#define SHORT_BEFORE                                                                                           \
    "mr mrs ms messrs dr prof rev vs cf viz e.g i.e approx incl excl "                                         \
    "z.b d.h bzw vgl ca sog inkl exkl einschl zzgl ggf evtl geb gest ehem gegr stellv hl hr frl dipl "         \
    "mme mlle mgr env sra srta sres dra dña lic gral aprox p.ej exmo profa "                                   \
    "sig sigg dott avv dell'on l'on all'on mons "                                                              \
    "dhr mevr mw drs ds jhr bijv bv d.w.z t.a.v m.b.t bl.a t.ex f.eks d.v.s dvs s.k f.d frk pga jf jfr "       \
    "ul os św ks bp abp płk mjr mgr inż hab tzw np tj tzn m.in wg pt woj gm např tzv napr nám doc judr mudr "  \
    "phdr rndr sv ifj özv kb dl doç yrd sn bkz esim ns ks π.χ δηλ βλ δρ κα "                                           \
    "ул просп наб проф акад доц г-н г-жа св напр т.е т.н т.к вул ім гр бул "                                   \
    "डॉ श्री प्रो डा ডা মো திரு ე.ი jl jln hj tn ny kab kec dkt"

/* The same when it has a capital: without one it is an ordinary word somewhere. */
#define SHORT_BEFORE_CAPITAL                                                                                   \
    "sen rep gov gen lt col sgt maj capt cpl pvt cmdr adm atty supt det insp pres amb hon msgr fr mt av "      \
    "ing mag bw bi mhe ph th chr дж хр tp ts gs bs ths pgs"

/* Only before a number: No. 5, but "He said no." */
#define SHORT_NUMBER                                                                                           \
    "no nos pp vol vols fig figs ch sec sect art arts par para ver tel ext apt nr nro num núm pág pag abs bd " \
    "hft jg kap abb tab anm ziff rn kl klo tlf godz ok poz ust čl odst стр рис табл гл ст пп αρ σελ blz rp"

/* May close a sentence or stand inside one: what follows tells. */
#define SHORT_EITHER                                                                                           \
    "jr sr inc ltd co corp bros etc al ave blvd rd st ste dept univ assn p.m a.m u.s u.k u.n d.c ph.d hr hrs " \
    "min lbs oz usw mio mrd tsd str std sek jh jhd z.t ee uu ud uds vd avda gen ir osv m.m m.fl mfl mm "       \
    "pl im itd itp tys mln mld zł apod atd aj kč mil hod resp stb ill vb jne ym yms κ.λπ κτλ dll dsb "               \
    "пер пл пр им ген см т.д т.п др руб тыс млн млрд коп гг вв н.э тис грн рр лв"

/* The same when it has a capital. */
#define SHORT_EITHER_CAPITAL                                                                                   \
    "jan feb mar apr jun jul aug sept sep oct nov dec okt dez tue tues wed thu thurs fri ft est calif fla ga " \
    "ind kan ky la mass mich minn miss neb nev okla ore pa penn tenn tex va vt wash wis wyo ariz ark "         \
    "colo conn del mah cad"

/* Begin sentences; the small words of function_words.h do so too. */
#define SENTENCE_STARTERS                                                                                      \
    "last next today yesterday tomorrow asked speaking dies diese dieser nun damit dabei am zudem "            \
    "de het een hij zij dit dat deze er maar ook in op bij voor na volgens "                                   \
    "il lo i gli un una ma anche nel nella secondo dopo si non questo questa è "                               \
    "o a os as um uma eles elas mas no na nos nas não isso este esta após também "                             \
    "los las pero según después esto se "                                                                      \
    "w we na to ten ta te po nie ale jednak on ona oni według gdy od do v ve však podle když jak "             \
    "det den han hun hon vi men da når på ifølge samtidig hän se ne mutta kun myös tämä "                      \
    "az ez ő és nem ea ei acest această dar în după potrivit nu bu ve ama ancak bir ini itu dia mereka "       \
    "tetapi namun pada di ο η το οι τα αυτό αυτός αλλά και στο στη δεν "                                       \
    "это он она они но а и в на по после однако при об как це він вона вони але та у після"

/* Before a number with a point they say that it is an ordinal: am 3. Verhandlungstag. */
#define BEFORE_ORDINALS                                                                                        \
    "der die das dem den des am zum zur vom beim im ab seit bis jeder jede jedes jeden jedem unser unsere "    \
    "ihr ihre ihren ihrem sein seine seinen seinem"

/* Follow an ordinal and have a capital: 3. Oktober. */
#define ORDINAL_MONTHS                                                                                         \
    "januar jänner februar märz april mai juni juli august september oktober november dezember "               \
    "jan feb apr jun jul aug sept okt nov dez"
/* clang-format on */

#endif
