/* common.c -- words that stand everywhere.
 *
 * Origin: typed by hand for this project: what a reader of each language would name first (articles, prepositions,
 * pronouns, forms of "be"), and "said", which no archive of news can do without. Licence: MIT, as the project. Loose keys,
 * in the order of their bytes. A change asks for a new WORD_RULES_VERSION, since lists of pairs hang on it.
 */
#include "index/common.h"

#include <pthread.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

/* clang-format off */
static const char *const words[] = {
    "a", "aan", "aber", "about", "adalah", "af", "after", "akan", "al", "ale", "all", "alla", "als", "also", "am",
    "an", "anche", "and", "any", "ao", "ar", "are", "as", "at", "ate", "att", "au", "auch", "auf", "aus", "aux", "av",
    "avec", "be", "been", "bei", "bij", "bir", "bis", "blev", "bu", "but", "by", "byl", "can", "ce", "cette", "che",
    "ci", "co", "cok", "com", "come", "comme", "como", "con", "could", "cuando", "czy", "da", "daha", "dal", "dalam",
    "dan", "dans", "dari", "das", "dass", "dat", "de", "dei", "del", "della", "delle", "dem", "den", "dengan", "der",
    "des", "det", "di", "die", "dla", "do", "door", "dos", "du", "durch", "e", "een", "efter", "ein", "eine", "einem",
    "einen", "einer", "el", "ele", "elle", "em", "en", "entre", "er", "es", "est", "esta", "este", "et", "ete", "ett",
    "eu", "first", "foi", "for", "fra", "fran", "from", "fue", "fur", "gibi", "gli", "ha", "haben", "had", "han",
    "har", "has", "hat", "have", "he", "heeft", "her", "het", "hij", "him", "his", "i", "ich", "icin", "if", "ikke",
    "il", "ile", "im", "in", "ini", "inte", "into", "is", "isso", "ist", "it", "its", "itu", "ja", "jag", "jak",
    "jako", "je", "jeg", "jego", "jest", "jsou", "juga", "juz", "k", "kadar", "kan", "ke", "la", "las", "le", "les",
    "leur", "lo", "los", "ma", "maar", "mais", "man", "mas", "may", "med", "mehr", "men", "met", "mit", "more", "muy",
    "my", "na", "naar", "nach", "nao", "nar", "ne", "nel", "new", "nicht", "nie", "niet", "no", "noch", "nog", "non",
    "nos", "not", "nous", "nur", "o", "och", "od", "oder", "of", "og", "olan", "olarak", "oleh", "om", "on", "one",
    "only", "ont", "ook", "op", "or", "oraz", "os", "other", "ou", "our", "out", "over", "pa", "pada", "par", "para",
    "pas", "pelo", "per", "pero", "piu", "plus", "po", "por", "porque", "pour", "pro", "przez", "przy", "quando",
    "que", "qui", "s", "sa", "said", "se", "sein", "ses", "seu", "she", "si", "sich", "sie", "sig", "sin", "sind",
    "so", "sobre", "som", "some", "son", "sono", "sonra", "sont", "su", "sua", "sur", "sus", "tak", "te", "than",
    "that", "the", "their", "them", "there", "these", "they", "this", "tidak", "til", "till", "to", "two", "tym",
    "uber", "uit", "um", "uma", "un", "una", "und", "under", "une", "untuk", "up", "us", "v", "van", "var", "ve",
    "ved", "vid", "von", "voor", "vor", "vous", "w", "war", "was", "we", "werd", "werden", "were", "what", "when",
    "which", "who", "wie", "will", "wird", "with", "worden", "wordt", "would", "wurde", "y", "ya", "yang", "you",
    "your", "z", "za", "ze", "zich", "zijn", "zu", "zum", "zur", "απο", "για", "δεν", "η", "και", "με",
    "να", "ο", "οι", "που", "σε", "στο", "τα", "την", "τησ", "το", "τον", "του",
    "των", "а", "але", "бы", "было", "в", "все", "від", "для", "до", "его", "же", "з",
    "за", "и", "из", "или", "його", "к", "как", "на", "не", "но", "о", "он", "от", "по",
    "после", "при", "про", "с", "та", "так", "также", "у", "це", "что", "що", "это",
    "як", "і", "التي", "الي", "ان", "علي", "عن", "في", "لا", "ما", "مع", "من", "هذا",
    "هذه",
};
/* clang-format on */

enum { SLOTS = 1024 };

_Static_assert(sizeof words / sizeof *words < SLOTS / 2, "the table is at most half full");

static uint64_t hashes[SLOTS]; /* of the words; 0: free */
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void fill(void)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        uint64_t hash = XXH3_64bits(words[i], strlen(words[i])), at = hash;
        while (hashes[at % SLOTS])
            at++;
        hashes[at % SLOTS] = hash;
    }
}

/* Asked about every term of every article. Whatever has the hash of a word is taken for it, always. */
bool common_hashed(uint64_t hash)
{
    (void)pthread_once(&once, fill);
    for (uint64_t at = hash; hashes[at % SLOTS]; at++)
        if (hashes[at % SLOTS] == hash)
            return true;
    return false;
}

bool common_word(struct span key)
{
    return common_hashed(XXH3_64bits(key.at, key.len));
}

const char *common_at(size_t n)
{
    return n < sizeof words / sizeof *words ? words[n] : NULL;
}
