#include "index/date.h"

#include "base/eight.h"
#include "base/utf8.h"
#include "index/fold.h"

/* ---- the calendar ------------------------------------------------------------------------------- */

struct day {
    int year, month, day; /* month and day are 0 when they are not known */
};

static int month_length(int year, int month)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return lengths[month - 1] + (month == 2 && leap);
}

/* A day of the calendar, not before printing and not after us: other numbers are not dates. */
static bool day_fits(struct day d)
{
    if (d.year < 1450 || d.year > 2199 || d.month < 0 || d.month > 12 || d.day < 0)
        return false;
    if (d.month == 0)
        return d.day == 0;
    return d.day <= month_length(d.year, d.month);
}

/* Days since 1970-01-01, by the rule of 400-year cycles that begin on the first of March. */
static int32_t day_number(int year, int month, int day)
{
    int y = month <= 2 ? year - 1 : year;
    int cycle = y / 400, of_cycle = y % 400;
    int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return cycle * 146097 + of_cycle * 365 + of_cycle / 4 - of_cycle / 100 + of_year - 719468;
}

static char *digits_write(char *to, int number, int digits)
{
    for (int i = digits; i-- > 0; number /= 10)
        to[i] = (char)('0' + number % 10);
    return to + digits;
}

static int day_write(struct day d, char iso[11])
{
    char *end = digits_write(iso, d.year, 4);

    if (d.month) {
        *end = '-';
        end = digits_write(end + 1, d.month, 2);
    }
    if (d.day) {
        *end = '-';
        end = digits_write(end + 1, d.day, 2);
    }
    *end = '\0';
    return (int)(end - iso);
}

/* ---- months ------------------------------------------------------------------------------------- */

/* Months as fold_text(FOLD_LOOSE) writes them: small letters, no diacritics. The Spanish "ago" is not
 * here: "Updated 8 sec ago" would be a day in August. */
static const char *const months[12][14] = {
    {"january", "jan", "januar", "janner", "janvier", "janv", "enero", "ene", "januari", "gennaio", "janeiro",
     "января", "يناير"},
    {"february", "feb", "februar", "fevrier", "fevr", "febrero", "februari", "febbraio", "fevereiro",
     "февраля", "فبراير"},
    {"march", "mar", "marz", "mars", "marzo", "maart", "marco", "марта", "مارس"},
    {"april", "apr", "avril", "avr", "abril", "abr", "aprile", "апреля", "ابريل"},
    {"may", "mai", "mayo", "maj", "mei", "maggio", "maio", "мая", "مايو"},
    {"june", "jun", "juni", "juin", "junio", "giugno", "junho", "июня", "يونيو"},
    {"july", "jul", "juli", "juillet", "juil", "julio", "luglio", "julho", "июля", "يوليو"},
    {"august", "aug", "aout", "agosto", "augusti", "augustus", "августа", "اغسطس"},
    {"september", "sep", "sept", "sett", "septembre", "septiembre", "settembre", "setembro", "сентября",
     "سبتمبر"},
    {"october", "oct", "oktober", "okt", "octobre", "octubre", "ottobre", "outubro", "октября", "اكتوبر"},
    {"november", "nov", "novembre", "noviembre", "novembro", "ноября", "نوفمبر"},
    {"december", "dec", "dezember", "dez", "decembre", "diciembre", "dic", "dicembre", "dezembro", "декабря",
     "ديسمبر"},
};

