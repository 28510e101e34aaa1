/* ask_count.c -- only how many match: nothing is ranked, and no row is read. */
#include "index/asking.h"
#include "index/matches.h"

int ask_count(struct asking *a)
{
    bool quotes = a->ask->verb == ASK_BY;
    enum field fields[2];
    uint32_t field_count = asking_fields(a, quotes, fields);
    int rc = 0;

    if (!quotes) {
        rc = rank_count(a->view, &a->query, a->cancel, &a->result->found);
    } else {
        for (uint32_t i = 0; i < field_count && rc == 0; i++) {
            struct matches m;
            uint64_t total = 0;

            matches_open(&m, a->view, &a->query, fields[i], a->cancel);
            rc = matches_count(&m, &total);
            matches_close(&m);
            a->result->found += total;
        }
    }
    asking_mark(a, STEP_FIND);
    if (rc == 0 && (rc = asking_cuts(a)) == 0)
        render_head(&a->render, &(struct head){.total = a->result->found});
    return rc;
}
