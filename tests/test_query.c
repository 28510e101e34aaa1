/* test_query.c -- what is typed becomes a tree, and a mistake is told with its column. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "index/match.h"
#include "index/date.h"
#include "index/passage.h"
#include "index/paths.h"

/* ---- trees ------------------------------------------------------------------------------------------- */

static void put_key(struct buf *b, const struct query_key *key)
{
    static const char *const before[] = {
        [KEY_LOOSE] = "",  [KEY_SPELLED] = "=", [KEY_UMLAUT] = "^", [KEY_BEGINS] = "", [KEY_STEM] = "%",
        [KEY_PREFIX] = "", [KEY_INFIX] = "*",   [KEY_SUFFIX] = "*", [KEY_FUZZY] = "~"};
    bool star = key->how == KEY_BEGINS || key->how == KEY_PREFIX || key->how == KEY_INFIX;

    buf_str(b, before[key->how]);
    buf_span(b, key->exact.len ? key->exact : key->loose);
    buf_str(b, star ? "*" : "");
}

static void put_slot(struct buf *b, const struct query *q, const struct query_slot *s)
{
    for (uint32_t way = 0; way < s->count; way++)
        for (uint32_t k = 0; k < s->ways[way].count; k++) {
            buf_str(b, k ? "+" : way ? "|" : "");
            put_key(b, &q->keys[s->ways[way].keys[k]]);
        }
}

static void put_tree(struct buf *b, const struct query *q, const struct query_node *n)
{
    static const char *const names[] = {
        [QUERY_NEAR] = "near",       [QUERY_AND] = "and",   [QUERY_OR] = "or",   [QUERY_NOT] = "not",
        [QUERY_SPEAKER] = "speaker", [QUERY_ROLE] = "role", [QUERY_CUE] = "cue", [QUERY_TITLE] = "title",
        [QUERY_SOURCE] = "source",   [QUERY_LANG] = "lang"};
    char first[11], last[11];

    if (n->kind == QUERY_WORDS) {
        buf_str(b, n->slot_count > 1 ? "\"" : "");
        for (uint32_t i = 0; i < n->slot_count; i++) {
            buf_str(b, i ? " " : "");
            put_slot(b, q, &n->slots[i]);
        }
        buf_str(b, n->slot_count > 1 ? "\"" : "");
    } else if (n->kind == QUERY_DATE) {
        date_iso(n->first_day, first);
        date_iso(n->last_day, last);
        buf_printf(b, "%s..%s", first, last);
    } else if (n->kind == QUERY_PATH) {
        buf_printf(b, "path<%.*s>", (int)n->path.len, n->path.at);
    } else if (n->kind == QUERY_KIND) {
        buf_str(b, "kind");
        for (unsigned kind = 0; kind < QUOTE_KINDS; kind++)
            if (n->kinds >> kind & 1)
                buf_printf(b, ":%s", quote_kind_name((enum quote_kind)kind));
    } else {
        buf_printf(b, "(%s", names[n->kind]);
        for (const struct query_node *k = n->kids; k; k = k->next) {
            if (n->kind == QUERY_NEAR && k != n->kids)
                buf_printf(b, " %s%u", k->ordered ? ">" : "", k->most);
            buf_char(b, ' ');
            put_tree(b, q, k);
        }
        buf_char(b, ')');
    }
}

