#include "daemon/keeper.h"

#include <fcntl.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/limits.h"
#include "daemon/call.h"
#include "daemon/log.h"
#include "daemon/many.h"
#include "wire/kept.h"
#include "wire/peek.h"
#include "wire/question.h"

enum { FRAME_MOST = 64 * 1024 /* bytes of a frame that is looked at: LIMIT_MANY short questions */ };

/* ---- its life ------------------------------------------------------------------------------------------ */

static struct cached *made(const struct keeper *k, uint64_t generation)
{
    char detail[CACHED_WORDS] = "";
    struct cached *c = k->bytes ? cached_new(k->bytes, generation, detail) : NULL;

    if (k->bytes && !c)
        log_warn("answers are not kept: %s", detail);
    return c;
}

void keeper_start(struct keeper *k, size_t bytes, uint64_t generation)
{
    *k = (struct keeper){.bytes = bytes, .segment = 1};
    pthread_mutex_init(&k->lock, NULL);
    k->cached = made(k, generation);
}

/* Puts another segment, or none, in the place of this one. */
static void replace(struct keeper *k, struct cached *with)
{
    struct cached *old;

    pthread_mutex_lock(&k->lock);
    old = k->cached;
    k->cached = with;
    k->segment++;
    pthread_mutex_unlock(&k->lock);
    cached_free(old);
}

void keeper_stop(struct keeper *k)
{
    replace(k, NULL);
}

void keeper_told(struct keeper *k, uint64_t generation, uint64_t touched)
{
    pthread_mutex_lock(&k->lock);
    if (k->cached)
        cached_commit(k->cached, generation, touched);
    pthread_mutex_unlock(&k->lock);
}

void keeper_sweep(struct keeper *k)
{
    pthread_mutex_lock(&k->lock);
    if (k->cached)
        cached_sweep(k->cached);
    pthread_mutex_unlock(&k->lock);
}

void keeper_renew(struct keeper *k, uint64_t generation)
{
    replace(k, made(k, generation));
}

int keeper_fd(struct keeper *k, uint8_t instance[CACHE_INSTANCE], uint64_t *size)
{
    struct cached_counts counts;
    int fd = -1;

    pthread_mutex_lock(&k->lock);
    if (k->cached) {
        fd = fcntl(cached_fd(k->cached), F_DUPFD_CLOEXEC, 3);
        memcpy(instance, cached_instance(k->cached), CACHE_INSTANCE);
        cached_counts(k->cached, &counts);
        *size = counts.bytes;
    }
    pthread_mutex_unlock(&k->lock);
    return fd;
}

uint64_t keeper_told_hits(struct keeper *k, uint64_t count, const uint64_t *slots, size_t slot_count)
{
    struct cached_counts counts = {.hits = 0};

    pthread_mutex_lock(&k->lock);
    if (k->cached) {
        cached_told(k->cached, count, slots, slot_count);
        cached_counts(k->cached, &counts);
    }
    pthread_mutex_unlock(&k->lock);
    return counts.hits;
}

uint64_t keeper_segment(struct keeper *k)
{
    uint64_t segment;

    pthread_mutex_lock(&k->lock);
    segment = k->cached ? k->segment : 0;
    pthread_mutex_unlock(&k->lock);
    return segment;
}

uint32_t keeper_wanted(struct keeper *k, struct buf *rows)
{
    struct wanted *keys = calloc(WANTED_KEYS, sizeof *keys);
    size_t count = 0;

    pthread_mutex_lock(&k->lock);
    if (k->cached && keys)
        count = cached_wanted(k->cached, keys, WANTED_KEYS);
    for (size_t i = 0; i < count; i++)
        wanted_row(rows, &keys[i]);
    pthread_mutex_unlock(&k->lock);
    free(keys);
    return (uint32_t)count;
}

bool keeper_wish(struct keeper *k, struct span key, unsigned asked)
{
    bool kept;

    pthread_mutex_lock(&k->lock);
    kept = k->cached && cached_wish(k->cached, key, asked);
    pthread_mutex_unlock(&k->lock);
    return kept;
}

bool keeper_counts(struct keeper *k, struct cached_counts *counts)
{
    bool kept;

    pthread_mutex_lock(&k->lock);
    if ((kept = k->cached))
        cached_counts(k->cached, counts);
    pthread_mutex_unlock(&k->lock);
    return kept;
}

/* ---- requests ------------------------------------------------------------------------------------------ */

