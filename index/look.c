#include "index/look.h"

#include "base/eight.h"
#include "base/utf8.h"
#include "index/date.h"
#include "index/fold.h"
#include "index/para.h"

enum { FURNITURE_MAX = 120, HEADLINE_MAX = 300, NAME_LINE_MAX = 160, CAPTION_MAX = 700 };

/* ---- furniture ---------------------------------------------------------------------------------- */

/* Whole paragraphs, folded (FOLD_LOOSE). Each was seen between the paragraphs of a copied page; none can be
 * a sentence of an article. */
static const char *const chrome[] = {
    "short url",
    "short link",
    "follow",
    "follow us",
    "following",
    "share",
    "share this",
    "share this article",
    "share on facebook",
    "share on twitter",
    "share on x",
    "share on whatsapp",
    "share on linkedin",
    "tweet",
    "print",
    "print this page",
    "email",
    "e-mail",
    "email this article",
    "copy link",
    "link copied",
    "copy url",
    "save",
    "save article",
    "bookmark",
    "listen",
    "listen to this article",
    "read more",
    "read more:",
    "read also",
    "also read",
    "see also",
    "see more",
    "show more",
    "load more",
    "loading...",
    "related",
    "related articles",
    "related stories",
    "related topics",
    "related content",
    "more on this story",
    "more on this topic",
    "most read",
    "most popular",
    "trending",
    "trending now",
    "recommended",
    "recommended for you",
    "you may also like",
    "you might also like",
    "editor's picks",
    "advertisement",
    "advertisements",
    "ad",
    "sponsored",
    "sponsored content",
    "story continues below",
    "story continues below advertisement",
    "article continues below",
    "article continues after this advertisement",
    "continue reading",
    "subscribe",
    "subscribe now",
    "sign in",
    "log in",
    "sign up",
    "sign up for our newsletter",
    "newsletter",
    "get our newsletter",
    "comments",
    "leave a comment",
    "view comments",
    "add a comment",
    "back to top",
    "skip to content",
    "skip to main content",
    "skip advertisement",
    "home",
    "menu",
    "close",
    "topics",
    "tags",
    "facebook",
    "twitter",
    "whatsapp",
    "linkedin",
    "telegram",
    "instagram",
    "teilen",
    "artikel teilen",
    "drucken",
    "merken",
    "anzeige",
    "werbung",
    "mehr zum thema",
    "weiterlesen",
    "lesen sie auch",
    "kommentare",
    "newsletter abonnieren",
    "artikel anhoren",
    "zur startseite",
    "partager",
    "imprimer",
    "publicite",
    "lire aussi",
    "lire aussi :",
    "s'abonner",
    "ecouter",
    "commentaires",
    "a lire aussi",
    "sur le meme sujet",
    "suivre",
    "enregistrer",
    "lire plus tard",
    "compartir",
    "imprimir",
    "publicidad",
    "lea tambien",
    "suscribete",
    "seguir",
    "guardar",
    "comentarios",
    "noticias relacionadas",
    "dela",
    "skriv ut",
    "annons",
    "las mer",
    "las aven",
    "prenumerera",
    "folj",
    "spara",
    "поделиться",
    "реклама",
    "читать далее",
    "читаите также",
    "подписаться",
    "комментарии",
    "مشاركة",
    "شارك",
    "اعلان",
    "اقرا ايضا",
    "تابعنا",
    "シェア",
    "広告",
    "シェアする",
    "関連記事",
    "印刷",
};

/* How a line begins that says when the page was written; what follows must be a date or a time ago. */
static const char *const updated[] = {
    "last updated on",
    "last updated at",
    "last updated",
    "last update",
    "last modified",
    "updated on",
    "updated at",
    "updated",
    "first published on",
    "first published",
    "published on",
    "published at",
    "published",
    "publication date",
    "posted on",
    "posted",
    "date published",
    "date",
    "zuletzt aktualisiert am",
    "zuletzt aktualisiert",
    "aktualisiert am",
    "aktualisiert",
    "veroffentlicht am",
    "veroffentlicht",
    "stand",
    "mis a jour le",
    "mis a jour",
    "publie le",
    "publie",
    "modifie le",
    "actualizado el",
    "actualizado",
    "publicado el",
    "publicado",
    "uppdaterad",
    "publicerad",
    "aggiornato il",
    "pubblicato il",
    "обновлено",
    "опубликовано",
    "تم التحديث",
    "اخر تحديث",
    "نشر في",
    "更新",
    "公開",
};

