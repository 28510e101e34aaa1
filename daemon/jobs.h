/* jobs.h -- what `add`, `put`, `rm` and `reindex` do, step by step, on the writer thread.
 *
 *      add      list it durably, then read it, then apply what the list says of places below it
 *      put      keep the document durably, then read it
 *      rm       off the list (or exclude it), delete it when it is the inbox's, out of the index
 *      reindex  read every listed path and the inbox, take everything else out
 *
 * What was told to the archive comes first and is on disk before the index is touched: a job that is cut
 * short can be done again, and nothing that was acknowledged is lost with the index.
 */
#ifndef DAEMON_JOBS_H
#define DAEMON_JOBS_H

struct call;
struct server;

/* Runs the job of the call; it is settled afterwards. */
void jobs_run(struct server *server, struct call *c);

#endif
