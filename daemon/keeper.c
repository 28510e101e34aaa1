#include "daemon/keeper.h"

#include <fcntl.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/limits.h"
#include "daemon/call.h"
#include "daemon/log.h"
#include "wire/kept.h"
#include "wire/peek.h"
#include "wire/question.h"

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
    *k = (struct keeper){.bytes = bytes};
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
    if (!peek_skip_(&rest, '}') || span_trim(rest).len || p->method.len < 2 || p->method.at[0] != '"')
        return false;
    p->method = span_cut(p->method, 1, p->method.len - 1);
    return true;
}

/* The format of an answer whose key has none is json; else it stands among the parameters. */
static struct span format_of(struct span params)
{
    struct span format = peek_member(params, "format");

    return format.len > 2 ? format : SPAN("\"json\"");
}

/* As call.c writes it. */
static void put_line(struct buf *out, const struct plain *p, const struct kept *kept)
{
    struct span format = format_of(p->params);

    buf_str(out, "{\"jsonrpc\":\"2.0\",\"id\":");
    buf_span(out, p->id);
    buf_str(out, ",\"result\":{");
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
    buf_str(out, "}}\n");
}

bool keeper_answers(struct keeper *k, struct span frame, struct buf *out)
{
    char key[CACHE_KEY];
    struct plain p;
    struct kept kept;
    struct span value;
    size_t len, from = out->len;
    bool found;

    if (!k->bytes || frame.len > 2 * LIMIT_QUERY || !take_plain(frame, &p) || !is_plain_id(p.id) ||
        !(len = question_key(p.method, p.params, key)))
        return false;
    pthread_mutex_lock(&k->lock);
    found = k->cached && cached_find(k->cached, (struct span){key, len}, &value) && kept_take(value, &kept);
    if (found)
        put_line(out, &p, &kept);
    pthread_mutex_unlock(&k->lock);
    if (!buf_err(out))
        return found;
    out->len = from;
    return false;
}

void keeper_note(struct keeper *k, struct call *c, struct span frame)
{
    char key[CACHE_KEY];
    struct plain p;
    size_t len;

    if (frame.len > 2 * LIMIT_QUERY || !take_plain(frame, &p) ||
        !(len = question_key(p.method, p.params, key)) || !(c->key = malloc(len)))
        return;
    memcpy(c->key, key, len);
    c->key_len = len;
    pthread_mutex_lock(&k->lock);
    c->segment = k->segment;
    pthread_mutex_unlock(&k->lock);
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
