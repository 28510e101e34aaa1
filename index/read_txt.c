#include "index/front.h"
#include "index/reader.h"

int read_txt(struct reading *r, struct arena *mem, struct article *like)
{
    int rc = front_matter(mem, like);

    return rc < 0 ? rc : reading_give(r, mem, like, CLEAN_PLAIN);
}