/* What follows it when there is no date: "8 sec ago", "vor 3 Stunden", "il y a 2 heures". */
static const char *const ago_words[] = {
    " ago",   "just now", "today",       "yesterday", "vor ",  "gestern", "heute",
    "il y a", "hier",     "aujourd'hui", "hace ",     "hoy",   "ayer",    "sedan",
    "idag",   "igar",     "назад",       "сегодня",   "вчера", "منذ",     "前",
};

/* How a byline begins. */
static const char *const by[] = {"By ", "BY ",    "Von ",        "Par ",        "Por ",
                                 "Av ", "Text: ", "Written by ", "Reported by "};

static bool is_chrome(struct span key)
{
    for (size_t i = 0; i < sizeof chrome / sizeof *chrome; i++)
        if (span_is(key, chrome[i]))
            return true;
    /* "5 min read", "Lesezeit: 4 Minuten" */
    return key.len < 30 && key.len &&
           ((key.at[0] >= '0' && key.at[0] <= '9' && span_ends(key, SPAN(" read"))) ||
            span_starts(key, SPAN("lesezeit")) || span_starts(key, SPAN("reading time")));
}

/* The key without the words that announce a date, or the empty span. */
static struct span after_updated(struct span key)
{
    for (size_t i = 0; i < sizeof updated / sizeof *updated; i++) {
        size_t len = span_begins(key, updated[i]) ? strlen(updated[i]) : 0;

        if (len && key.len > len && strchr(" :-", key.at[len]))
            return span_cut(key, len + 1, key.len);
    }
    return (struct span){0};
}

static bool is_updated(struct span key)
{
    struct span rest = after_updated(key);
    char iso[11];

    if (rest.len == 0 || rest.len > 50)
        return false;
    if (date_parse_whole(rest, iso) >= 7)
        return true;
    if (span_starts(key, SPAN("date")) || span_starts(key, SPAN("stand"))) /* words of many headlines */
        return false;
    if (date_parse(rest, iso) >= 7)
        return true;
    for (size_t i = 0; rest.len < 40 && i < sizeof ago_words / sizeof *ago_words; i++)
        if (span_find(rest, span_of(ago_words[i])))
            return true;
    return false;
}

/* ---- letters and words -------------------------------------------------------------------------- */

static unsigned bits_at(struct span s, size_t at, size_t *len)
{
    uint32_t cp;

    if (at >= s.len) {
        *len = 0;
        return 0;
    }
    *len = utf8_next(s.at + at, s.at + s.len, &cp);
    return char_bits(cp);
}

/* What a bounded piece of text holds. */
struct tally {
    uint32_t letters, words, capital_words, dense;
};

static bool is_quote_mark(uint32_t cp)
{
    return cp == '"' || cp == 0xAB || cp == 0xBB || (cp >= 0x201C && cp <= 0x201F) ||
           (cp >= 0x300C && cp <= 0x300F) || cp == 0xFF02;
}

static struct tally tally(struct span s)
{
    struct tally t = {0};
    bool in_word = false;
    uint32_t cp;

    for (const char *at = s.at, *end = s.at + s.len; at < end;) {
        at += utf8_next(at, end, &cp);
        unsigned bits = char_bits(cp);
        bool letter = bits & (CHAR_LETTER | CHAR_DIGIT);
        if (letter && !in_word) {
            t.words++;
            t.capital_words += !(bits & CHAR_LOWER);
        }
        t.letters += (bits & CHAR_LETTER) != 0;
        t.dense += (bits & CHAR_DENSE) != 0;
        in_word = letter || (in_word && (bits & CHAR_MARK || cp == '\'' || cp == 0x2019 || cp == '-'));
    }
    return t;
}

static bool has_marks(struct span s)
{
    uint32_t cp;

    for (const char *at = s.at, *end = s.at + s.len; at < end; at++) {
        while (end - at >= 8 && !(eight_high(eight_at(at)) | eight_is(eight_at(at), '"')))
            at += 8;
        if (at == end)
            break;
        (void)utf8_next(at, end, &cp);
        if (is_quote_mark(cp))
            return true;
    }
    return false;
}

/* A line, whose letters and words are worth counting: no sentence but a question or an exclamation. */
static bool is_line(struct span s, bool sentence)
{
    char last = s.at[s.len - 1];

    return s.len <= HEADLINE_MAX && (!sentence || last == '?' || last == '!');
}

