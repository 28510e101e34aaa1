/* peer_groonga.c -- Groonga with positions; it keeps the texts, as it must. Best first by how often the words stand there,
 * which is what Groonga has. */
#include <groonga.h>

#include "bench/peer.h"

static grn_ctx ctx;
static grn_obj *db, *docs, *text_column;

static void command(const char *words)
{
    unsigned len;
    char *answer;
    int flags;

    grn_ctx_send(&ctx, words, (unsigned)strlen(words), 0);
    grn_ctx_recv(&ctx, &answer, &len, &flags);
    if (ctx.rc != GRN_SUCCESS)
        peer_die(words, ctx.errbuf);
}

static void open_index(const char *dir, bool write)
{
    char path[4096];

    (void)write;
    snprintf(path, sizeof path, "%s/db", dir);
    if (grn_init() != GRN_SUCCESS || grn_ctx_init(&ctx, 0) != GRN_SUCCESS)
        peer_die("groonga", "cannot start");
    if (!(db = grn_db_open(&ctx, path))) {
        ctx.rc = GRN_SUCCESS;
        if (!(db = grn_db_create(&ctx, path, NULL)))
            peer_die(path, "cannot be made");
        command("table_create Docs TABLE_NO_KEY");
        command("column_create Docs text COLUMN_SCALAR Text");
        command("table_create Terms TABLE_PAT_KEY ShortText --default_tokenizer TokenBigram --normalizer "
                "NormalizerAuto");
        command("column_create Terms docs COLUMN_INDEX|WITH_POSITION Docs text");
    }
    docs = grn_ctx_get(&ctx, "Docs", -1);
    text_column = grn_obj_column(&ctx, docs, "text", 4);
}

static void create(const char *dir)
{
    open_index(dir, true);
}

static void add(const char *text, size_t len)
{
    grn_id id = grn_table_add(&ctx, docs, NULL, 0, NULL);
    grn_obj value;

    GRN_TEXT_INIT(&value, GRN_OBJ_DO_SHALLOW_COPY);
    GRN_TEXT_SET(&ctx, &value, text, (unsigned)len);
    grn_obj_set_value(&ctx, text_column, id, &value, GRN_OBJ_SET);
    GRN_OBJ_FIN(&ctx, &value);
}

static void commit(void)
{
    grn_obj_flush_recursive(&ctx, db);
}

static void close_index(void)
{
    grn_obj_unlink(&ctx, text_column);
    grn_obj_close(&ctx, db);
    grn_ctx_fin(&ctx);
    grn_fin();
}

static grn_obj *select_docs(const struct question *q)
{
    grn_obj *condition, *variable, *found;
    char words[400] = "";
    size_t n = 0;

    GRN_EXPR_CREATE_FOR_QUERY(&ctx, docs, condition, variable);
    (void)variable;
    if (is_type(q, "phrase3"))
        snprintf(words, sizeof words, "\"%s\"", q->text);
    else
        for (int i = 0; i < q->count; i++)
            n += (size_t)snprintf(words + n, sizeof words - n, "%s%s%s",
                                  i == 0              ? ""
                                  : is_type(q, "or3") ? " OR "
                                                      : " ",
                                  q->words[i], is_type(q, "prefix") ? "*" : "");
    grn_expr_parse(&ctx, condition, words, (unsigned)strlen(words), text_column, GRN_OP_MATCH, GRN_OP_AND,
                   GRN_EXPR_SYNTAX_QUERY);
    found = grn_table_select(&ctx, docs, condition, NULL, GRN_OP_OR);
    grn_obj_unlink(&ctx, condition);
    if (!found)
        peer_die(words, ctx.errbuf);
    return found;
}

static long ask(const struct question *q, bool count_only)
{
    grn_obj *found = select_docs(q), *sorted;
    long n = (long)grn_table_size(&ctx, found);
    grn_table_sort_key key = {NULL, GRN_TABLE_SORT_DESC, 0};

    if (!count_only) {
        sorted = grn_table_create(&ctx, NULL, 0, NULL, GRN_OBJ_TABLE_NO_KEY, NULL, found);
        key.key = grn_obj_column(&ctx, found, "_score", 6);
        n = grn_table_sort(&ctx, found, 0, 10, sorted, &key, 1);
        grn_obj_unlink(&ctx, key.key);
        grn_obj_close(&ctx, sorted);
    }
    grn_obj_close(&ctx, found);
    return n;
}

int main(int argc, char **argv)
{
    const struct peer peer = {"Groonga", create, open_index, add, commit, close_index, ask};

    return peer_main(&peer, argc, argv);
}
