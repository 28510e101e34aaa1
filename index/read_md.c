#include "index/front.h"
#include "index/reader.h"

/* Markup is not parsed here: clean.c leaves headings' signs, bullets and quotation marks of blocks outside the
 * blocks, and what stands inside a paragraph stays as it is, so that every place is a place in the file. */

int read_markdown(struct reading *r, struct arena *mem, struct article *like)
{
    int rc = front_matter(mem, like);

    return rc < 0 ? rc : reading_give(r, mem, like, CLEAN_MARKDOWN);
}

int read_org(struct reading *r, struct arena *mem, struct article *like)
{
    int rc = front_keywords(mem, like);

    return rc < 0 ? rc : reading_give(r, mem, like, CLEAN_ORG);
}
