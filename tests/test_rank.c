/* test_rank.c -- the best ten are those of scoring every match by the formula of rank.h: over the places of words in the
 * stored texts, not over lists. Random archives of several segments, with articles deleted, and many that score alike.
 *
 *   SEED=N (1)   N=N queries an archive (250)   ROUNDS=N archives (4)
 */
#include <math.h>

#include "index/post.h"
#include "index/rank.h"
#include "index/word.h"
#include "tests/world.h"

/* Words that begin alike are asked for with a star, and weigh as one word, which stands behind the others. */
enum {
    VOCABULARY = 240,
    BEGINNINGS = 16,
    ALL_WORDS = VOCABULARY + BEGINNINGS,
    DOCS_MOST = 6000,
    PLACES_MOST = 1 << 21
};

/* ---- chance ------------------------------------------------------------------------------------------ */

static uint64_t state;

static uint32_t chance(uint32_t below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 20) % below;
}

static unsigned setting(const char *name, unsigned usual)
{
    const char *value = getenv(name);

    return value ? (unsigned)strtoul(value, NULL, 10) : usual;
}

/* ---- an archive -------------------------------------------------------------------------------------- */

static char vocabulary[VOCABULARY][12];

/* Syllables without ae, oe, ue, aa: those ask for umlauts too. */
static void make_vocabulary(void)
{
    static const char *const syllables[] = {"ba", "do", "ki", "lu", "me", "na", "po", "ri",
                                            "su", "te", "vo", "zi", "ga", "hu", "jo", "fe"};

    for (unsigned i = 0; i < VOCABULARY; i++)
        (void)snprintf(vocabulary[i], sizeof vocabulary[i], "%s%s%s", syllables[i % 16], syllables[i / 16],
                       syllables[(i * 7 + 3) % 16]);
}

/* The first words stand nearly everywhere, the last hardly anywhere. */
static const char *any_word(void)
{
    uint32_t r = chance(1000), span = r < 400 ? 12 : r < 750 ? 60 : VOCABULARY;

    return vocabulary[chance(span)];
}

static void put_words(FILE *f, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        (void)fprintf(f, "%s%s", i ? " " : "", any_word());
}

/* Lengths differ much, so that bounds do; short ones score alike. */
static void put_article(FILE *f, uint32_t id)
{
    uint32_t words = chance(10) < 6 ? 3 + chance(3) : chance(10) < 8 ? 10 + chance(40) : 200 + chance(300);

    (void)fprintf(f, "{\"id\":\"n%u\",", id);
    if (chance(2)) {
        (void)fprintf(f, "\"title\":\"");
        put_words(f, 1 + chance(5));
        (void)fprintf(f, "\",");
    }
    (void)fprintf(f, "\"text\":\"Water ");
    put_words(f, words);
    if (chance(3) == 0) {
        (void)fprintf(f, ". “Now ");
        put_words(f, 3 + chance(8));
        (void)fprintf(f, ",” said Orla Venn");
    }
    if (chance(6) == 0) {
        (void)fprintf(f, ". Orla Venn said that the bridge would close in ");
        put_words(f, 2 + chance(4));
    }
    (void)fprintf(f, ".\"}\n");
}

static void write_records(const struct world *w, uint32_t file, uint32_t from, uint32_t count)
{
    char path[256];
    FILE *f;

    (void)snprintf(path, sizeof path, "%s/%u.jsonl", w->archive, file);
    f = fopen(path, "wb");
    assert_non_null(f);
    for (uint32_t i = 0; i < count; i++)
        put_article(f, from + i);
    assert_int_equal(fclose(f), 0);
}

/* Several segments, some merged, some with dead among them. */
static void make_archive(struct world *w)
{
    uint32_t files = 4 + chance(8), size = 20 << chance(5), next = 0;

    for (uint32_t i = 0; i < files; i++, next += size) {
        write_records(w, i, next, size / 2 + chance(size));
        bring_in(w);
        for (uint32_t step = chance(4); step > 0; step--)
            (void)index_upkeep(w->index, NULL);
        if (i && chance(3) == 0) {
            write_records(w, chance(i), next, size / 4 + chance(size));
            bring_in(w);
        }
    }
    for (uint32_t step = chance(3) ? chance(6) : 1000; step > 0; step--)
        (void)index_upkeep(w->index, NULL);
}

