#include "client/beside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"

/* Writes FOLDER/NAME; true when it is a program. */
static bool is_program(const char *folder, size_t folder_len, const char *name, char *path, size_t size)
{
    struct stat st;
    int len = snprintf(path, size, "%.*s/%s", (int)folder_len, folder, name);

    return len > 0 && (size_t)len < size && stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
           access(path, X_OK) == 0;
}

static bool beside_us(const char *name, char *path, size_t size)
{
    char self[LIMIT_PATH];
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
    char *slash;

    if (len <= 0)
        return false;
    self[len] = '\0';
    slash = strrchr(self, '/');
    return slash && is_program(self, (size_t)(slash - self), name, path, size);
}

/* Empty entries of PATH, which mean the folder one stands in, are passed over: an archive may hold anything. */
static bool on_path(const char *name, char *path, size_t size)
{
    const char *at = getenv("PATH");

    while (at && *at) {
        size_t len = strcspn(at, ":");
        if (at[0] == '/' && is_program(at, len, name, path, size))
            return true;
        at += len;
        at += *at == ':';
    }
    return false;
}

bool beside_find(const char *name, char *path, size_t size)
{
    if (!*name || strchr(name, '/'))
        return false;
    if (beside_us(name, path, size))
        return true;
#ifdef LIBEXECDIR
    if (is_program(LIBEXECDIR, strlen(LIBEXECDIR), name, path, size))
        return true;
#endif
    return on_path(name, path, size);
}