/* clang-format off */
static const struct { const char *fact, *typed, *tree; } trees[] = {
    { "a word",                               "Syria",                         "syria" },
    { "words must all be there",              "Syria aid",                     "(and syria aid)" },
    { "AND may be said",                      "Syria AND aid",                 "(and syria aid)" },
    { "and is a word",                        "bread and wine",                "(and bread and wine)" },
    { "marks are a phrase",                   "\"bearing the cost\"",          "\"bearing the cost\"" },
    { "pasted marks too",                     "“bearing the cost”",            "\"bearing the cost\"" },
    { "OR binds less",                        "a b OR c d",                    "(or (and a b) (and c d))" },
    { "brackets bind more",                   "a (b OR c) d",                  "(and a (or b c) d)" },
    { "a minus leaves out",                   "aid -oil",                      "(and aid (not oil))" },
    { "NOT does too",                         "aid NOT oil",                   "(and aid (not oil))" },
    { "a phrase is left out whole", "aid -\"crude oil\"", "(and aid (not \"crude oil\"))" },
    { "a bracket is left out whole", "aid -(oil OR gas)", "(and aid (not (or oil gas)))" },
    { "near, in either order",                "syria NEAR/5 aid",              "(near syria 5 aid)" },
    { "near without a number is ten words",   "syria NEAR aid",                "(near syria 10 aid)" },
    { "in this order",                        "syria ADJ/0 aid",               "(near syria >0 aid)" },
    { "a chain of near things",               "a NEAR/3 b ADJ c",              "(near a 3 b >10 c)" },
    { "phrases may be near",                  "\"a b\"NEAR/3\"c d\"",          "(near \"a b\" 3 \"c d\")" },
    { "and alternatives",                     "(a OR \"b c\") NEAR d",         "(near (or a \"b c\") 10 d)" },
    { "near binds more than side by side",    "a b NEAR/3 c d",                "(and a (near b 3 c) d)" },
    { "and more than without",                "a NOT b NEAR/3 c",              "(and a (not (near b 3 c)))" },
    { "written with a minus too",             "a -b ADJ/3 c",                  "(and a (not (near b >3 c)))" },
    { "small letters are a word",             "near adj",                      "(and near adj)" },
    { "a word that begins so is one",         "NEARBY",                        "nearby" },
    { "without without is with",              "a NOT NOT b NOT -c",            "(and a b c)" },
    { "what begins so",                       "Presid*",                       "presid*" },
    { "what ends so",                         "*dent",                         "*dent" },
    { "what holds it",                        "*side*",                        "*side*" },
    { "one letter may begin words",           "p*",                            "p*" },
    { "several stars are one",                "**side**",                      "*side*" },
    { "spelled almost so",                    "~Presidnet",                    "~presidnet" },
    { "in a phrase",                          "\"the presid* ~siad *no\"",     "\"the presid* ~siad *no\"" },
    { "without what begins so",               "a -presid* -*dent -~siad",      "(and a (not presid*) (not *dent) (not ~siad))" },
    { "near what begins so",                  "presid* NEAR/2 said",           "(near presid* 2 said)" },
    { "the last part of a chain begins so",   "al-nad*",                       "alnad*|al+nad*" },
    { "the first part of a chain ends so",    "*al-nadim",                     "*alnadim|*al+nadim" },
    { "a chain holds both",                   "*al-nad*",                      "*alnad*|*al+nad*" },
    { "a chain spelled almost so",            "~al-nadim",                     "~alnadim" },
    { "an umlaut is typed otherwise too",     "müll*",                         "mull*|muell*" },
    { "and two letters may be one",           "muell*",                        "muell*|müll*" },
    { "an article is elided from it",         "l’éta*",                        "eta*" },
    { "a speaker whose name begins so",       "speaker:\"ven* ~orlla\"",       "(speaker (and ven* ~orlla))" },
    { "a star in a script without spaces",    "東京* *都",                     "(and 東京 都*)" },
    { "a star or a tilde alone is nothing",   "a * ~ b",                       "(and a b)" },
    { "a tilde inside is nothing",            "10~20",                         "\"10 20\"" },
    { "a hyphen inside a word is no minus",   "al-nadim",                     "alnadim|al+nadim" },
    { "a chain has as many parts",            "mother-in-law",                 "motherinlaw|mother+in+law" },
    { "hyphens in a phrase", "\"al-nadim said\"", "\"alnadim|al+nadim said\"" },
    { "an apostrophe keeps the word whole",   "O’Dwyer l’état",                "(and odwyer etat)" },
    { "a possessive finds its owner",         "marta’s",                       "marta" },
    { "without a spelling",                   "aid -=peace",                   "(and aid (not =peace))" },
    { "without a phrase spelled just so",     "aid -=\"peace talks\"",         "(and aid (not \"=peace =talks\"))" },
    { "a name of two words spelled just so",  "speaker:=\"Örla Venn\"",        "(speaker (and =örla =venn))" },
    { "Hebrew gershayim are no mark",         "\"דובר צה\"ל אמר\"",            "\"דובר צהל אמר\"" },
    { "a run that is not the last thing",     "\"서울 시장\"",                  "\"서울 울* 시장\"" },
    { "umlauts and ligatures together",       "aeroe",                         
      "aeroe|^äroe|^ärö|^ärø|^æroe|^ærö|^ærø|^aerö|^aerø" },
    { "a number of a chain is its part", "\"21.000-km-lauf\"",      "21.000kmlauf|21.000+km+lauf" },
    { "a number alone too",                   "21.000",                        "21.000|21000" },
    { "umlauts may be typed as two letters",  "mueller",                       "mueller|^müller" },
    { "and two letters printed for them",     "Grüße",                         "grusse|gruesse" },
    { "spelled just so",                      "=Résumé",                       "=résumé" },
    { "a phrase spelled just so",             "=\"le Résumé\"",                "\"=le =résumé\"" },
    { "a speaker spelled just so",            "speaker:=Müller",               "(speaker =müller)" },
    { "an equals sign alone is nothing",      "a = b",                         "(and a b)" },
    { "a phrase keeps its elided article",    "\"l’état\"",                    "letat" },
    { "a name keeps what looks like one",     "speaker:d’angelo",              "(speaker dangelo)" },
    { "joined by a slash is a phrase",        "and/or",                        "\"and or\"" },
    { "Han text is a phrase of pairs",        "東京都",                        "\"東京 京都\"" },
    { "a character alone stays",              "東",                            "東*" },
    { "accents and case do not matter",       "ÉTAT",                          "etat" },
    { "marks that are no words are nothing",  "aid -- ! … syria",              "(and aid syria)" },
    { "a speaker",                            "speaker:Venn",             "(speaker venn)" },
    { "a speaker of two words", "speaker:\"Örla Venn\"", "(speaker (and orla|oerla venn))" },
    { "without a speaker", "aid -speaker:penn", "(and aid (not (speaker penn)))" },
    { "a role",                               "role:Mayor",                    "(role mayor)" },
    { "words of a role in a row",             "role:\"prime minister\"",       "(role \"prime minister\")" },
    { "a cue that begins so",                 "cue:tel*",                      "(cue tel*)" },
    { "a cue spelled just so",                "cue:=said",                     "(cue =said)" },
    { "words of a title",                     "title:bridge title:\"vote postponed\"",
      "(and (title bridge) (title \"vote postponed\"))" },
    { "an article elided from a title",       "title:l’état",                  "(title etat)" },
    { "but not from a source",                "source:l’état",                 "(source letat)" },
    { "the host of a source",                 "source:post.example",           "(source postexample|post+example)" },
    { "a language by its code",               "lang:DE",                       "(lang =de)" },
    { "of some place",                        "lang:de-CH",                    "(lang =de)" },
    { "or by its name",                       "lang:German",                   "(lang =de)" },
    { "or one that has no name here",         "lang:tlh",                      "(lang =tlh)" },
    { "a part of a path",                     "path:Örla/News",                "path<orla/news>" },
    { "a pattern of a path",                  "path:\"2025-*/the news?\"",     "path<2025-*/the news?>" },
    { "the day itself",                       "on:2025-04-03",                 "2025-04-03..2025-04-03" },
    { "without a title",                      "aid -title:oil",                "(and aid (not (title oil)))" },
    { "brackets that make no difference",     "a (b (c d)) (e OR f)",          "(and a b c d (or e f))" },
    { "a Finnish ending is no filter",        "nato:n EU:n",                   "(and naton|nato+n eun|eu+n)" },
    { "nor is a web address",                 "https://post.example",          "\"https postexample|post+example\"" },
    { "nor a remark",                         "note: aid",                     "(and note aid)" },
    { "a day",                                "date:2025-04-03",               "2025-04-03..2025-04-03" },
    { "a month is all its days",              "date:2024-02",                  "2024-02-01..2024-02-29" },
    { "a year too",                           "date:2025",                     "2025-01-01..2025-12-31" },
    { "a range includes its ends",            "date:2025-01..2025-03-15",      "2025-01-01..2025-03-15" },
    { "an open end",                          "date:2025-04..",                "2025-04-01.." },
    { "an open beginning",                    "date:..2025-04",                "..2025-04-30" },
    { "since",                                "since:2025-04",                 "2025-04-01.." },
    { "until",                                "until:2025-04",                 "..2025-04-30" },
    { "a kind of quotes",                     "aid kind:indirect",             "(and aid kind:indirect)" },
    { "several kinds",                        "kind:mixed,direct",             "kind:direct:mixed" },
    { "every kind",                           "kind:all",                      "kind:direct:mixed:pull:reported:indirect" },
    { "a filter among words", "aid date:2025 gaza", "(and aid 2025-01-01..2025-12-31 gaza)" },
    { "a colon in a word is no filter",       "12:30",                         "\"12 30\"" },
    { "nothing asks nothing",                 "  ",                            "" },
};

