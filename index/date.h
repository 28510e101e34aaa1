/* date.h -- the day on which something was published.
 *
 * A date is kept as ISO text of the exactness that is known: "2025-04-03", "2025-04" or "2025". As
 * numbers it is a run of days, so that "2025-04" compares as what it is, a whole month.
 *
 * Read are: 2025-04-03, 2025/4/3, 20250403, 3 April 2025, April 3rd, 2025, 26-FEB-1987, 03.04.2025,
 * 3. April 2025, 1er avril 2025, 3 de abril de 2025, 2025年4月3日, and months of a year. 03/04/2025 is the third
 * of April in London and the fourth of March in New York, so it is no date; 23/04/2025 is one.
 */
#ifndef INDEX_DATE_H
#define INDEX_DATE_H

#include <stdint.h>

#include "base/span.h"

/* A day number that stands for no date. */
#define DATE_NONE INT32_MIN

/* Finds the first date in the text (of which the first 200 bytes are looked at) and writes it as ISO with
 * a NUL. Returns the length of the ISO text: 10, 7 or 4; 0 when there is no date, and iso is then "". */
int date_parse(struct span text, char iso[11]);

/* The same when the text is a date and nothing else but the name of a weekday and a time of day. */
int date_parse_whole(struct span text, char iso[11]);

/* The date that a path tells: news/2025/04/03/x.txt, 2025-04-03-title.md, 20250403.txt, 2025/04/x.txt. */
int date_parse_path(struct span path, char iso[11]);

/* The first and the last day of an ISO date, counted from 1970-01-01; DATE_NONE when it is not one. */
int32_t date_days(struct span iso);
int32_t date_days_last(struct span iso);

/* Reads what a query says after `date:`: A, A..B, A.. or ..B, each an ISO date. An open end is INT32_MIN + 1
 * or INT32_MAX. Returns false when it cannot be read. The two ends belong to the range. */
bool date_range(struct span text, int32_t *first, int32_t *last);

/* The day as ISO text with a NUL; years outside 0001 to 9999 give "". */
void date_iso(int64_t days, char iso[11]);

#endif
