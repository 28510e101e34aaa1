/* log.h -- lines for the person who runs the daemon.
 *
 * One line for start, stop, each run, and each thing that needs a hand. Archives are private, and so are the
 * questions asked of them: no text of an article, no query and no path of a file ever goes here, only counts.
 */
#ifndef DAEMON_LOG_H
#define DAEMON_LOG_H

/* Chooses the form of the lines: under systemd each begins with its level, for the journal. */
void log_init(void);

void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