static const struct { const char *fact, *typed; uint32_t column; } mistakes[] = {
    { "an open phrase is told where it opens",       "aid \"bearing the",        5 },
    { "columns count characters, not bytes",         "été \"bearing",            5 },
    { "an open bracket too",                         "aid (oil",                 5 },
    { "a closing bracket without its partner",       "aid) oil",                 4 },
    { "OR with nothing before it",                   "OR aid",                   1 },
    { "OR with nothing after it",                    "aid OR",                   5 },
    { "two ORs",                                     "aid OR OR oil",            8 },
    { "OR before a bracket's end",                   "(aid OR) oil",             6 },
    { "NOT with nothing after it",                   "aid NOT",                  8 },
    { "a star inside a word",                        "aid pres*dent",            9 },
    { "a star between words",                        "\"the * said\"",           6 },
    { "a star behind marks",                         "aid U.S.*",                9 },
    { "a star before one letter",                    "aid *a*",                  5 },
    { "and before one at the end",                   "été *é",                   5 },
    { "a star and one spelling",                     "=presid*",                 2 },
    { "a tilde and a star",                          "~presid*",                 8 },
    { "a tilde before more than is a word",
      "~aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffg",          2 },
    { "more words with stars than there is room for",
      "a* b* c* d* e* f* g* h* i* j* k* l* m* n* o* p* q*",                      49 },
    { "NOT before OR",                              "aid NOT OR oil",           9 },
    { "NEAR with nothing before it",                 "NEAR/3 aid",               1 },
    { "NEAR with nothing after it",                  "aid NEAR/3",               11 },
    { "NEAR before a bracket's end",                 "(aid NEAR) oil",           10 },
    { "NEAR before what is left out",                "aid NEAR -oil",            10 },
    { "NEAR before marks",                           "aid NEAR ...",             10 },
    { "NEAR and a word for a number",                "aid NEAR/some oil",        10 },
    { "NEAR and a slash",                            "aid NEAR/ oil",            10 },
    { "NEAR further than there is sense in",         "aid ADJ/1001 oil",         9 },
    { "near words that stand side by side",          "aid NEAR (oil gas)",       10 },
    { "a filter near a word",                        "speaker:venn NEAR aid",    1 },
    { "a month has no thirteenth",                   "date:2025-13",             6 },
    { "a date in words",                             "aid date:yesterday",       10 },
    { "a range that ends before it begins",          "date:2025..2024",          6 },
    { "a range of nothing",                          "date:..",                  6 },
    { "a speaker without a name",                    "aid speaker: venn",   13 },
    { "a filter that is none",                       "aid speeker:venn",         5 },
    { "a filter known from elsewhere",               "été author:venn",          5 },
    { "a filter that nobody knows",                  "aid weather:rainy",        5 },
    { "a filter that nobody knows, in marks",        "aid weather:\"wet\"",      5 },
    { "a title without a word",                      "title: aid",               7 },
    { "a role without one",                          "role:\"\" aid",            7 },
    { "a source of marks",                           "source:...",               8 },
    { "a cue without one",                           "aid -cue:",                10 },
    { "a path without a part",                       "path:",                    6 },
    { "a language that is none",                     "lang:x",                   6 },
    { "a language in other words",                   "lang:oldish",              6 },
    { "no day",                                      "on:",                      4 },
    { "a kind that is none",                         "aid kind:shouted",        10 },
    { "nor is one of several",                       "kind:direct,shouted",     13 },
    { "kind: with nothing after it",                 "kind:",                     6 },
    { "nothing but marks",                           "...",                      1 },
};
/* clang-format on */

