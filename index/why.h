/* why.h -- why a quotation has the speaker it has: what the decision rested on, each with its place in the article.
 *
 *      “We did it,” she said.            rule      quote-name-verb, as in: “…,” Kovar said
 *                                        cue       said
 *                                        mention   she
 *                                        steps     she → Venn: the woman lately named
 *                                                  Venn → Orla Venn: the full name in the article
 *                                        choices   she 96 %, Kovar 3 %, nobody 1 %
 *                                        evidence  what was seen there, and the learned weight of each
 *
 * The steps are known of every quotation. The rest is noted only where it is asked for (QUOTE_REASONS).
 */
#ifndef INDEX_WHY_H
#define INDEX_WHY_H

#include <stdbool.h>
#include <stdint.h>

/* One step from the mention to the name: what was done, and the words it led to. */
struct step {
    const char *how;     /* static */
    uint32_t start, end; /* bytes of article.text */
};

/* One who may have spoken it. Nobody: start == end. */
struct choice {
    const char *rule;    /* static; the rule that names them */
    uint32_t start, end; /* the mention */
    uint16_t
        chance; /* thousandths; of all choices together 1,000, but for rounding and rules without weights */
};

/* What was seen of the one that was taken. */
struct evidence {
    const char *seen; /* static: a name of attribute.h */
    int16_t weight;   /* thousandths; above 0 it speaks for them */
};

enum { STEPS_MOST = 4, CHOICES_MOST = 6, EVIDENCE_MOST = 8 };

struct why {
    struct choice choices[CHOICES_MOST];     /* the one that was taken, then the others, likeliest first */
    struct evidence evidence[EVIDENCE_MOST]; /* the heaviest first; empty outside English */
    uint8_t choice_count, evidence_count;
    uint16_t quotation; /* thousandths: the chance that the words are a quotation at all */
};

struct voice;

/* Notes the candidates all[0 .. count) of a quotation, nobody the last of them, and the one that was taken. `learned`: weights
 * decided. */
void why_note(struct why *why, const struct voice *all, uint32_t count, uint32_t taken, bool learned);

#endif
