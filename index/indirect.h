/* indirect.h -- what somebody is reported to have said, without quotation marks.
 *
 *      Kovar said | that the bridge would close in May .
 *      | The bridge would close in May , | said Kovar , the mayor .
 *      According to Kovar , | the bridge would close in May .
 *
 * Only where the grammar of an English sentence is plain: a verb of speech with a subject that speaks, and a clause
 * that it governs. No questions, nothing that was not said, or might be, or should be ("did not say that", "would
 * say", "if she said"), no asides ("as she said"), and none of the reporter's own words ("I think"). A statement ends
 * with its sentence or before what the reporter adds. Statements of one sentence may stand inside each other: what
 * Kovar said, according to Lind.
 */
#ifndef INDEX_INDIRECT_H
#define INDEX_INDIRECT_H

#include "index/speaker.h"

struct statement {
    uint32_t first, end; /* tokens; the words, without the comma or stop that closes them */
    struct voice voice;  /* its `from` is for who resolves it */
};

/* Finds the statements of an article, in the order of their start. All memory is mem's. Returns 0 or ERR_NOMEM.
 * Linear. */
int indirect_find(struct arena *mem, const struct scan *s, struct statement **out, uint32_t *count);

#endif
