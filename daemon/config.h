/* config.h -- the settings in force. They come in once, whole or not at all. */
#ifndef DAEMON_CONFIG_H
#define DAEMON_CONFIG_H

#include <stdio.h>

#include "base/limits.h"
#include "daemon/settings.h"

struct config {
#define NUMBER(name, standard, least, most, words) long name;
#define TEXT(name, standard, choices, words)       char name[LIMIT_PATH];
    SETTINGS(NUMBER, TEXT)
#undef NUMBER
#undef TEXT
};

enum { CONFIG_DETAIL = 512 };

void config_defaults(struct config *c);

/* Reads one file over what stands in *c. A file that is not there changes nothing and is fine, unless
 * `must_exist`. On any mistake *c stays as it was and `detail` (CONFIG_DETAIL bytes) says where and what:
 * ERR_ARGS, or why the file cannot be read. */
int config_read(struct config *c, const char *path, int must_exist, char *detail);

/* One setting, as from the command line. 0 or ERR_ARGS with words. */
int config_set(struct config *c, const char *name, const char *value, char *detail);

/* index_threads, or the processors that this process may use. */
unsigned config_threads(const struct config *c);

/* Every setting with its sentence and the value in force, in the form of a configuration file. */
void config_print(const struct config *c, FILE *out);

#endif