/* ---- the texts as they are --------------------------------------------------------------------------- */

struct place {
    uint32_t pos;
    uint16_t word;
};

struct doc {
    uint32_t no, words;
    uint16_t weight[ALL_WORDS];
    struct place *places;
    uint32_t place_count;
};

struct texts {
    struct doc *docs;
    uint32_t count;
    struct place *places;
    uint32_t place_count;
    uint64_t words, df[ALL_WORDS];
    bool plain; /* the control: titles and quotes weigh nothing more */
};

static int word_no(struct span key)
{
    for (int i = 0; i < VOCABULARY; i++)
        if (span_is(key, vocabulary[i]))
            return i;
    return -1;
}

struct quoted {
    struct quote_row rows[64];
    uint32_t count;
};

static bool is_quoted(const struct quoted *q, uint32_t at)
{
    for (uint32_t i = 0; i < q->count; i++)
        if (q->rows[i].kind != QUOTE_INDIRECT && at >= q->rows[i].start && at < q->rows[i].end)
            return true;
    return false;
}

/* The words of a piece of text that begins at byte `at` of the article; `quoted` NULL: outside of it. */
static void read_piece(struct texts *t, struct doc *d, struct span text, uint32_t at, unsigned extra,
                       const struct quoted *quoted, uint32_t *pos)
{
    struct word_reader r;
    struct word w;

    word_open(&r, text, *pos);
    while (word_next(&r, &w) == 1) {
        int no = word_no(w.key);
        unsigned extra_here;

        if (no < 0)
            continue;
        assert_true(t->place_count < PLACES_MOST);
        t->places[t->place_count++] = (struct place){w.pos, (uint16_t)no};
        d->place_count++;
        extra_here = extra + (quoted && is_quoted(quoted, at + w.start));
        d->weight[no] = (uint16_t)(d->weight[no] + 1 + extra_here);
        d->weight[VOCABULARY + no % BEGINNINGS] =
            (uint16_t)(d->weight[VOCABULARY + no % BEGINNINGS] + 1 + extra_here);
    }
    *pos = word_pos(&r);
}

static void read_doc(struct texts *t, struct index_view *v, uint32_t no)
{
    struct doc *d = &t->docs[t->count++];
    struct arena mem = ARENA_INIT;
    struct quoted quoted = {.count = 0};
    struct doc_row row;
    struct span text;
    uint32_t pos = 0;

    assert_true(t->count < DOCS_MOST);
    memset(d, 0, sizeof *d);
    d->no = no;
    d->places = t->places + t->place_count;
    assert_int_equal(view_doc(v, &mem, no, &row), 0);
    assert_int_equal(view_text(v, &mem, &row, &text), 0);
    assert_true(row.quote_count <= 64);
    for (; quoted.count < row.quote_count; quoted.count++)
        assert_int_equal(view_quote(v, &mem, row.first_quote + quoted.count, &quoted.rows[quoted.count]), 0);
    if (row.title.len) { /* of a JSON line: it stands outside the text */
        read_piece(t, d, row.title, 0, 2, NULL, &pos);
        pos++;
    }
    for (uint32_t i = 0; i < row.block_count; i++) {
        const struct block *b = &row.blocks[i];

        if (b->kind == BLOCK_BOILERPLATE)
            continue;
        read_piece(t, d, span_cut(text, b->start, b->end), b->start, b->kind == BLOCK_TITLE ? 2 : 0, &quoted,
                   &pos);
        pos++;
    }
    d->words = row.words;
    t->words += row.words;
    arena_free(&mem);
}

/* In how many documents, the dead included, some word of a beginning stands. */
static uint64_t count_any(struct index_view *v, const struct segment *s, uint32_t count, int beginning)
{
    uint32_t last = s[count - 1].last_doc;
    bool *stands = calloc((size_t)last + 1, sizeof *stands);
    struct arena mem = ARENA_INIT;
    uint64_t df = 0;

    assert_non_null(stands);
    for (int word = beginning; word < VOCABULARY; word += BEGINNINGS)
        for (uint32_t i = 0; i < count; i++) {
            struct post p;

            if (post_open(&p, &mem, v, &s[i], FIELD_TEXT, span_of(vocabulary[word])) == 1)
                while (post_next(&p) == 1)
                    stands[p.doc] = true;
        }
    for (uint32_t no = 0; no <= last; no++)
        df += stands[no];
    free(stands);
    arena_free(&mem);
    return df;
}