/* clang-format off */
enum { D = 1 << QUOTE_DIRECT, M = 1 << QUOTE_MIXED, P = 1 << QUOTE_PULL, R = 1 << QUOTE_REPORTED,
       I = 1 << QUOTE_INDIRECT };

static const struct { const char *fact, *typed; unsigned kinds; } kinds_asked[] = {
    { "nothing asked asks for no indirect ones",     "",                                D | M | P | R },
    { "nor do words",                                "aid OR oil",                      D | M | P | R },
    { "unless they are named",                       "aid kind:indirect",               I },
    { "kind:all names them",                         "aid kind:all",                    D | M | P | R | I },
    { "one of two that are named",                   "(kind:indirect OR kind:mixed)",   M | I },
    { "two that must both hold",                     "kind:direct,mixed kind:mixed",    M },
    { "named in one alternative only",               "aid OR (oil kind:indirect)",      D | M | P | R | I },
    { "what is left out names nothing",              "aid -kind:indirect",              D | M | P | R },
    { "and another kind left out asks for none",     "aid -kind:direct",                D | M | P | R },
};
/* clang-format on */

static void every_row_asks_for_its_kinds(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof kinds_asked / sizeof *kinds_asked; i++) {
        struct arena mem = ARENA_INIT;
        struct query q;

        assert_int_equal(query_parse(&q, &mem, span_of(kinds_asked[i].typed), SPAN("")), 0);
        if (query_kinds(&q) != kinds_asked[i].kinds)
            fail_msg("%s: %x, wanted %x", kinds_asked[i].fact, query_kinds(&q), kinds_asked[i].kinds);
        query_fini(&q);
        arena_free(&mem);
    }
}

