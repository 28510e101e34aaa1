#include "base/err.h"

#include <errno.h>

const char *err_words(int err)
{
    switch (err) {
#define X(name, n, words) \
    case ERR_##name:      \
        return words;
        ERR_TABLE(X)
#undef X
    default:
        return "an unknown error";
    }
}

int err_from_errno(int number)
{
    switch (number) {
    case ENOMEM:
        return ERR_NOMEM;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return ERR_FULL;
    case ENOENT:
    case ENOTDIR:
        return ERR_NOTFOUND;
    case EACCES:
    case EPERM:
        return ERR_DENIED;
    default:
        return ERR_IO;
    }
}
