#include "index/fold.h"

#include <utf8proc.h>

#include "base/utf8.h"

/* ---- what a character is ----------------------------------------------------------------------------- */

static bool between(uint32_t cp, uint32_t first, uint32_t last)
{
    return cp >= first && cp <= last;
}

/* Scripts written without spaces between words. */
static bool is_dense(uint32_t cp)
{
    return between(cp, 0x0E01, 0x0EDF) /* Thai, Lao */ || between(cp, 0x1000, 0x109F) /* Myanmar */ ||
           between(cp, 0x1780, 0x17FF) /* Khmer */ || between(cp, 0x2E80, 0x2FDF) ||
           between(cp, 0x3005, 0x3007) || between(cp, 0x3041, 0x30FF) /* kana */ ||
           between(cp, 0x31F0, 0x31FF) || between(cp, 0x3400, 0x9FFF) /* Han */ ||
           between(cp, 0xF900, 0xFAFF) || between(cp, 0xFF66, 0xFF9F) || between(cp, 0x20000, 0x3FFFF);
}

/* clang-format off */
#define U (CHAR_LETTER | CHAR_UPPER)
#define L (CHAR_LETTER | CHAR_LOWER)
#define D CHAR_DIGIT
#define S CHAR_SPACE
const uint8_t char_bits_ascii[128] = {
    0,0,0,0,0,0,0,0, 0,S,S,S,S,S,0,0, 0,0,0,0,0,0,0,0, 0,0,0,0,0,0,0,0,
    S,0,0,0,0,0,0,0, 0,0,0,0,0,0,0,0, D,D,D,D,D,D,D,D, D,D,0,0,0,0,0,0,
    0,U,U,U,U,U,U,U, U,U,U,U,U,U,U,U, U,U,U,U,U,U,U,U, U,U,U,0,0,0,0,0,
    0,L,L,L,L,L,L,L, L,L,L,L,L,L,L,L, L,L,L,L,L,L,L,L, L,L,L,0,0,0,0,0,
};
#undef U
#undef L
#undef D
#undef S
/* clang-format on */

unsigned char_bits_other(uint32_t cp)
{
    unsigned dense;

    dense = is_dense(cp) ? CHAR_DENSE : 0;
    switch (utf8proc_category((utf8proc_int32_t)cp)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LT:
        return CHAR_LETTER | CHAR_UPPER;
    case UTF8PROC_CATEGORY_LL:
        return CHAR_LETTER | CHAR_LOWER;
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_NL:
        return CHAR_LETTER | dense;
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NO:
        return CHAR_DIGIT;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_MC:
        return between(cp, 0xFE00, 0xFE0F) || between(cp, 0xE0100, 0xE01EF) ? CHAR_IGNORED
                                                                            : CHAR_MARK | dense;
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
        return CHAR_SPACE;
    case UTF8PROC_CATEGORY_CF:
        return cp == 0x200B ? CHAR_SPACE : between(cp, 0x600, 0x605) ? 0 : CHAR_IGNORED;
    default:
        return cp == 0x85 ? CHAR_SPACE : 0;
    }
}

int char_width(uint32_t cp)
{
    int width = utf8proc_charwidth((utf8proc_int32_t)cp);

    return width < 0 ? 0 : width;
}

/* ---- folding ----------------------------------------------------------------------------------------- */

/* Apostrophes and hyphens as people type them, before normalisation: NFKC turns ´ into a space and an
 * accent. */
static uint32_t unify(uint32_t cp)
{
    switch (cp) {
    case '`':
    case 0x00B4:
    case 0x02B9:
    case 0x02BB:
    case 0x02BC:
    case 0x02BE:
    case 0x02BF:
    case 0x05F3:
    case 0x2018:
    case 0x2019:
    case 0x201B:
    case 0x2032:
        return '\'';
    case 0x05BE:
    case 0x2043:
    case 0x2212:
        return '-';
    default:
        return between(cp, 0x2010, 0x2015) ? '-' : cp;
    }
}

/* True where a combining mark is an accent on a letter, not a part of the spelling as in Indic scripts. */
static bool marks_are_accents(uint32_t base)
{
    return base < 0x250 || between(base, 0x370, 0x3FF) /* Greek */ ||
           between(base, 0x590, 0x74F) /* Hebrew to Syriac */ || between(base, 0x750, 0x77F) ||
           between(base, 0x8A0, 0x8FF) || between(base, 0x1E00, 0x1FFF) || between(base, 0x2C60, 0x2C7F) ||
           between(base, 0xA720, 0xA7FF);
}

/* Letters that carry no separable mark and are typed without it all the same. The Latin rows are CLDR's
 * Latin-ASCII; the Arabic ones are Lucene's Arabic and Persian normalisers'. Zero: the letter goes. */
static const struct {
    uint16_t from;
    char to[4];
} letters[] = {
    {0x00E6, "ae"}, {0x00F0, "d"}, {0x00F8, "o"}, {0x00FE, "th"}, {0x0111, "d"}, {0x0127, "h"}, {0x0131, "i"},
    {0x0138, "k"},  {0x0142, "l"}, {0x014B, "n"}, {0x0153, "oe"}, {0x0167, "t"}, {0x0180, "b"}, {0x0253, "b"},
    {0x0256, "d"},  {0x0257, "d"}, {0x0259, "e"}, {0x0269, "i"},  {0x0640, ""},  {0x0622, "ا"}, {0x0623, "ا"},
    {0x0624, "و"},  {0x0625, "ا"}, {0x0626, "ي"}, {0x0629, "ه"},  {0x0649, "ي"}, {0x0671, "ا"}, {0x06A9, "ك"},
    {0x06BE, "ه"},  {0x06C0, "ه"}, {0x06C1, "ه"}, {0x06CC, "ي"},  {0x06D2, "ي"},
};