/* The parts of a frame that is one plain request. Anything unusual is left to those who can say what is wrong with it. */
struct plain {
    struct span id, method, params;
};

static bool is_plain_id(struct span id)
{
    if (id.len > 1 && id.at[0] == '0')
        return false;
    for (size_t i = 0; i < id.len; i++)
        if (id.at[i] < '0' || id.at[i] > '9')
            return false;
    return id.len > 0 && id.len <= 18;
}

/* The member of that name, unless it came before or is none that a request has. */
static struct span *member(struct plain *p, struct span name, struct span *version)
{
    struct span *m = span_eq(name, SPAN("\"id\""))        ? &p->id
                     : span_eq(name, SPAN("\"method\""))  ? &p->method
                     : span_eq(name, SPAN("\"params\""))  ? &p->params
                     : span_eq(name, SPAN("\"jsonrpc\"")) ? version
                                                          : NULL;

    return m && !m->len ? m : NULL;
}

static bool take_plain(struct span frame, struct plain *p)
{
    struct span rest = frame, name, value, version = {"", 0}, *m;

    *p = (struct plain){{"", 0}, {"", 0}, {"", 0}};
    if (!peek_skip_(&rest, '{'))
        return false;
    do {
        if (!peek_cut_(&rest, &name) || !peek_skip_(&rest, ':') || !peek_cut_(&rest, &value) ||
            !(m = member(p, name, &version)))
            return false;
        *m = value;
    } while (peek_skip_(&rest, ','));
    if (version.len && !span_eq(version, SPAN("\"2.0\"")))
        return false;
    if (!peek_skip_(&rest, '}') || span_trim(rest).len || p->method.len < 2 || p->method.at[0] != '"')
        return false;
    p->method = span_cut(p->method, 1, p->method.len - 1);
    return true;
}

/* A question as it is looked for. */
struct sought {
    char key[CACHE_KEY];
    size_t len;
    struct span format, limit; /* as JSON; limit: empty when it was left out */
};

static struct span value_of(const struct request_row *row, const struct given *g, struct span name)
{
    const struct param *p = request_param(row, name.at, name.len);
    size_t place = p ? (size_t)(p - row->params) : 0;

    return p && g->there >> place & 1 ? g->values[place] : SPAN("");
}

/* False when its answer is not kept. */
static bool seek(const struct request_row *row, struct span own, struct span common, struct sought *s)
{
    struct given g;

    g.there = 0;
    if (!row || row->kept == KEPT_NEVER || !question_take(row, own, &g) || !question_take(row, common, &g))
        return false;
    s->limit = value_of(row, &g, SPAN("limit"));
    s->format = value_of(row, &g, SPAN("format"));
    if (!s->format.len)
        s->format = SPAN("\"json\"");
    s->len = question_key_of(row, &g, s->key);
    return s->len > 0;
}

/* Among others, an answer of more rows is refused, kept or not: that is said by many.c. */
static bool is_small(struct span limit)
{
    return !limit.len || peek_int(limit, 0) <= MANY_ROWS;
}

/* As call.c writes it. */
static void put_result(struct buf *out, struct span format, const struct kept *kept)
{
    buf_char(out, '{');
    json_put_int(out, "found", kept->found);
    json_put_int(out, "shown", kept->shown);
    if (kept->people >= 0)
        json_put_int(out, "people", kept->people);
    if (kept->hints.len) {
        json_key(out, "did_you_mean");
        buf_span(out, kept->hints);
    }
    json_key(out, "format");
    buf_span(out, format);
    json_key(out, "answer");
    if (span_eq(format, SPAN("\"json\"")))
        buf_span(out, kept->answer);
    else
        json_text(out, kept->answer);
    buf_char(out, '}');
}

/* The result, where it is kept, and of that generation unless that is 0. */
static bool put_kept(struct keeper *k, const struct sought *s, uint64_t generation, struct buf *out)
{
    struct span value;
    struct kept kept;
    bool found;

    pthread_mutex_lock(&k->lock);
    found = k->cached && (!generation || cached_generation(k->cached) == generation) &&
            cached_find(k->cached, (struct span){s->key, s->len}, &value) && kept_take(value, &kept);
    if (found)
        put_result(out, s->format, &kept);
    pthread_mutex_unlock(&k->lock);
    return found;
}

static uint64_t generation_of(struct keeper *k)
{
    uint64_t generation;

    pthread_mutex_lock(&k->lock);
    generation = k->cached ? cached_generation(k->cached) : 0;
    pthread_mutex_unlock(&k->lock);
    return generation;
}

