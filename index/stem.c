#include "index/stem.h"

#include <libstemmer.h>

struct stemmer *stemmer_new(struct span language)
{
    char name[32];

    if (language.len >= sizeof name)
        return NULL;
    memcpy(name, language.at, language.len);
    name[language.len] = 0;
    return (struct stemmer *)sb_stemmer_new(name, "UTF_8");
}

void stemmer_free(struct stemmer *s)
{
    if (s)
        sb_stemmer_delete((struct sb_stemmer *)s);
}

struct span stemmer_stem(struct stemmer *s, struct span word)
{
    struct sb_stemmer *sb = (struct sb_stemmer *)s;
    const sb_symbol *stem = sb_stemmer_stem(sb, (const sb_symbol *)word.at, (int)word.len);

    return stem ? (struct span){(const char *)stem, (size_t)sb_stemmer_length(sb)} : word;
}