/* Three words or more, no sentence, and not what a writer puts in brackets or before a list. */
static bool is_headline(struct span s, struct tally t)
{
    char first = s.at[0], last = s.at[s.len - 1];

    if (first == '(' || first == '[' || last == ',' || last == ':')
        return false;
    if (!t.dense && t.letters < utf8_count(s) / 2) /* a row of a table */
        return false;
    return t.dense ? t.letters >= 6 : t.letters >= 12 && t.words >= 3;
}

/* ---- names -------------------------------------------------------------------------------------- */

static bool is_particle(struct span word)
{
    static const char *const particles[] = {"de",  "der", "den", "van", "von", "bin", "ibn",
                                            "al",  "el",  "da",  "di",  "du",  "la",  "le",
                                            "dos", "del", "af",  "av",  "zu",  "ben"};

    for (size_t i = 0; i < sizeof particles / sizeof *particles; i++)
        if (span_is(word, particles[i]))
            return true;
    return span_starts(word, SPAN("al-")) || span_starts(word, SPAN("el-")) ||
           span_starts(word, SPAN("d'")) || span_starts(word, SPAN("d’"));
}

/* True for two to five words that each begin as a name does. */
static bool is_name(struct span s)
{
    size_t words = 0, len;

    if (s.len == 0 || s.len > 80)
        return false;
    for (size_t at = 0; at < s.len; words++) {
        const char *space = memchr(s.at + at, ' ', s.len - at);
        size_t end = space ? (size_t)(space - s.at) : s.len;
        unsigned bits = bits_at(s, at, &len);
        if (!(bits & CHAR_LETTER) || ((bits & CHAR_LOWER) && !is_particle(span_cut(s, at, end))))
            return false;
        for (size_t p = at; p < end; p += len)
            if (bits_at(s, p, &len) & CHAR_DIGIT || strchr(":;!?()/\"", s.at[p]))
                return false;
        at = end + 1;
    }
    return words >= 2 && words <= 5;
}

/* The part before the first comma (or the whole, when there is none), without a dash before it. */
static struct span before_comma(struct span s)
{
    static const char *const dashes[] = {"— ", "– ", "- ", "—", "–"};
    const char *arabic = span_find(s, SPAN("،")), *comma;

    for (size_t i = 0; i < sizeof dashes / sizeof *dashes; i++)
        if (span_begins(s, dashes[i])) {
            s = span_cut(s, strlen(dashes[i]), s.len);
            break;
        }
    comma = memchr(s.at, ',', s.len);
    if (!comma || (arabic && arabic < comma))
        comma = arabic;
    return comma && comma >= s.at ? span_cut(s, 0, (size_t)(comma - s.at)) : s;
}

static bool is_name_line(struct span s, struct tally t, bool sentence, bool marks)
{
    struct span name;
    size_t role;

    if (s.len > NAME_LINE_MAX || sentence || marks || t.words > 18)
        return false;
    name = before_comma(s);
    role = s.len - (size_t)(name.at + name.len - s.at);
    if (role == 0) /* a name alone needs its dash */
        return name.at > s.at && is_name(name);
    return role > 4 && is_name(name);
}

static struct span byline_name(struct span s)
{
    struct span name;

    for (size_t i = 0; s.len <= FURNITURE_MAX && i < sizeof by / sizeof *by; i++) {
        if (!span_begins(s, by[i]))
            continue;
        name = before_comma(span_trim(span_cut(s, strlen(by[i]), s.len)));
        for (const char *const *also = (const char *const[]){" and ", " und ", " et ", " y ", " | ", NULL};
             *also; also++) {
            const char *cut = span_find(name, span_of(*also));
            if (cut)
                name.len = (size_t)(cut - name.at);
        }
        return is_name(name) ? name : (struct span){0};
    }
    return (struct span){0};
}

/* ---- datelines ---------------------------------------------------------------------------------- */