/* Words that stand beside a date without being part of it: weekdays, and words for a time of day. */
static const char *const companions[] = {
    "monday", "tuesday",   "wednesday", "thursday", "friday",     "saturday", "sunday",   "mon",
    "tue",    "tues",      "wed",       "thu",      "thur",       "thurs",    "fri",      "sat",
    "sun",    "montag",    "dienstag",  "mittwoch", "donnerstag", "freitag",  "samstag",  "sonntag",
    "lundi",  "mardi",     "mercredi",  "jeudi",    "vendredi",   "samedi",   "dimanche", "lunes",
    "martes", "miercoles", "jueves",    "viernes",  "sabado",     "domingo",  "mandag",   "tisdag",
    "onsdag", "torsdag",   "fredag",    "lordag",   "sondag",     "at",       "um",       "uhr",
    "a",      "las",       "kl",        "h",        "am",         "pm",       "a.m",      "p.m",
    "utc",    "gmt",       "est",       "edt",      "bst",        "cet",      "cest",     "t",
    "z",      "on",        "der",       "den",      "le",         "el",
};

static bool is_one_of(struct span key, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count && names[i]; i++)
        if (span_is(key, names[i]))
            return true;
    return false;
}

static bool folds_to(struct span word, const char *const *names, size_t count)
{
    char folded[64];

    return is_one_of((struct span){folded, fold_text(word, FOLD_LOOSE, folded, sizeof folded)}, names, count);
}

/* 1 to 12, or 0 for a word that is no month. */
static int month_of(struct span word)
{
    char folded[64];
    struct span key = {folded, 0};

    if (word.len < 3 || word.len > 32)
        return 0;
    key.len = fold_text(word, FOLD_LOOSE, folded, sizeof folded);
    for (int m = 0; m < 12; m++)
        if (is_one_of(key, months[m], sizeof months[m] / sizeof *months[m]))
            return m + 1;
    return 0;
}

/* ---- a date among other text -------------------------------------------------------------------- */

/* A text is read as numbers, words and single signs; spaces part them and are dropped. */
struct token {
    enum { TOKEN_END, TOKEN_NUMBER, TOKEN_WORD, TOKEN_SIGN } kind;
    struct span text;
    int number; /* of a number; -1 when it has more than eight digits */
};

enum {
    TOKENS_MAX = 64,
    AHEAD_MAX = 8, /* tokens that the forms of a date look ahead */
    TEXT_MAX = 200
};

static enum char_bits letter_bits(const char *at, const char *end, size_t *len)
{
    uint32_t cp;

    *len = utf8_next(at, end, &cp);
    if (cp == 0x5E74 || cp == 0x6708 || cp == 0x65E5) /* 年月日 stand beside digits and are one sign each */
        return 0;
    return (enum char_bits)(char_bits(cp) & (CHAR_LETTER | CHAR_MARK | CHAR_SPACE | CHAR_IGNORED));
}

static struct token token_next(const char **from, const char *end)
{
    struct token t = {.kind = TOKEN_END};
    const char *at = *from;
    enum char_bits bits = 0;
    size_t len;

    while (at < end && ((bits = letter_bits(at, end, &len)) & (CHAR_SPACE | CHAR_IGNORED)))
        at += len;
    t.text.at = at;
    if (at < end && *at >= '0' && *at <= '9') {
        t.kind = TOKEN_NUMBER;
        for (; at < end && *at >= '0' && *at <= '9'; at++)
            t.number = t.number < 0 || t.number > 9999999 ? -1 : t.number * 10 + (*at - '0');
    } else if (at < end && bits) {
        t.kind = TOKEN_WORD;
        while (at < end && letter_bits(at, end, &len) & (CHAR_LETTER | CHAR_MARK))
            at += len;
    } else if (at < end) {
        t.kind = TOKEN_SIGN;
        at += len;
    }
    t.text.len = (size_t)(at - t.text.at);
    *from = at;
    return t;
}

/* 1 to 12, or 0. Asked last, since it takes longest. */
static int token_month(const struct token *t)
{
    return t->kind == TOKEN_WORD ? month_of(t->text) : 0;
}

static bool is_sign(const struct token *t, const char *signs)
{
    return t->kind == TOKEN_SIGN && t->text.len == 1 && strchr(signs, t->text.at[0]) != NULL;
}

