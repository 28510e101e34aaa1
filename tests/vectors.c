/* vectors.c -- how our folds and words agree with test vectors of other projects, which their owners keep.
 *
 *      vectors DIR     DIR holds lucene-folding.tsv, charabia-normalizer.tsv, charabia-segmenter.json
 *
 * A row of a folding file agrees when both its sides have the same loose fold. A text of the segmenter is shown with how
 * many of its segments that hold letters are words of ours, or rows of our words. Prints what does not agree.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "index/match.h"
#include "index/word.h"

static bool open_named(const char *dir, const char *name, FILE **file)
{
    char path[4096];

    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    *file = fopen(path, "re");
    if (!*file)
        fprintf(stderr, "vectors: %s is not there\n", path);
    return *file != NULL;
}

static bool same_fold(struct span a, struct span b)
{
    char x[1024], y[1024];
    size_t n = fold_text(a, FOLD_LOOSE, x, sizeof x), m = fold_text(b, FOLD_LOOSE, y, sizeof y);

    return n == m && memcmp(x, y, n) == 0;
}

/* Rows whose last two columns are text and what another project folds it to. */
static int compare_folds(const char *dir, const char *name)
{
    int rows = 0, agree = 0;
    char line[2048];
    FILE *file;

    if (!open_named(dir, name, &file))
        return 2;
    while (fgets(line, sizeof line, file)) {
        char *other = strrchr(line, '\t'), *text;

        if (line[0] == '#' || !other)
            continue;
        line[strcspn(line, "\n")] = 0;
        *other++ = 0;
        text = strrchr(line, '\t') ? strrchr(line, '\t') + 1 : line;
        rows++;
        if (same_fold(span_of(text), span_of(other)))
            agree++;
        else
            printf("  differs: %s, theirs %s\n", text, other);
    }
    fclose(file);
    printf("%s: %d of %d\n", name, agree, rows);
    return 0;
}

/* Would a search for the segment find it in the text? */
static bool is_found(struct span text, struct span segment)
{
    struct match_range all = {0, (uint32_t)text.len};
    char phrase[1024];
    struct arena mem = ARENA_INIT;
    struct query q;
    struct match m;
    bool found;
    int n = snprintf(phrase, sizeof phrase, "\"%.*s\"", (int)segment.len, segment.at);

    found = query_parse(&q, &mem, (struct span){phrase, (size_t)n}, SPAN("")) == 0 && q.root &&
            match_text(&m, &mem, &q, text, &all, 1) == 0 && match_whole(&m, &q);
    query_fini(&q);
    arena_free(&mem);
    return found;
}

static bool has_words(struct span s)
{
    struct word_reader r;
    struct word w;

    word_open(&r, s, 0);
    return word_next(&r, &w);
}

static int compare_segments(const char *dir, const char *name)
{
    json_t *root, *entry, *segment;
    size_t i, k;
    FILE *file;

    if (!open_named(dir, name, &file))
        return 2;
    root = json_loadf(file, 0, NULL);
    fclose(file);
    json_array_foreach(root, i, entry)
    {
        struct span text = span_of(json_string_value(json_object_get(entry, "text")));
        int all = 0, found = 0;

        json_array_foreach(json_object_get(entry, "segments"), k, segment)
        {
            struct span s = span_of(json_string_value(segment));

            if (!has_words(s) || !memmem(text.at, text.len, s.at, s.len))
                continue;
            all++;
            if (is_found(text, s))
                found++;
            else
                printf("  not found: %.*s\n", (int)s.len, s.at);
        }
        printf("%s, %s: %d of %d segments are found\n", name,
               json_string_value(json_object_get(entry, "file")), found, all);
    }
    json_decref(root);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: make vectors NORM=DIR (a folder with lucene-folding.tsv and charabia-*)\n");
        return 2;
    }
    return compare_folds(argv[1], "lucene-folding.tsv") | compare_folds(argv[1], "charabia-normalizer.tsv") |
           compare_segments(argv[1], "charabia-segmenter.json");
}
