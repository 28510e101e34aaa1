/* abbreviations.h -- words that keep a full stop, as newspapers of about twenty-five languages print them.
 *
 * Folded with fold.h's exact fold, without the last stop, in the order of their bytes. Own list. A word that may as well end a
 * sentence (ill, mass, me) is believed with a capital only.
 */
#ifndef INDEX_ABBREVIATIONS_H
#define INDEX_ABBREVIATIONS_H

/* clang-format off */
/* Stand before a name or number, and so never end a sentence, however they are printed: ul. Nr. г. vgl. */
#define ABBREVIATIONS_BEFORE \
    "abs", "approx", "avda", "avv", "bkz", "bzw", "dhr", "dipl-ing", "dl", "dlui", "dna", "dott", "doç", \
    "dr", "drs", "evtl", "frk", "geb", "gen", "geom", "ggf", "godz", "hab", "hr", "hrn", "hrsg", "ifj", \
    "im", "inkl", "inż", "ir", "jud", "judr", "kl", "ks", "lic", "mej", "mevr", "mgr", "mlle", "mme", \
    "mmes", "mudr", "např", "nos", "np", "nr", "nám", "núm", "phdr", "pp", "prof", "pág", "płk", \
    "rep", "sig", "sigg", "sn", "sr", "sra", "str", "tel", "tzv", "tzw", "tř", "ul", "verh", "vgl", "vs", \
    "woj", "yrd", "zzgl", "özv", "čp", "αρ", "βλ", "κ", "κα", "καθ", "κοι", "κος", \
    "σελ", "акад", "бул", "вул", "г", "д", "д-р", "др", "им", "инж", "пер", \
    "пл", "просп", "проф", "стр", "т", "тел", "ул", "ім"

/* The same, but only with a capital: Mr. Sen. Oct. */
#define ABBREVIATIONS_BEFORE_CAPITAL \
    "adm", "al", "amb", "apr", "arch", "atty", "aug", "av", "bd", "capt", "cmdr", "cnel", "col", "cpl", \
    "dec", "det", "dl", "dra", "dña", "eng", "exma", "exmo", "feb", "fig", "fr", "fri", "frl", "ft", \
    "gen", "gov", "gral", "hon", "ing", "insp", "jan", "lt", "maj", "mar", "me", "messrs", "mm", "mon", \
    "mr", "mrs", "ms", "mt", "nov", "oct", "on", "pr", "pvt", "rep", "rev", "sat", "sen", "sep", "sept", \
    "sgt", "sr", "sra", "sres", "srta", "st", "ste", "sun", "supt", "thu", "tue", "vol", "wed"

/* May end one, which the next word tells: a.m. usw. т. д. */
#define ABBREVIATIONS_ANYWHERE \
    "a.c", "a.m", "apod", "atd", "bijv", "bl.a", "c.-à-d", "ca", "d.c", "d.h", "d.w.z", "dvs", "e.g", \
    "ecc", "enz", "etc", "f.eks", "i.d.r", "i.e", "itd", "itp", "jh", "m.b.t", "m.fl", "m.in", "mfl", \
    "mio", "mrd", "o.a", "o.l", "o.ä", "osv", "p.e", "p.ej", "p.ex", "p.m", "ph.d", "r", "s.o", "stb", \
    "t.ex", "tj", "tzn", "u.a", "u.u", "u.ä", "ub", "usw", "vb", "vs", "w", "z.b", "z.t", "ș.a", \
    "δηλ", "κ.ά", "π.χ", "гг", "и.о", "коп", "млн", "млрд", "н.э", "руб", \
    "т.д", "т.е", "т.к", "т.п", "тыс"

/* The same, but only with a capital: Inc. Mass. U.S. */
#define ABBREVIATIONS_ANYWHERE_CAPITAL \
    "ala", "ariz", "ark", "ave", "b.a", "b.v", "blvd", "bros", "calif", "co", "colo", "conn", "corp", \
    "d.c", "del", "dept", "e.u", "ee", "ee.uu", "est", "fla", "ga", "ill", "inc", "ind", "jr", "kan", "ky", \
    "la", "llc", "ltd", "ltda", "m.a", "m.d", "mass", "md", "mich", "minn", "miss", "mo", "mont", "n.v", \
    "neb", "nev", "okla", "ore", "pa", "penn", "plc", "rd", "s.a", "s.p.a", "s.r.l", "s.r.o", "sr", "tenn", \
    "tex", "u.k", "u.n", "u.s", "univ", "uu", "va", "vt", "wash", "wis", "wyo"

/* clang-format on */

#endif