static void every_row_gives_its_tree(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof trees / sizeof *trees; i++) {
        struct arena mem = ARENA_INIT;
        struct buf got = BUF_INIT(4096);
        struct query q;

        if (query_parse(&q, &mem, span_of(trees[i].typed), SPAN("")) < 0)
            fail_msg("%s: %s at %u", trees[i].fact, q.detail, q.column);
        if (q.root)
            put_tree(&got, &q, q.root);
        buf_char(&got, '\0');
        if (strcmp(got.at, trees[i].tree) != 0)
            fail_msg("%s: got %s, wanted %s", trees[i].fact, got.at, trees[i].tree);
        buf_fini(&got);
        arena_free(&mem);
    }
}

static void every_mistake_has_its_column_and_a_sentence(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        struct arena mem = ARENA_INIT;
        struct query q;
        int rc = query_parse(&q, &mem, span_of(mistakes[i].typed), SPAN(""));

        if (rc != ERR_SYNTAX || q.column != mistakes[i].column || !q.detail[0])
            fail_msg("%s: got %d at %u (%s)", mistakes[i].fact, rc, q.column, q.detail);
        arena_free(&mem);
    }
}

static void many_brackets_are_refused(void **state)
{
    struct arena mem = ARENA_INIT;
    char typed[LIMIT_QUERY];
    struct query q;

    (void)state;
    memset(typed, '(', sizeof typed);
    assert_int_equal(query_parse(&q, &mem, (struct span){typed, sizeof typed}, SPAN("")), ERR_SYNTAX);
    arena_free(&mem);
}

static void many_words_are_refused(void **state)
{
    struct arena mem = ARENA_INIT;
    struct buf typed = BUF_INIT(LIMIT_QUERY);
    struct query q;

    (void)state;
    for (int i = 0; i < 300; i++)
        buf_printf(&typed, "w%d ", i);
    assert_int_equal(query_parse(&q, &mem, buf_view(&typed), SPAN("")), ERR_SYNTAX);
    assert_int_equal(q.column, 1 + 10 * 3 + 90 * 4 + 156 * 5);
    buf_fini(&typed);
    arena_free(&mem);
}

/* ---- over a text ------------------------------------------------------------------------------------- */

