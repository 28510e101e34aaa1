/* bench_query.h -- how fast an index answers: one record of JSON a type of query and mode. */
#ifndef BENCH_QUERY_H
#define BENCH_QUERY_H

/* Asks every line TYPE<TAB>words of the file `queries` of the index in `dir`: the ten best ("top10") and how many match
 * ("count"), each five times after one round for warmth, and prints the best time of each query as p50 and p99. What is
 * timed is all that a question costs in process: a view, reading the query, finding and ranking. Returns an exit status. */
int bench_query(const char *dir, const char *queries);

#endif
