/* test_scan.c -- the property that ties the index together: a query gives exactly the articles that a plain scan of
 * the texts gives, in the order of an exhaustive BM25. */
#include "tests/world.h"

#include "index/word.h"

enum { DOCS = 300, QUERIES = 1500, VOCABULARY = 40, TOP = 10 };

static uint32_t next_random(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    return *seed ^= *seed << 5;
}

/* Some words are common, most are rare; some are hyphenated; some need a rule of words or of folds. */
static void put_word(struct buf *b, uint32_t *seed)
{
    uint32_t n = next_random(seed) % VOCABULARY, m = next_random(seed) % (n + 1);

    static const char *const others[] = {"müwa",  "muewa", "muwa", "muwa’s", "l’wa", "東京", "京東", "東",
                                         "1.234", "1234",  "wawb", "wa.wb",  "U.W.", "الوب", "بوبب", "وبب"};
    static const char *const common[] = {"the", "of", "in", "a", "in-the"};

    if (next_random(seed) % 6 == 0)
        buf_str(b, others[next_random(seed) % (sizeof others / sizeof *others)]);
    else if (next_random(seed) % 3 == 0)
        buf_str(b, common[next_random(seed) % (sizeof common / sizeof *common)]);
    else if (next_random(seed) % 12 == 0)
        buf_printf(b, "w%c-w%c", 'a' + (int)(m % 6), 'a' + (int)(n % 6));
    else
        buf_printf(b, "w%c%s", 'a' + (int)(m % 26), m > 25 ? "x" : "");
}

static void put_text(struct buf *b, uint32_t *seed)
{
    for (uint32_t n = 3 + next_random(seed) % 60; n > 0; n--) {
        put_word(b, seed);
        buf_str(b, next_random(seed) % 20 == 0 ? ".\n\n" : " ");
    }
    buf_str(b, ".\n");
}

static void put_query(struct buf *b, uint32_t *seed, int depth)
{
    for (uint32_t n = 1 + next_random(seed) % 3; n > 0; n--) {
        uint32_t what = next_random(seed) % 12;

        if (what == 0)
            buf_char(b, '-');
        if (what > 8)
            buf_char(b, '=');
        if (what < 3 && depth < 2) {
            buf_char(b, '(');
            put_query(b, seed, depth + 1);
            buf_char(b, ')');
        } else if (what < 6) {
            buf_char(b, '"');
            for (uint32_t k = 2 + next_random(seed) % 2; k > 0; k--) {
                put_word(b, seed);
                buf_str(b, k > 1 ? " " : "");
            }
            buf_char(b, '"');
        } else {
            put_word(b, seed);
        }
        buf_str(b, n > 1 ? (next_random(seed) % 3 == 0 ? " OR " : " ") : "");
    }
}

/* What the plain scan knows of a document: its words with their positions, as a flat list. */
struct scanned {
    char (*keys)[16], (*exact)[24];
    uint32_t *pos, count, length;
    uint16_t *width, *weight;
    bool *pair;
    char id[13];
    uint32_t no;
};

/* What a word at byte `at` weighs: 1, in the title 2 more, in a quote 1 more. */
static uint16_t weight_at(struct index_view *view, const struct doc_row *doc, const struct block *block,
                          size_t at)
{
    struct arena mem = ARENA_INIT;
    uint16_t weight = block->kind == BLOCK_TITLE ? 3 : 1;
    bool quoted = false;

    for (uint32_t i = 0; i < doc->quote_count; i++) {
        struct quote_row q;

        assert_int_equal(view_quote(view, &mem, doc->first_quote + i, &q), 0);
        quoted |= q.kind != QUOTE_INDIRECT && q.start <= at && at < q.end;
    }
    arena_free(&mem);
    return (uint16_t)(weight + quoted);
}

static void scan(struct scanned *s, struct index_view *view, uint32_t no)
{
    struct arena mem = ARENA_INIT;
    struct doc_row doc;
    struct span text;
    uint32_t pos = 0;

    assert_int_equal(view_doc(view, &mem, no, &doc), 0);
    assert_int_equal(view_text(view, &mem, &doc, &text), 0);
    s->no = no;
    id_text(doc.id, s->id);
    s->keys = calloc(text.len + 1, sizeof *s->keys);
    s->exact = calloc(text.len + 1, sizeof *s->exact);
    s->pos = calloc(text.len + 1, sizeof *s->pos);
    s->width = calloc(text.len + 1, sizeof *s->width);
    s->pair = calloc(text.len + 1, sizeof *s->pair);
    s->weight = calloc(text.len + 1, sizeof *s->weight);
    for (uint32_t i = 0; i < doc.block_count; i++) {
        struct word_reader r;
        struct word w;

        if (doc.blocks[i].kind == BLOCK_BOILERPLATE)
            continue;
        word_open(&r, span_cut(text, doc.blocks[i].start, doc.blocks[i].end), pos);
        while (word_next(&r, &w)) {
            struct span exact;

            assert_true(w.key.len < sizeof *s->keys);
            memcpy(s->keys[s->count], w.key.at, w.key.len);
            exact = word_exact(&r, &w);
            assert_true(exact.len < sizeof *s->exact);
            memcpy(s->exact[s->count], exact.at, exact.len);
            s->width[s->count] = w.width;
            s->pair[s->count] = w.pair;
            s->weight[s->count] = weight_at(view, &doc, &doc.blocks[i], doc.blocks[i].start + w.start);
            s->pos[s->count++] = w.pos;
            s->length += w.kind == WORD_WHOLE;
        }
        pos = word_pos(&r) + 1;
    }
    arena_free(&mem);
}

