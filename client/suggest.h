/* suggest.h -- "did you mean": the nearest of a few words. */
#ifndef CLIENT_SUGGEST_H
#define CLIENT_SUGGEST_H

/* The word of the list (which ends with NULL) that is most like `typed`, or NULL when none is like it. */
const char *suggest(const char *typed, const char *const *words);

#endif
