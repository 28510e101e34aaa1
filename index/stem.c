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

struct span stem_prefix(struct span word, struct span stem)
{
    size_t n = 0, most = stem.len > 3 ? stem.len - 1 : stem.len;

    while (n < word.len && n < most && word.at[n] == stem.at[n])
        n++;
    while (n && n < word.len && ((unsigned char)word.at[n] & 0xC0) == 0x80)
        n--;
    return (struct span){word.at, n};
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