static bool is_word(const struct token *t, const char *word)
{
    return t->kind != TOKEN_END && span_eq(t->text, span_of(word));
}

static bool is_year(const struct token *t)
{
    return t->kind == TOKEN_NUMBER && t->text.len == 4;
}

static bool is_small(const struct token *t)
{
    return t->kind == TOKEN_NUMBER && t->text.len <= 2;
}

/* 2025-04-03, 2025/4/3, 2025.04.03, 2025年4月3日 */
static size_t year_first(const struct token *t, struct day *d)
{
    bool signs = is_sign(&t[1], "-/.") && is_sign(&t[3], "-/.");
    bool kanji = is_word(&t[1], "年") && is_word(&t[3], "月");

    if (!is_year(&t[0]) || !is_small(&t[2]) || !is_small(&t[4]) || !(signs || kanji))
        return 0;
    *d = (struct day){t[0].number, t[2].number, t[4].number};
    return is_word(&t[5], "日") ? 6 : 5;
}

/* 03.04.2025 as Germans write it, and 23/4/2025 or 4/23/2025 where only one reading is a day. */
static size_t numbers_only(const struct token *t, struct day *d)
{
    int a = t[0].number, b = t[2].number;

    if (!is_small(&t[0]) || !is_small(&t[2]) || !is_year(&t[4]))
        return 0;
    *d = (struct day){t[4].number, b, a};
    if (is_sign(&t[1], ".") && is_sign(&t[3], "."))
        return 5;
    if (!is_sign(&t[1], "/-") || !is_sign(&t[3], "/-") || (a <= 12 && b <= 12 && a != b))
        return 0;
    if (b > 12)
        *d = (struct day){t[4].number, a, b};
    return 5;
}

/* Past the "th" of "3rd", the dot of "3.", commas, hyphens, "of" and "de". */
static size_t skip_joints(const struct token *t, size_t i)
{
    static const char *const joints[] = {"st", "nd", "rd", "th", "er", "of", "de", "del", "º"};

    for (size_t n = 0; n < 3 && t[i].kind != TOKEN_END; n++, i++)
        if (!is_sign(&t[i], ".,-") && !folds_to(t[i].text, joints, sizeof joints / sizeof *joints))
            break;
    return i;
}

/* 3 April 2025, 3. April 2025, 1er avril 2025, 3 de abril de 2025, 26-FEB-1987 */
static size_t day_first(const struct token *t, struct day *d)
{
    size_t m, y;
    int month;

    if (!is_small(&t[0]))
        return 0;
    m = skip_joints(t, 1);
    y = skip_joints(t, m + 1);
    if (!is_year(&t[y]) || !(month = token_month(&t[m])))
        return 0;
    *d = (struct day){t[y].number, month, t[0].number};
    return y + 1;
}

/* April 3, 2025; Apr. 3rd 2025; April 2025 */
static size_t month_first(const struct token *t, struct day *d)
{
    size_t n, y;
    int month;

    if (t[0].kind != TOKEN_WORD)
        return 0;
    n = skip_joints(t, 1);
    if (t[n].kind != TOKEN_NUMBER || !(month = token_month(&t[0])))
        return 0;
    if (is_year(&t[n])) {
        *d = (struct day){t[n].number, month, 0};
        return n + 1;
    }
    y = skip_joints(t, n + 1);
    if (!is_small(&t[n]) || !is_year(&t[y]))
        return 0;
    *d = (struct day){t[y].number, month, t[n].number};
    return y + 1;
}

/* 20250403 */
static size_t eight_digits(const struct token *t, struct day *d)
{
    if (t->kind != TOKEN_NUMBER || t->text.len != 8)
        return 0;
    *d = (struct day){t->number / 10000, t->number / 100 % 100, t->number % 100};
    return 1;
}