/* Everything that lives; of what is dead only how long it makes a list. */
static void read_texts(struct texts *t, struct index_view *v)
{
    struct arena mem = ARENA_INIT;
    uint32_t count;
    const struct segment *s = view_segments(v, &count);

    t->docs = calloc(DOCS_MOST, sizeof *t->docs);
    t->places = calloc(PLACES_MOST, sizeof *t->places);
    assert_true(t->docs && t->places);
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t no = s[i].first_doc; no <= s[i].last_doc; no++)
            if (view_doc_dead(v, no) == 0)
                read_doc(t, v, no);
    for (int word = 0; word < VOCABULARY; word++)
        for (uint32_t i = 0; i < count; i++) {
            struct post p;

            if (post_open(&p, &mem, v, &s[i], FIELD_TEXT, span_of(vocabulary[word])) == 1)
                t->df[word] += p.df;
        }
    for (int beginning = 0; beginning < BEGINNINGS; beginning++)
        t->df[VOCABULARY + beginning] = count_any(v, s, count, beginning);
    arena_free(&mem);
}

static void free_texts(struct texts *t)
{
    free(t->docs);
    free(t->places);
}

/* ---- queries ----------------------------------------------------------------------------------------- */

/* A small tree beside what is typed for it. */
struct asked {
    enum { WORD, PHRASE, ALL, ANY, NOT } kind;
    uint16_t words[4];
    uint32_t count; /* words or kids */
    struct asked *kids[4];
};

struct question {
    struct asked pool[64];
    uint32_t used;
    char text[1500];
    size_t len;
};

__attribute__((format(printf, 2, 3))) static void type(struct question *q, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    q->len += (size_t)vsnprintf(q->text + q->len, sizeof q->text - q->len, format, args);
    va_end(args);
    assert_true(q->len < sizeof q->text);
}

/* Words that stand in a row somewhere, most often. */
static void choose_phrase(const struct texts *t, struct asked *a)
{
    const struct doc *d = &t->docs[chance(t->count)];
    uint32_t from = d->place_count > 4 ? chance(d->place_count - 4) : 0;

    a->count = 2 + chance(2);
    for (uint32_t i = 0; i < a->count; i++)
        a->words[i] = from + i < d->place_count ? d->places[from + i].word : (uint16_t)chance(12);
}

static struct asked *ask_leaf(struct question *q, const struct texts *t)
{
    struct asked *a = &q->pool[q->used++];

    a->kind = chance(4) ? WORD : PHRASE;
    if (a->kind == PHRASE) {
        choose_phrase(t, a);
        type(q, "\"");
        for (uint32_t i = 0; i < a->count; i++)
            type(q, "%s%s", i ? " " : "", vocabulary[a->words[i]]);
        type(q, "\"");
        return a;
    }
    a->words[0] = (uint16_t)word_no(span_of(any_word()));
    a->count = 1;
    if (chance(5) == 0) {
        a->words[0] = (uint16_t)(VOCABULARY + a->words[0] % BEGINNINGS);
        type(q, "%.2s*", vocabulary[a->words[0] - VOCABULARY]);
        return a;
    }
    type(q, "%s", vocabulary[a->words[0]]);
    return a;
}

static struct asked *ask_any(struct question *q, const struct texts *t, unsigned depth)
{
    struct asked *a;

    if (depth == 0 || chance(4) == 0)
        return ask_leaf(q, t);
    a = &q->pool[q->used++];
    a->kind = chance(2) ? ALL : ANY;
    a->count = 2 + chance(2);
    type(q, "(");
    for (uint32_t i = 0; i < a->count; i++) {
        bool without = a->kind == ALL && i && chance(5) == 0;

        type(q, "%s%s", i ? (a->kind == ANY ? " OR " : " ") : "", without ? "NOT " : "");
        a->kids[i] = ask_any(q, t, depth - 1);
        if (without) {
            q->pool[q->used] = (struct asked){.kind = NOT, .count = 1, .kids = {a->kids[i]}};
            a->kids[i] = &q->pool[q->used++];
        }
    }
    type(q, ")");
    return a;
}