/* Is the scanned word i what the key asks for? */
static bool is_meant(const struct scanned *s, uint32_t i, const struct query_key *key)
{
    struct span exact = span_of(s->exact[i]), word = span_of(s->keys[i]);

    if (key->how == KEY_BEGINS)
        return s->pair[i] && span_starts(word, key->loose);
    if (!span_eq(word, key->loose))
        return false;
    if (key->how == KEY_UMLAUT && span_starts(exact, key->exact) &&
        span_eq(span_cut(exact, key->exact.len, exact.len), SPAN("'s")))
        return true;
    return key->how == KEY_LOOSE || span_eq(exact, key->exact);
}

/* Do the keys of the way, from `key` on, and then the slots behind, stand from `pos` on? By trying everything. */
static bool runs_on(const struct scanned *s, const struct query *q, const struct query_node *n, uint32_t slot,
                    const struct query_way *way, uint32_t key, uint32_t pos)
{
    if (way && key < way->count) {
        for (uint32_t i = 0; i < s->count; i++)
            if (s->pos[i] == pos && is_meant(s, i, &q->keys[way->keys[key]]) &&
                runs_on(s, q, n, slot, way, key + 1, pos + s->width[i]))
                return true;
        return false;
    }
    if (way && ++slot == n->slot_count)
        return true;
    for (uint32_t i = 0; i < n->slots[slot].count; i++)
        if (runs_on(s, q, n, slot, &n->slots[slot].ways[i], 0, pos))
            return true;
    return false;
}

static bool scan_matches(const struct scanned *s, const struct query *q, const struct query_node *n)
{
    const struct query_node *k;

    switch (n->kind) {
    case QUERY_WORDS:
        for (uint32_t i = 0; i < s->count; i++)
            if (runs_on(s, q, n, 0, NULL, 0, s->pos[i]))
                return true;
        return false;
    case QUERY_AND:
        for (k = n->kids; k && scan_matches(s, q, k);)
            k = k->next;
        return !k;
    case QUERY_OR:
        for (k = n->kids; k && !scan_matches(s, q, k);)
            k = k->next;
        return k;
    case QUERY_NOT:
        return !scan_matches(s, q, n->kids);
    default:
        return false;
    }
}

/* What its places weigh; twice at one position is once. */
static uint32_t weight_of(const struct scanned *s, const struct query_key *key)
{
    uint32_t n = 0, last = UINT32_MAX;

    for (uint32_t i = 0; i < s->count; i++)
        if (is_meant(s, i, key) && s->pos[i] != last) {
            last = s->pos[i];
            n += s->weight[i];
        }
    return n;
}

struct expected {
    const struct scanned *doc;
    double score;
};

static int by_score(const void *a, const void *b)
{
    const struct expected *x = a, *y = b;

    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return (x->doc->no > y->doc->no) - (x->doc->no < y->doc->no);
}

/* The area under 1/x, by Simpson's rule: slow, and with nothing in common with rank.c. */
static double area_log(double x)
{
    double step, sum = 0, twos = 0;

    for (; x > 2; x /= 2)
        twos++;
    step = (x - 1) / 200;
    for (int i = 0; i < 200; i += 2)
        sum += 1 / (1 + i * step) + 4 / (1 + (i + 1) * step) + 1 / (1 + (i + 2) * step);
    return sum * step / 3 + (twos > 0 ? twos * area_log(2) : 0);
}

/* How many lists of the index hold the document for a key: what another spelling takes away is not looked at. */
static double lists_with(const struct scanned *s, const struct query_key *key)
{
    struct query_key loose = {KEY_LOOSE, key->loose, {NULL, 0}, NULL};
    uint32_t first[64], n = 0;

    if (key->how == KEY_SPELLED && span_eq(key->loose, key->exact))
        key = &loose;
    for (uint32_t i = 0, k; i < s->count && n < 64; i++) {
        if (!is_meant(s, i, key))
            continue;
        for (k = 0; k < n; k++)
            if (strcmp(s->keys[first[k]], s->keys[i]) == 0 &&
                (key->how != KEY_UMLAUT || strcmp(s->exact[first[k]], s->exact[i]) == 0))
                break;
        if (k == n)
            first[n++] = i;
    }
    return key_expands(key->how) ? n > 0 : n; /* those are put together beforehand */
}