/* The tokens that a date takes from `t` on, or 0. */
static size_t date_at(const struct token *t, struct day *d)
{
    static size_t (*const forms[])(const struct token *, struct day *) = {
        year_first, numbers_only, day_first, month_first, eight_digits,
    };

    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        size_t took = forms[i](t, d);
        if (took && day_fits(*d) && (d->month || !d->day) && !(took >= 5 && !d->day))
            return took;
    }
    return 0;
}

/* A whole text of "2025" or "2025-04". */
static bool short_date(const struct token *t, size_t count, struct day *d)
{
    if (count == 1 && is_year(&t[0]))
        *d = (struct day){t[0].number, 0, 0};
    else if (count == 3 && is_year(&t[0]) && is_sign(&t[1], "-/") && is_small(&t[2]) && t[2].number)
        *d = (struct day){t[0].number, t[2].number, 0};
    else
        return false;
    return day_fits(*d);
}

static bool is_companion(const struct token *t)
{
    return is_small(t) || t->kind == TOKEN_SIGN ||
           (t->kind == TOKEN_WORD && folds_to(t->text, companions, sizeof companions / sizeof *companions));
}

/* Most texts that are asked about are no dates, and this is the quick way to see it. */
static bool has_digit(struct span s)
{
    const char *end = s.at + s.len;

    for (const char *at = s.at; at < end; at += 8)
        if (eight_within(eight_until(at, end), '0', '9'))
            return true;
    return false;
}

static int find(struct span text, bool whole, char iso[11])
{
    struct token t[TOKENS_MAX + AHEAD_MAX];
    size_t count = 0, took = 0;
    struct day d = {0};
    const char *at, *end;

    at = text.at;
    end = at + text.len;
    while (count < TOKENS_MAX && (t[count] = token_next(&at, end)).kind != TOKEN_END) {
        if (whole && count == 0 && t[0].kind == TOKEN_WORD && !is_companion(&t[0]) && !token_month(&t[0]))
            return 0; /* most lines that are asked about */
        count++;
    }
    memset(&t[count], 0, AHEAD_MAX * sizeof *t); /* TOKEN_END */
    if (short_date(t, count, &d))
        return day_write(d, iso);
    for (size_t i = 0; i < count; i++) {
        if ((took = date_at(&t[i], &d)) != 0) {
            for (i += took; whole && i < count; i++)
                if (!is_companion(&t[i]))
                    return 0;
            return day_write(d, iso);
        }
        if (whole && !is_companion(&t[i]))
            return 0;
    }
    return 0;
}

static int parse(struct span text, bool whole, char iso[11])
{
    iso[0] = '\0';
    text = utf8_cut(text, TEXT_MAX);
    return has_digit(text) ? find(text, whole, iso) : 0;
}

int date_parse(struct span text, char iso[11])
{
    return parse(text, false, iso);
}

int date_parse_whole(struct span text, char iso[11])
{
    if (text.len > TEXT_MAX) {
        iso[0] = '\0';
        return 0;
    }
    return parse(text, true, iso);
}

/* ---- paths -------------------------------------------------------------------------------------- */

/* A number of just `digits` digits at p, or -1. */
static int digits_at(struct span s, size_t p, size_t digits)
{
    int n = 0;

    if (p > s.len || digits > s.len - p)
        return -1;
    for (size_t i = 0; i < digits; i++) {
        if (s.at[p + i] < '0' || s.at[p + i] > '9')
            return -1;
        n = n * 10 + (s.at[p + i] - '0');
    }
    return n;
}

static bool ends_number(struct span s, size_t p)
{
    return p >= s.len || s.at[p] < '0' || s.at[p] > '9';
}

static bool one_of(struct span s, size_t p, const char *signs)
{
    return p < s.len && s.at[p] && strchr(signs, s.at[p]);
}