static bool has_row(const struct doc *d, const struct asked *a)
{
    for (uint32_t i = 0; i < d->place_count; i++) {
        uint32_t n = 0;

        for (uint32_t k = i; n < a->count && k < d->place_count && d->places[k].pos == d->places[i].pos + n;
             k++)
            n += d->places[k].word == a->words[n];
        if (n == a->count)
            return true;
    }
    return false;
}

static bool matches(const struct doc *d, const struct asked *a)
{
    switch (a->kind) {
    case WORD:
        return d->weight[a->words[0]] > 0;
    case PHRASE:
        return has_row(d, a);
    case NOT:
        return !matches(d, a->kids[0]);
    case ALL:
    case ANY:
        break;
    }
    for (uint32_t i = 0; i < a->count; i++)
        if (matches(d, a->kids[i]) == (a->kind == ANY))
            return a->kind == ANY;
    return a->kind == ALL;
}

/* The distinct words that speak for a document. */
static void mark_wanted(const struct asked *a, bool wanted[ALL_WORDS])
{
    if (a->kind == WORD || a->kind == PHRASE)
        for (uint32_t i = 0; i < a->count; i++)
            wanted[a->words[i]] = true;
    else if (a->kind != NOT)
        for (uint32_t i = 0; i < a->count; i++)
            mark_wanted(a->kids[i], wanted);
}

/* ---- the formula of rank.h --------------------------------------------------------------------------- */

static double score_of(const struct texts *t, const struct doc *d, const bool wanted[ALL_WORDS])
{
    double mean = (double)t->words / t->count, sum = 0, all = t->count;

    for (int i = 0; i < ALL_WORDS; i++) {
        double df = t->df[i] > t->count ? all : (double)t->df[i];
        double w = t->plain ? d->weight[i] > 0 : d->weight[i];

        if (wanted[i] && d->weight[i])
            sum += log(1 + (all - df + 0.5) / (df + 0.5)) * w * 2.2 /
                   (w + 1.2 * (0.25 + 0.75 * d->words / mean));
    }
    return sum;
}

/* 1e-9 of it, and what keeping scores as multiples of 2^-32 may take away from each word. */
static bool close_to(double got, double wanted)
{
    return fabs(got - wanted) <= 1e-9 * fabs(wanted) + 20 / 4294967296.0;
}

static const struct doc *find_doc(const struct texts *t, uint32_t no)
{
    for (uint32_t i = 0; i < t->count; i++)
        if (t->docs[i].no == no)
            return &t->docs[i];
    return NULL;
}

/* What is wrong with an answer, or NULL: each has the score that the formula gives, they stand in order, and none that was left
 * out scores more than the last. */
static const char *find_fault(const struct texts *t, const struct asked *a, const struct ranked *got,
                              uint32_t count, uint64_t want, uint64_t *matching)
{
    bool wanted[ALL_WORDS] = {false}, *listed = calloc(t->count, sizeof *listed);
    const char *fault = NULL;

    assert_non_null(listed);
    mark_wanted(a, wanted);
    for (uint32_t i = 0; i < count && !fault; i++) {
        const struct doc *d = find_doc(t, got[i].doc);

        if (!d || !matches(d, a))
            fault = "an article that does not match";
        else if (listed[d - t->docs])
            fault = "an article twice";
        else if (!close_to(got[i].score, score_of(t, d, wanted)))
            fault = "another score than the formula's";
        else if (i && (got[i].score > got[i - 1].score ||
                       (got[i].score == got[i - 1].score && got[i].doc < got[i - 1].doc)))
            fault = "not in order";
        else
            listed[d - t->docs] = true;
    }
    *matching = 0;
    for (uint32_t i = 0; i < t->count && !fault; i++) {
        if (!matches(&t->docs[i], a))
            continue;
        ++*matching;
        if (listed[i])
            continue;
        if (want == 0 || count < want)
            fault = "one was left out though there was room";
        else {
            double score = score_of(t, &t->docs[i], wanted);

            if (score > got[count - 1].score && !close_to(score, got[count - 1].score))
                fault = "a better one was left out";
        }
    }
    free(listed);
    return fault;
}

/* The first `count` are the same, to the last bit. */
static bool begins_with(const struct ranked *all, const struct ranked *some, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (all[i].doc != some[i].doc || all[i].score != some[i].score)
            return false;
    return true;
}