/* Words in capitals before a colon that are no town. */
static bool is_no_town(struct span s)
{
    static const char *const words[] = {
        "NOTE",       "UPDATE",        "UPDATED",  "EXCLUSIVE", "BREAKING", "WATCH",  "READ",
        "CORRECTION", "OPINION",       "ANALYSIS", "VIDEO",     "PHOTO",    "PHOTOS", "LIVE",
        "QUESTION",   "ANSWER",        "MORE",     "RELATED",   "NEWS",     "URGENT", "MODERATOR",
        "HOST",       "THE PRESIDENT", "SPEAKER",  "FACT",      "CLAIM"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (span_is(s, words[i]))
            return true;
    return false;
}

/* The words in capitals with which the text begins: "NEW YORK", "AIX-EN-PROVENCE". */
static struct span capitals(struct span s)
{
    size_t at = 0, end = 0, len, letters = 0;
    unsigned bits;

    for (; at < s.len && at < 60; at += len) {
        bits = bits_at(s, at, &len);
        if (bits & CHAR_LOWER)
            return span_cut(s, 0, 0);
        if (bits & (CHAR_UPPER | CHAR_MARK)) {
            letters++;
            end = at + len;
        } else if (!strchr(" .-/'", s.at[at]) && !span_starts(span_cut(s, at, s.len), SPAN("’"))) {
            break;
        } else if (s.at[at] == ' ' && span_starts(span_cut(s, at, s.len), SPAN(" - "))) {
            break;
        }
    }
    if (at < s.len && s.at[at - (at > 0)] == ' ' && end < at - 1) /* one space at most before the sign */
        return span_cut(s, 0, 0);
    return letters >= 3 ? span_cut(s, 0, end) : span_cut(s, 0, 0);
}

/* The bytes of a dash with the space after it, or 0. */
static size_t dash_len(struct span s)
{
    static const char *const dashes[] = {"— ", "– ", "-- ", "- "};

    for (size_t i = 0; i < sizeof dashes / sizeof *dashes; i++)
        if (span_begins(s, dashes[i]))
            return strlen(dashes[i]);
    return 0;
}

/* True when `s`, which follows a town, is the rest of a dateline: ": ", " — ", " (AP) — ",
 * ", April 3 (Reuters) - ", ", N.Y., Sept. 26 (UPI) — ". */
static bool closes_dateline(struct span s, bool agency_needed)
{
    bool agency = false, comma = span_starts(s, SPAN(",")), dash;

    if (span_starts(s, SPAN(": ")) && !agency_needed)
        return true;
    for (size_t at = 0; at < s.len && at < 60; at++) {
        struct span rest = span_cut(s, at, s.len);
        agency |= s.at[at] == ')';
        dash = at > 0 && s.at[at - 1] == ' ' && dash_len(rest);
        if (dash || (agency && (span_starts(rest, SPAN("): ")) || span_starts(rest, SPAN(")- ")))))
            return agency || (!agency_needed && (comma || at == 1));
        if (!comma && at == 1 && s.at[at] != '(')
            return false;
    }
    return false;
}

/* What was seen of the beginning of a paragraph. */
struct head {
    struct span text, capitals;
    int date; /* the whole of a short one is a date: the length as ISO text */
};

static struct head head_of(struct span s)
{
    char iso[11];

    return (struct head){s, capitals(s), s.len <= FURNITURE_MAX ? date_parse_whole(s, iso) : 0};
}

/* Lindham (Reuters) - : words with capitals, up to a bracket. */
static struct span place_before_bracket(struct span s, const char *bracket)
{
    struct span town = span_cut(s, 0, (size_t)(bracket - s.at));
    struct tally t = tally(town);

    if (t.words > 3 || t.words != t.capital_words || t.letters < 3 ||
        !closes_dateline(span_cut(s, town.len, s.len), true))
        return (struct span){0};
    return town;
}

static struct span place_of(const struct head *h)
{
    struct span s = h->text, town = h->capitals, rest;
    struct span near = span_cut(s, 0, s.len < 40 ? s.len : 40);
    const char *bracket, *comma;
    char iso[11];

    if (s.len < 60 && h->date)
        return (struct span){0};
    if (town.len && town.len <= 50 && !is_no_town(town)) {
        rest = span_cut(s, town.len, s.len);
        if (closes_dateline(rest, false) ||
            (span_starts(rest, SPAN(", ")) && rest.len < 60 && date_parse_whole(rest, iso)))
            return town;
    }
    bracket = s.len > 4 ? span_find(near, SPAN(" (")) : NULL;
    comma = s.len > 4 ? memchr(near.at, ',', near.len) : NULL;
    if (comma && s.len < 60 && date_parse_whole(span_cut(s, (size_t)(comma - s.at) + 1, s.len), iso) >= 7) {
        struct tally t = tally(town = span_cut(s, 0, (size_t)(comma - s.at)));

        return t.words == t.capital_words && !date_parse_whole(town, iso) ? town : (struct span){0};
    }
    return bracket ? place_before_bracket(s, bracket) : (struct span){0};
}

struct span look_place(struct span s)
{
    struct head h = head_of(s);

    return place_of(&h);
}

/* ---- captions ----------------------------------------------------------------------------------- */

/* Ends with a credit: "(AFP/File)", "(Reuters)", "[Photo: ...]", "/ AFP", "Foto: dpa". */
static bool is_caption(struct span s)
{
    static const char *const credits[] = {
        "AFP",  "AP",           "Reuters",  "REUTERS",    "Getty",  "EPA",   "dpa",
        "File", "file",         "Supplied", "Photo",      "Foto",   "photo", "Courtesy",
        "SPA",  "Shutterstock", "picture",  "Screenshot", "Archiv", "AN ",   "Handout"};
    struct span tail = span_cut(s, s.len > 60 ? s.len - 60 : 0, s.len);
    const char *open;

    if (s.len > CAPTION_MAX || s.len < 4)
        return false;
    open = s.at[s.len - 1] == ')'   ? memrchr(tail.at, '(', tail.len)
           : s.at[s.len - 1] == ']' ? memrchr(tail.at, '[', tail.len)
                                    : NULL;
    if (!open && !(open = span_find(tail, SPAN("/ AFP"))) && !(open = span_find(tail, SPAN("Foto: "))) &&
        !(open = span_find(tail, SPAN("Photo: "))) && !(open = span_find(tail, SPAN("© "))))
        return false;
    for (size_t i = 0; i < sizeof credits / sizeof *credits; i++)
        if (span_find((struct span){open, (size_t)(s.at + s.len - open)}, span_of(credits[i])))
            return true;
    return false;
}

/* ---- the whole look ----------------------------------------------------------------------------- */

/* Furniture with a date or a name in it, or none. */
static unsigned furniture_of(const struct head *h, struct span place)
{
    char folded[FURNITURE_MAX * 3], iso[11];
    struct span s = h->text, key = {folded, 0};

    if (s.len > FURNITURE_MAX)
        return 0;
    key.len = fold_text(s, FOLD_LOOSE, folded, sizeof folded);
    return (is_chrome(key) ? LOOK_CHROME : 0u) | (is_updated(key) ? LOOK_UPDATED : 0u) |
           (h->date >= 7 || (s.len < 60 && place.len && date_parse(s, iso) == 10) ? LOOK_DATE : 0u) |
           (byline_name(s).len ? LOOK_BYLINE : 0u);
}

unsigned look_furniture(struct span s)
{
    struct head h = head_of(s);

    return furniture_of(&h, place_of(&h));
}

unsigned look_at(struct span s)
{
    bool sentence = para_ends_sentence(s);
    struct head h = head_of(utf8_cut(s, HEADLINE_MAX + 1));
    struct span place = place_of(&h), town = h.capitals;
    bool marks = has_marks(h.text);
    bool line = is_line(s, sentence);
    struct tally t = line ? tally(s) : (struct tally){0};
    unsigned look = sentence ? LOOK_SENTENCE : 0u;

    look |= furniture_of(&h, place);
    look |= marks ? LOOK_MARKS : 0u;
    look |= line && is_headline(s, t) ? LOOK_HEADLINE : 0u;
    look |= is_name_line(s, t, sentence, marks) ? LOOK_NAME : 0u;
    look |= is_caption(s) ? LOOK_CAPTION : 0u;
    look |= place.len ? LOOK_DATELINE : 0u;
    look |= town.len && town.len < h.text.len && h.text.at[town.len] == ':' ? LOOK_LABEL : 0u;
    if (look & LOOK_FURNITURE)
        look &= ~(unsigned)(LOOK_HEADLINE | LOOK_NAME | LOOK_DATELINE);
    return look;
}

bool look_credit(struct span s)
{
    struct tally t;
    size_t len, marks = 0;
    uint32_t cp;

    if (s.len > NAME_LINE_MAX)
        return false;
    while (s.len && (len = utf8_prev(s.at, s.at + s.len, &cp), is_quote_mark(cp) || cp == '.' || cp == ' ')) {
        marks += is_quote_mark(cp);
        s.len -= len;
    }
    if (!marks || !s.len || !(bits_at(s, 0, &len) & CHAR_UPPER) || has_marks(s))
        return false;
    t = tally(s);
    if (t.words <= 2 && before_comma(s).len == s.len)
        return false; /* "Thank God.”" is said, "Former mayor Orla Venn.”" is not */
    return is_name(before_comma(s)) || (t.words > 1 && t.capital_words * 4 >= t.words * 3);
}

struct span look_name(struct span s)
{
    struct span name = byline_name(s);

    return name.len ? name : before_comma(s);
}