/* clang-format off */
static const struct { const char *fact, *typed, *text, *marked; bool whole; } matches[] = {
    { "words are marked as printed", "syria aid", "Aid for Syria’s towns", "[Aid] for [Syria’s] towns", true },
    { "one word of two is not all", "syria aid", "Aid for all", "[Aid] for all", false },
    { "OR is content with one", "syria OR aid", "Aid for all", "[Aid] for all", true },
    { "a phrase is marked as one", "\"the cost\"", "the high cost, the cost", "the high cost, [the cost]", true },
    { "typed whole, printed in parts", "al-nadim", "Al Nadim spoke", "[Al Nadim] spoke", true },
    { "typed and printed with a hyphen", "al-nadim", "Mr Al-Nadim spoke", "Mr [Al-Nadim] spoke", true },
    { "typed in parts, printed hyphened", "\"al nadim\"", "Al-Nadim spoke", "[Al-Nadim] spoke", true },
    { "hyphened inside a phrase", "\"al-nadim spoke\"", "Al-Nadim spoke", "[Al-Nadim spoke]", true },
    { "the part alone", "nadim", "Al-Nadim spoke", "Al-[Nadim] spoke", true },
    { "what is left out is not marked", "aid -oil", "Aid and oil", "[Aid] and oil", false },
    { "without what is left out", "aid -gas", "Aid and oil", "[Aid] and oil", true },
    { "overlaps are one mark", "\"a b\" \"b c\"", "a b c", "[a b c]", true },
    { "near ones are marked, and only those", "aid NEAR/1 oil",
      "aid. Oil for aid and aid", "[aid]. [Oil] for [aid] and aid", true },
    { "too far apart", "aid NEAR/1 oil", "aid for the oil", "aid for the oil", false },
    { "in the other order", "oil ADJ/1 aid", "aid for oil", "aid for oil", false },
    { "every thing of a chain has to be there", "a NEAR/1 b NEAR/1 c", "a b x x c", "a b x x c", false },
    { "a chain goes from thing to thing", "a NEAR/1 b ADJ/2 c", "b a x c b x c a", "[b] [a] x [c] b x c a", true },
    { "a thing is not near itself", "a NEAR/3 a", "a b", "a b", false },
    { "but near its like", "a NEAR/3 a", "a b a", "[a] b [a]", true },
    { "things do not overlap", "\"a b\" NEAR \"b c\"", "a b c", "a b c", false },
    { "a phrase is as long as it is", "\"a b c\" NEAR/0 d", "a b c d", "[a b c] [d]", true },
    { "wide words end where they end", "al-nadim ADJ/0 said", "Al-Nadim said", "[Al-Nadim] [said]", true },
    { "one of several near things", "(oil OR gas) NEAR/2 aid", "oil x x x aid gas", "oil x x x [aid] [gas]", true },
    { "without what is near", "a -b NEAR/0 c", "a b x c", "[a] b x c", true },
    { "what begins so is marked whole", "presid* b", "Presidents, B", "[Presidents], [B]", true },
    { "what ends so", "*dents", "Presidents and president", "[Presidents] and president", true },
    { "what holds it", "*sid*", "Presidents aside", "[Presidents] [aside]", true },
    { "spelled almost so", "~presidnet", "president, presidential, resident", "[president], presidential, [resident]", true },
    { "four letters allow one", "~siad",
      "said sad sid siad sied said. sda", "[said] [sad] [sid] [siad] [sied] [said]. sda", true },
    { "three letters allow none", "~cat", "cat car", "[cat] car", true },
    { "eight letters allow two", "~ministry",
      "minister ministerial minstry mniistry mnistyr", "[minister] ministerial [minstry] [mniistry] [mnistyr]", true },
    { "letters of any script", "~москва", "Москве и Масква", "[Москве] и [Масква]", true },
    { "a chain that begins so", "\"al-nad* said\"", "Al-Nadim said", "[Al-Nadim said]", true },
    { "the whole of a chain or its part", "\"al* said\"", "Al-Nadim said", "[Al-Nadim said]", true },
    { "and its part", "\"al* nadim\"", "Al-Nadim said", "[Al-Nadim] said", true },
    { "umlauts of what begins so", "muell*", "Müllers Mullers", "[Müllers] Mullers", true },
    { "Han in the middle of a run", "京都", "東京都市", "東[京都]市", true },
};
/* clang-format on */