static void ask_all_ways(const struct texts *t, struct index_view *v, const struct question *typed,
                         const struct asked *a, uint64_t *found)
{
    static const uint64_t wants[] = {0, 1, 2, 10, 50};
    struct arena mem = ARENA_INIT;
    struct ranked *every = NULL;
    struct query q = {0};
    uint64_t counted;

    assert_int_equal(query_parse(&q, &mem, (struct span){typed->text, typed->len}, SPAN("")), 0);
    for (unsigned i = 0; i < 2 * sizeof wants / sizeof *wants; i++) {
        uint64_t want = wants[i / 2], total = 0, matching;
        struct ranked *got = NULL;
        uint32_t count = 0;
        const char *fault;

        assert_int_equal(rank_documents(&mem, v, &q, want, NULL, &got, &count, i % 2 ? &total : NULL, NULL),
                         0);
        if (i == 0)
            every = got;
        if ((fault = find_fault(t, a, got, count, want, &matching)))
            fail_msg("%s: best %u: %s", typed->text, (unsigned)want, fault);
        if (!begins_with(every, got, count))
            fail_msg("%s: best %u are not the first of all", typed->text, (unsigned)want);
        if (i % 2 && total != matching)
            fail_msg("%s: %u match, %u are told", typed->text, (unsigned)matching, (unsigned)total);
        *found += i == 0 ? count : 0;
        assert_int_equal(rank_count(v, &q, NULL, &counted), 0);
        assert_int_equal(counted, matching);
    }
    query_fini(&q);
    arena_free(&mem);
}

/* ---- tests ------------------------------------------------------------------------------------------- */

static void the_best_are_those_of_scoring_every_match(void **unused)
{
    static const unsigned once[] = {120}; /* seeds that found something */
    unsigned seed = setting("SEED", 1), rounds = setting("ROUNDS", 4), n = setting("N", 250);
    unsigned more = getenv("SEED") ? 0 : (unsigned)(sizeof once / sizeof *once);
    uint64_t found = 0;

    (void)unused;
    make_vocabulary();
    for (unsigned round = 0; round < rounds + more; round++) {
        unsigned one = round < rounds ? seed + round : once[round - rounds];
        struct texts t = {.docs = NULL};
        struct index_view *v;
        struct world w;

        state = UINT64_C(0x9E3779B97F4A7C15) * one + 1;
        world_init(&w);
        make_archive(&w);
        assert_int_equal(index_view_open(w.index, &v), 0);
        read_texts(&t, v);
        print_message("SEED=%u: %u articles\n", one, t.count);
        for (unsigned i = 0; i < n; i++) {
            struct question q = {.used = 0};
            struct asked *a = ask_any(&q, &t, chance(3));

            ask_all_ways(&t, v, &q, a, &found);
        }
        free_texts(&t);
        index_view_close(&v);
        world_fini(&w);
    }
    assert_true(found > rounds * n); /* the questions find something */
}

static void another_formula_would_be_noticed(void **unused)
{
    struct texts t = {.docs = NULL};
    struct index_view *v;
    unsigned faults = 0;
    struct world w;

    (void)unused;
    make_vocabulary();
    state = 77;
    world_init(&w);
    make_archive(&w);
    assert_int_equal(index_view_open(w.index, &v), 0);
    read_texts(&t, v);
    t.plain = true;
    for (uint16_t word = 0; word < 20; word++) {
        struct asked a = {.kind = WORD, .words = {word}, .count = 1};
        struct arena mem = ARENA_INIT;
        struct ranked *got = NULL;
        struct query q = {0};
        uint32_t count = 0;
        uint64_t matching;

        assert_int_equal(query_parse(&q, &mem, span_of(vocabulary[word]), SPAN("")), 0);
        assert_int_equal(rank_documents(&mem, v, &q, 10, NULL, &got, &count, NULL, NULL), 0);
        faults += find_fault(&t, &a, got, count, 10, &matching) != NULL;
        query_fini(&q);
        arena_free(&mem);
    }
    assert_true(faults >= 10);
    free_texts(&t);
    index_view_close(&v);
    world_fini(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_best_are_those_of_scoring_every_match),
        cmocka_unit_test(another_formula_would_be_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