/* A date that begins at p: YYYY?MM?DD, YYYYMMDD, or /YYYY/MM/ for a month. */
static bool path_date_at(struct span s, size_t p, struct day *d)
{
    int y = digits_at(s, p, 4), m, n;

    if (y < 0 || (p && !ends_number(s, p - 1)))
        return false;
    if (one_of(s, p + 4, "-/_.") && (m = digits_at(s, p + 5, 2)) > 0) {
        *d = (struct day){y, m, 0};
        if (one_of(s, p + 7, "-/_.") && (n = digits_at(s, p + 8, 2)) > 0 && ends_number(s, p + 10))
            d->day = n;
        else if (!one_of(s, p + 4, "/-") || !one_of(s, p + 7, "/."))
            return false;
    } else {
        m = digits_at(s, p + 4, 2);
        n = digits_at(s, p + 6, 2);
        *d = (struct day){y, m, n};
        if (m < 1 || n < 1 || !ends_number(s, p + 8))
            return false;
    }
    return day_fits(*d);
}

int date_parse_path(struct span path, char iso[11])
{
    struct day d, best = {0};

    iso[0] = '\0';
    for (size_t p = 0; p + 7 <= path.len; p++)
        if (path_date_at(path, p, &d) && (d.day || !best.day)) /* the last, but a day before a month */
            best = d;
    return best.year ? day_write(best, iso) : 0;
}

/* ---- days and ranges ---------------------------------------------------------------------------- */

static bool iso_read(struct span iso, struct day *d)
{
    *d = (struct day){digits_at(iso, 0, 4), 0, 0};
    if (iso.len != 4 && iso.len != 7 && iso.len != 10)
        return false;
    if (iso.len >= 7)
        d->month = iso.at[4] == '-' ? digits_at(iso, 5, 2) : -1;
    if (iso.len == 10)
        d->day = iso.at[7] == '-' ? digits_at(iso, 8, 2) : -1;
    return (iso.len < 7 || d->month > 0) && (iso.len < 10 || d->day > 0) && day_fits(*d);
}

int32_t date_days(struct span iso)
{
    struct day d;

    if (!iso_read(iso, &d))
        return DATE_NONE;
    return day_number(d.year, d.month ? d.month : 1, d.day ? d.day : 1);
}

int32_t date_days_last(struct span iso)
{
    struct day d;
    int month;

    if (!iso_read(iso, &d))
        return DATE_NONE;
    month = d.month ? d.month : 12;
    return day_number(d.year, month, d.day ? d.day : month_length(d.year, month));
}

bool date_range(struct span text, int32_t *first, int32_t *last)
{
    const char *dots = text.len >= 2 ? memmem(text.at, text.len, "..", 2) : NULL;
    size_t cut = dots ? (size_t)(dots - text.at) : text.len;
    struct span from = {text.at, cut}, to = dots ? span_cut(text, cut + 2, text.len) : from;

    if (from.len == 0 && to.len == 0)
        return false;
    *first = from.len ? date_days(from) : DATE_NONE + 1;
    *last = to.len ? date_days_last(to) : INT32_MAX;
    return *first != DATE_NONE && *last != DATE_NONE && *first <= *last;
}

void date_iso(int64_t days, char iso[11])
{
    int64_t z = days + 719468, cycle, of_cycle, year_of, of_year, m;
    struct day d;

    iso[0] = '\0';
    if (days < -719162 || days > 2932896) /* 0001-01-01 and 9999-12-31 */
        return;
    cycle = z / 146097;
    of_cycle = z % 146097;
    year_of = (of_cycle - of_cycle / 1460 + of_cycle / 36524 - of_cycle / 146096) / 365;
    of_year = of_cycle - (365 * year_of + year_of / 4 - year_of / 100);
    m = (5 * of_year + 2) / 153;
    d.day = (int)(of_year - (153 * m + 2) / 5 + 1);
    d.month = (int)(m < 10 ? m + 3 : m - 9);
    d.year = (int)(year_of + cycle * 400 + (d.month <= 2));
    (void)day_write(d, iso);
}