static void every_row_is_marked(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof matches / sizeof *matches; i++) {
        struct arena mem = ARENA_INIT;
        struct buf got = BUF_INIT(4096);
        struct span text = span_of(matches[i].text);
        struct match_range range = {0, (uint32_t)text.len};
        struct query q;
        struct match m;
        uint32_t at = 0;

        assert_int_equal(query_parse(&q, &mem, span_of(matches[i].typed), SPAN("")), 0);
        assert_int_equal(match_text(&m, &mem, &q, text, &range, 1), 0);
        assert_int_equal(match_whole(&m, &q), matches[i].whole);
        match_tidy(&m, &q);
        for (uint32_t j = 0; j < m.hit_count; at = m.hits[j++].end) {
            buf_span(&got, span_cut(text, at, m.hits[j].start));
            buf_char(&got, '[');
            buf_span(&got, span_cut(text, m.hits[j].start, m.hits[j].end));
            buf_char(&got, ']');
        }
        buf_span(&got, span_cut(text, at, text.len));
        buf_char(&got, '\0');
        if (strcmp(got.at, matches[i].marked) != 0)
            fail_msg("%s: got %s, wanted %s", matches[i].fact, got.at, matches[i].marked);
        buf_fini(&got);
        arena_free(&mem);
    }
}

static void a_passage_of_a_long_block_keeps_the_words_and_whole_characters(void **state)
{
    static const char *const fillers[] = {"word ", "слово ", "東京都", "é"};

    (void)state;
    for (size_t f = 0; f < 4; f++)
        for (int before = 0; before < 400; before += 7) {
            struct arena mem = ARENA_INIT;
            struct buf text = BUF_INIT(MiB);
            struct block block = {.kind = BLOCK_BODY};
            struct doc_row doc = {.blocks = &block, .block_count = 1};
            const struct block *blocks[PASSAGES_MAX];
            struct leaf_place place = {0, 0};
            struct passage *p;
            uint32_t count;
            struct query q;

            for (int i = 0; i < before; i++)
                buf_str(&text, fillers[f]);
            buf_str(&text, " needle in it ");
            for (int i = 0; i < 300; i++)
                buf_str(&text, fillers[f]);
            block.end = (uint32_t)text.len;
            assert_int_equal(query_parse(&q, &mem, SPAN("\"needle in\""), SPAN("")), 0);
            assert_int_equal(passage_choose(&mem, &q, &doc, &place, 1, blocks, &count), 0);
            assert_int_equal(passage_make(&mem, &q, buf_view(&text), blocks, count, &p, &count), 0);
            assert_int_equal(count, 1);
            assert_int_equal(p->hit_count, 1);
            assert_memory_equal(text.at + p->hits[0].start, "needle in", 9);
            assert_true(p->start <= p->hits[0].start && p->hits[0].end <= p->end);
            assert_true(p->end - p->start <= PASSAGE_BYTES + 8);
            assert_true(utf8_valid(span_cut(buf_view(&text), p->start, p->end), NULL));
            buf_fini(&text);
            arena_free(&mem);
        }
}

/* ---- almost a word ------------------------------------------------------------------------------------ */

enum { LETTERS_MOST = 14, WORDS = 4000 };

/* Letters of one byte and of two. */
static const char *const letters[] = {"a", "b", "c", "é", "ж"};

struct made {
    unsigned letters[LETTERS_MOST], count;
    char text[2 * LETTERS_MOST + 1];
};

static uint32_t chance_state = 1;

static uint32_t chance(uint32_t below)
{
    chance_state = chance_state * 1103515245u + 12345u;
    return (chance_state >> 12) % below;
}

static void make_word(struct made *m, unsigned most)
{
    m->count = 1 + chance(most);
    m->text[0] = '\0';
    for (unsigned i = 0; i < m->count; i++)
        strcat(m->text, letters[m->letters[i] = chance(5)]);
}

/* As fuzzy.h defines it, over the whole table. */
static unsigned distance(const struct made *a, const struct made *b)
{
    unsigned d[LETTERS_MOST + 1][LETTERS_MOST + 1];

    for (unsigned i = 0; i <= a->count; i++)
        for (unsigned j = 0; j <= b->count; j++) {
            if (!i || !j) {
                d[i][j] = i + j;
                continue;
            }
            d[i][j] = d[i - 1][j - 1] + (a->letters[i - 1] != b->letters[j - 1]);
            if (d[i - 1][j] + 1 < d[i][j])
                d[i][j] = d[i - 1][j] + 1;
            if (d[i][j - 1] + 1 < d[i][j])
                d[i][j] = d[i][j - 1] + 1;
            if (i > 1 && j > 1 && a->letters[i - 1] == b->letters[j - 2] &&
                a->letters[i - 2] == b->letters[j - 1] && d[i - 2][j - 2] + 1 < d[i][j])
                d[i][j] = d[i - 2][j - 2] + 1;
        }
    return d[a->count][b->count];
}