/* The weight of each wanted key over all documents; 0 of the others. */
static void weigh(const struct scanned *docs, const struct query *q, double *idf)
{
    bool wanted[LIMIT_QUERY_TERMS];

    query_mark_wanted(q, wanted);
    for (uint32_t k = 0; k < q->key_count; k++) {
        double df = 0;
        for (int i = 0; i < DOCS; i++)
            df += lists_with(&docs[i], &q->keys[k]);
        df = df > DOCS ? DOCS : df;
        idf[k] = wanted[k] ? area_log(1 + (DOCS - df + 0.5) / (df + 0.5)) : 0;
    }
}

/* BM25, straight from the formula. */
static double scan_score(const struct scanned *s, const struct query *q, const double *idf, double mean)
{
    double score = 0;

    for (uint32_t k = 0; k < q->key_count; k++) {
        double weight = weight_of(s, &q->keys[k]);
        score += idf[k] * weight * 2.2 / (weight + 1.2 * (0.25 + 0.75 * (double)s->length / mean));
    }
    return score;
}

static void check_query(struct world *w, const struct scanned *docs, struct span typed, double mean)
{
    struct arena mem = ARENA_INIT;
    struct expected expected[DOCS];
    struct ask_result result;
    struct ask ask = {.verb = ASK_SEARCH, .query = typed, .limit = TOP};
    json_t *json = answer_json(w, ask, &result), *documents = json_object_get(json, "documents");
    double idf[LIMIT_QUERY_TERMS];
    uint32_t count = 0;
    struct query q;

    assert_int_equal(query_parse(&q, &mem, typed, SPAN("")), 0);
    weigh(docs, &q, idf);
    for (int i = 0; i < DOCS; i++)
        if (scan_matches(&docs[i], &q, q.root))
            expected[count++] = (struct expected){&docs[i], scan_score(&docs[i], &q, idf, mean)};
    qsort(expected, count, sizeof *expected, by_score);
    if (result.found != count)
        fail_msg("%.*s: found %d, a scan finds %d", (int)typed.len, typed.at, (int)result.found, (int)count);
    assert_int_equal(json_array_size(documents), count < TOP ? count : TOP);
    for (uint32_t i = 0; i < json_array_size(documents); i++) {
        const json_t *document = json_array_get(documents, i);
        double score = json_number_value(json_object_get(document, "score"));
        if (score - expected[i].score > 0.00051 || expected[i].score - score > 0.00051)
            fail_msg("%.*s: score %d is %f, wanted %f", (int)typed.len, typed.at, (int)i, score,
                     expected[i].score);
        /* Scores that differ in the last bit only may stand either way round. */
        if (strcmp(text_of(document, "id"), expected[i].doc->id) != 0 &&
            !(i + 1 < count && expected[i].score - expected[i + 1].score < 1e-9) &&
            !(i > 0 && expected[i - 1].score - expected[i].score < 1e-9))
            fail_msg("%.*s: place %d is another article", (int)typed.len, typed.at, (int)i);
    }
    json_decref(json);
    arena_free(&mem);
}

/* All live documents, scanned, in the order of their numbers. */
static double scan_all(struct world *w, struct scanned *docs)
{
    struct index_view *view;
    const struct segment *segments;
    uint32_t segment_count, count = 0;
    double words = 0;

    assert_int_equal(index_view_open(w->index, &view), 0);
    segments = view_segments(view, &segment_count);
    for (uint32_t i = 0; i < segment_count; i++)
        for (uint32_t no = segments[i].first_doc; no <= segments[i].last_doc; no++)
            if (view_doc_dead(view, no) == 0) {
                assert_true(count < DOCS);
                scan(&docs[count], view, no);
                words += docs[count++].length;
            }
    assert_int_equal(count, DOCS);
    index_view_close(&view);
    return words / DOCS;
}

static void a_query_gives_what_a_scan_gives_ranked_as_the_formula_says(void **state)
{
    struct scanned *docs = calloc(DOCS, sizeof *docs);
    struct world w;
    uint32_t seed = 20250403;
    double mean;

    (void)state;
    world_init(&w);
    for (int i = 0; i < DOCS; i++) {
        struct buf text = BUF_INIT(MiB);
        char name[32];

        buf_printf(&text, "Number%d\n\n", i);
        put_text(&text, &seed);
        (void)snprintf(name, sizeof name, "%03d.txt", i);
        write_file(&w, name, text.at, text.len);
        buf_fini(&text);
        if (i % 70 == 0)
            bring_in(&w); /* several segments */
    }
    bring_in(&w);
    mean = scan_all(&w, docs);
    for (int i = 0; i < QUERIES; i++) {
        struct buf typed = BUF_INIT(4096);

        put_query(&typed, &seed, 0);
        check_query(&w, docs, buf_view(&typed), mean);
        buf_fini(&typed);
    }
    for (int i = 0; i < DOCS; i++) {
        free(docs[i].keys);
        free(docs[i].exact);
        free(docs[i].pos);
        free(docs[i].width);
        free(docs[i].pair);
        free(docs[i].weight);
    }
    free(docs);
    world_fini(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_query_gives_what_a_scan_gives_ranked_as_the_formula_says),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