static const char *plain_letter(uint32_t cp)
{
    for (size_t i = 0; cp >= 0xE6 && cp <= 0x6D2 && i < sizeof letters / sizeof *letters; i++)
        if (letters[i].from == cp)
            return letters[i].to;
    return NULL;
}

/* Decimal digits stand in runs that begin with zero. */
static uint32_t plain_digit(uint32_t cp)
{
    uint32_t first = cp;

    if (cp < 0x80 || utf8proc_category((utf8proc_int32_t)cp) != UTF8PROC_CATEGORY_ND)
        return cp;
    while (utf8proc_category((utf8proc_int32_t)first - 1) == UTF8PROC_CATEGORY_ND)
        first--;
    return '0' + (cp - first) % 10;
}

/* Takes the accents off decomposed text, in place, and returns the new count. Nothing grows by more than
 * one, and every letter that becomes two was followed by nothing of its own, so the room is doubled. */
static size_t loosen(const utf8proc_int32_t *in, size_t count, utf8proc_int32_t *out)
{
    size_t n = 0;
    uint32_t base = 0;

    for (size_t i = 0; i < count; i++) {
        uint32_t cp = (uint32_t)in[i];
        unsigned bits = char_bits(cp);
        const char *plain;

        if (bits & CHAR_MARK) {
            if (marks_are_accents(base) || (cp == 0x308 && base == 0x435)) /* ё is typed е */
                continue;
        } else {
            base = cp;
        }
        plain = plain_letter(cp);
        if (plain) {
            const char *end = plain + strlen(plain);
            while (plain < end) {
                plain += utf8_next(plain, end, &cp);
                out[n++] = (utf8proc_int32_t)cp;
            }
        } else {
            out[n++] = (utf8proc_int32_t)plain_digit(cp);
        }
    }
    return n;
}

enum { PIECE = 256 }; /* bytes folded in one go; words are far shorter */

/* Folds at most PIECE bytes through utf8proc. */
static size_t fold_piece(struct span text, enum fold how, char *out, size_t max)
{
    utf8proc_int32_t points[PIECE * 20], loose[PIECE * 40], *from = points;
    utf8proc_option_t options = UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE;
    char unified[PIECE * 2];
    size_t len = 0, n = 0;
    utf8proc_ssize_t count;

    for (const char *at = text.at, *end = at + text.len; at < end;) {
        uint32_t cp;
        at += utf8_next(at, end, &cp);
        if (len + 4 > sizeof unified)
            break;
        len += utf8_put(unified + len, cp == UTF8_BAD ? '?' : unify(cp));
    }
    count = utf8proc_decompose((const utf8proc_uint8_t *)unified, (utf8proc_ssize_t)len, points,
                               sizeof points / sizeof *points,
                               options | (how == FOLD_LOOSE ? UTF8PROC_DECOMPOSE : UTF8PROC_COMPOSE));
    if (count < 0 || count > (utf8proc_ssize_t)(sizeof points / sizeof *points))
        return 0;
    if (how == FOLD_LOOSE) {
        count = (utf8proc_ssize_t)loosen(points, (size_t)count, loose);
        from = loose;
    }
    count = utf8proc_normalize_utf32(from, count, options | UTF8PROC_COMPOSE);
    for (utf8proc_ssize_t i = 0; i < count; i++) {
        char bytes[4];
        size_t need = utf8_put(bytes, unify((uint32_t)from[i]));
        if (n + need > max)
            break;
        memcpy(out + n, bytes, need);
        n += need;
    }
    return n;
}

/* Where to cut a long text so that no cluster is torn: before the last space or plain ASCII letter that
 * fits. */
static size_t piece_len(struct span text)
{
    size_t len = PIECE;

    if (text.len <= PIECE)
        return text.len;
    while (len > 1 && (unsigned char)text.at[len] >= 0x80)
        len--;
    return len > 1 ? len : utf8_cut(text, PIECE).len;
}

/* In a loose key the possessive goes: venn's -> venn. */
static size_t drop_possessives(char *text, size_t len)
{
    size_t n = 0;

    for (size_t i = 0; i < len; i++) {
        bool ends = i + 2 == len || (i + 2 < len && (unsigned char)text[i + 2] <= ' ');
        if (text[i] == '\'' && n && i + 1 < len && text[i + 1] == 's' && ends) {
            i++;
            continue;
        }
        text[n++] = text[i];
    }
    return n;
}

size_t fold_text(struct span text, enum fold how, char *out, size_t max)
{
    size_t n = 0, plain = 0;

    while (plain < text.len && plain < max && (unsigned char)text.at[plain] < 0x80) {
        char c = text.at[plain];
        out[plain] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c == '`' ? '\'' : c);
        plain++;
    }
    if (plain == text.len || plain == max) {
        n = plain;
    } else {
        /* The last ASCII letter may carry a combining mark: it goes through utf8proc with it. */
        n = plain ? plain - 1 : 0;
        text = span_cut(text, n, text.len);
        while (text.len && n < max) {
            size_t len = piece_len(text);
            n += fold_piece((struct span){text.at, len}, how, out + n, max - n);
            text = span_cut(text, len, text.len);
        }
    }
    return how == FOLD_LOOSE ? drop_possessives(out, n) : n;
}