/* The answers to each question of a list, when all are kept, and of that generation. As many.c writes them. */
static bool put_each(struct keeper *k, const struct given *g, uint64_t generation, struct buf *out)
{
    const struct request_row *many = &request_rows[REQUEST_LOOKUP_MANY], *row;
    struct span method = value_of(many, g, SPAN("method")), common = value_of(many, g, SPAN("common")), own;
    struct span each = value_of(many, g, SPAN("each")), rest = each;
    size_t count = 0, from = out->len;
    struct sought s;

    row = method.len > 2 ? request_find(method.at + 1, method.len - 2) : NULL;
    if (!row || row->kept == KEPT_NEVER || !each.len)
        return false;
    while (peek_element(&rest, &own))
        if (++count > LIMIT_MANY || own.at[0] != '{')
            return false;
    for (rest = each; peek_element(&rest, &own); count--) {
        size_t before = out->len, at;

        json_sep(out);
        at = out->len;
        if (!seek(row, own, common, &s) || !is_small(s.limit) || !put_kept(k, &s, generation, out) ||
            !many_fits(before - from, out->len - at, count - 1))
            return false;
    }
    return true;
}

static bool put_many(struct keeper *k, struct span params, struct buf *out)
{
    uint64_t generation = generation_of(k);
    struct given g;
    bool all;

    g.there = 0;
    if (!generation || !question_take(&request_rows[REQUEST_LOOKUP_MANY], params, &g))
        return false;
    buf_char(out, '{');
    json_put_int(out, "generation", (int64_t)generation);
    json_key(out, "answers");
    buf_char(out, '[');
    all = put_each(k, &g, generation, out);
    buf_str(out, "]}");
    return all;
}

bool keeper_answers(struct keeper *k, struct span frame, bool no_group, struct buf *out)
{
    const struct request_row *row;
    size_t from = out->len;
    struct sought s;
    struct plain p;
    bool found;

    if (!k->bytes || frame.len > FRAME_MOST || !take_plain(frame, &p) || !is_plain_id(p.id) ||
        (no_group && peek_member(p.params, "group").len) || !(row = request_find(p.method.at, p.method.len)))
        return false;
    buf_str(out, "{\"jsonrpc\":\"2.0\",\"id\":");
    buf_span(out, p.id);
    buf_str(out, ",\"result\":");
    if (row == &request_rows[REQUEST_LOOKUP_MANY])
        found = put_many(k, p.params, out);
    else
        found = seek(row, p.params, SPAN(""), &s) && put_kept(k, &s, 0, out);
    buf_str(out, "}\n");
    if (found && !buf_err(out))
        return true;
    out->len = from;
    return false;
}

bool keeper_gives(struct keeper *k, const struct request_row *row, struct span params, uint64_t generation,
                  struct buf *out)
{
    struct sought s;

    return k->bytes && seek(row, params, SPAN(""), &s) && is_small(s.limit) &&
           put_kept(k, &s, generation, out);
}

void keeper_note(struct keeper *k, struct call *c, struct span params)
{
    char key[CACHE_KEY];
    size_t len = 0;

    if (c->keeps && k->bytes)
        len = question_key(span_of(call_name(c)), params, key);
    if (!len || !(c->key = malloc(len)))
        return;
    memcpy(c->key, key, len);
    c->key_len = len;
    pthread_mutex_lock(&k->lock);
    c->segment = k->segment;
    pthread_mutex_unlock(&k->lock);
}

void keeper_note_frame(struct keeper *k, struct call *c, struct span frame)
{
    struct plain p;

    if (frame.len <= FRAME_MOST && take_plain(frame, &p))
        keeper_note(k, c, p.params);
}

void keeper_keep(struct keeper *k, const struct call *c)
{
    struct buf value = BUF_INIT(CACHE_VALUE), text = BUF_INIT(CACHE_VALUE), hints = BUF_INIT(4 * KiB);
    struct kept kept;

    if (!c->key || !k->bytes)
        return;
    if (call_kept(c, &kept, &text, &hints)) {
        kept_put(&value, &kept);
        pthread_mutex_lock(&k->lock);
        if (k->cached && c->segment == k->segment && !buf_err(&value))
            cached_keep(k->cached, (struct span){c->key, c->key_len}, buf_view(&value), c->generation,
                        c->result.needs);
        pthread_mutex_unlock(&k->lock);
    }
    buf_fini(&value);
    buf_fini(&text);
    buf_fini(&hints);
}