static int by_text(const void *a, const void *b)
{
    return strcmp(((const struct made *)a)->text, ((const struct made *)b)->text);
}

static void what_is_spelled_almost_so_is_as_near_as_that(void **state)
{
    struct made *words = calloc(WORDS, sizeof *words), typed;
    unsigned near = 0, leapt = 0;

    (void)state;
    assert_non_null(words);
    for (unsigned i = 0; i < WORDS; i++)
        make_word(&words[i], LETTERS_MOST);
    qsort(words, WORDS, sizeof *words, by_text);
    for (unsigned round = 0; round < 300; round++) {
        struct fuzzy_walk walk = {.len = 0};
        struct fuzzy f;
        unsigned most;

        make_word(&typed, LETTERS_MOST);
        most = typed.count >= 8 ? 2 : typed.count >= 4 ? 1 : 0;
        assert_true(fuzzy_init(&f, span_of(typed.text)));
        for (unsigned i = 0; i < WORDS; i++) {
            bool is = fuzzy_is_near(&walk, &f, span_of(words[i].text));

            if (is != (distance(&typed, &words[i]) <= most))
                fail_msg("%s and %s: %d", typed.text, words[i].text, is);
            near += is;
            if (round % 2 &&
                walk.dead) /* what begins so is leapt over, and none of it would have been near */
                for (; i + 1 < WORDS && strncmp(words[i + 1].text, words[i].text, walk.dead) == 0;
                     i++, leapt++)
                    if (distance(&typed, &words[i + 1]) <= most)
                        fail_msg("%s was leapt over for %s", words[i + 1].text, typed.text);
        }
    }
    assert_true(near > 300 && leapt > 10000);
    free(words);
}

/* ---- paths -------------------------------------------------------------------------------------------- */

/* clang-format off */
static const struct { const char *pattern, *path; bool fits; } fitting[] = {
    { "ada/art", "/home/ada/articles/a.txt", true },
    { "ada/b", "/home/ada/articles/a.txt", false },
    { "*.txt", "/home/ada/articles/a.txt", true },
    { "*.tx", "/home/ada/articles/a.txt", false },
    { "a?a", "/home/ada/articles/a.txt", true },
    { "?da/*", "/home/ada/articles/a.txt", true },
    { "home/*.txt", "/home/ada/articles/a.txt", false },
    { "home/*/*/*.txt", "/home/ada/articles/a.txt", true },
    { "/home/*", "/home/ada/articles/a.txt", true },
    { "art*/", "/home/ada/articles/a.txt", true },
    { "*icle*", "/home/ada/articles/a.txt", true },
    { "icle*", "/home/ada/articles/a.txt", false },
    { "*a*a*", "/home/ada/articles/a.txt", true },
    { "*a*a*a*", "/home/ada/articles/a.txt", false },
    { "?", "/home/ada/articles/a.txt", false },
    { "?.txt", "/home/é.txt", true },
    { "*", "/a", true },
};
/* clang-format on */

static void a_pattern_stands_for_whole_names(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof fitting / sizeof *fitting; i++)
        if (path_fits(span_of(fitting[i].pattern), span_of(fitting[i].path)) != fitting[i].fits)
            fail_msg("%s and %s", fitting[i].pattern, fitting[i].path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_gives_its_tree),
        cmocka_unit_test(every_row_asks_for_its_kinds),
        cmocka_unit_test(every_mistake_has_its_column_and_a_sentence),
        cmocka_unit_test(many_brackets_are_refused),
        cmocka_unit_test(many_words_are_refused),
        cmocka_unit_test(every_row_is_marked),
        cmocka_unit_test(what_is_spelled_almost_so_is_as_near_as_that),
        cmocka_unit_test(a_pattern_stands_for_whole_names),
        cmocka_unit_test(a_passage_of_a_long_block_keeps_the_words_and_whole_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
