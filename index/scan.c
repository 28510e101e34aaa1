#include "index/scan.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/err.h"

/* A folder that is to be listed. */
struct folder {
    const char *path;
    uint32_t depth;
    dev_t dev;
    ino_t ino;
};

/* The folders of a scan: real ones and links that wait. */
struct folders {
    struct folder *list, *links;
    uint32_t count, cap, link_count, link_cap;
};

bool path_below(struct span path, struct span root)
{
    if (root.len && root.at[root.len - 1] == '/')
        root.len--;
    return span_starts(path, root) && (path.len == root.len || path.at[root.len] == '/');
}

static int add_closed(struct scan *s, const char *path, int err, const char *words)
{
    if (!ARENA_MORE(&s->mem, s->closed, s->closed_count, s->closed_cap))
        return arena_err(&s->mem);
    s->closed[s->closed_count++] = (struct scan_closed){path, err, words};
    return 0;
}

static int add_file(struct scan *s, const char *path, const struct stat *st, bool unread)
{
    if (!ARENA_MORE(&s->mem, s->files, s->count, s->cap))
        return arena_err(&s->mem);
    s->files[s->count++] =
        (struct seen){.path = path,
                      .size = (uint64_t)st->st_size,
                      .mtime_ns = (int64_t)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec,
                      .unread = unread};
    return 0;
}

static int add_folder(struct scan *s, struct folders *f, const char *path, uint32_t depth,
                      const struct stat *st, bool link)
{
    struct folder folder = {path, depth, st->st_dev, st->st_ino};

    if (depth > LIMIT_DEPTH)
        return add_closed(s, path, ERR_TOOBIG, "too many folders inside folders");
    if (link) {
        if (!ARENA_MORE(&s->mem, f->links, f->link_count, f->link_cap))
            return arena_err(&s->mem);
        f->links[f->link_count++] = folder;
        return 0;
    }
    if (!ARENA_MORE(&s->mem, f->list, f->count, f->cap))
        return arena_err(&s->mem);
    f->list[f->count++] = folder;
    return 0;
}

/* A name of a folder as a path, or NULL without memory. */
static char *path_in(struct arena *mem, const char *folder, const char *name)
{
    size_t len = strlen(folder), more = strlen(name);
    char *path = arena_alloc(mem, len + more + 2);

    if (!path)
        return NULL;
    memcpy(path, folder, len);
    if (path[len - 1] != '/')
        path[len++] = '/';
    memcpy(path + len, name, more);
    return path;
}

/* What a name of a folder is, and where it goes. */
static int add_entry(struct scan *s, struct folders *f, const struct folder *in, int fd, const char *name,
                     const struct index_run *run)
{
    char *path = path_in(&s->mem, in->path, name);
    struct stat st, target;
    bool link;

    if (!path)
        return arena_err(&s->mem);
    if (strlen(path) >= LIMIT_PATH)
        return add_closed(s, path, ERR_TOOBIG, "the path is too long");
    if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW)) /* from the folder on: a shorter way than the path */
        return 0;                                    /* it went while we came */
    link = S_ISLNK(st.st_mode);
    if (link && fstatat(fd, name, &target, 0))
        return 0; /* a link to nothing */
    if (!link)
        target = st;
    if (S_ISDIR(target.st_mode))
        return add_folder(s, f, path, in->depth + 1, &target, link);
    if (S_ISREG(target.st_mode) && (!run || !run->belongs || run->belongs(run->ctx, path)))
        return add_file(s, path, &target, !read_knows(span_of(path)));
    return 0;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names of a folder, sorted, so that the order of the file system does not matter. */
static int list_names(struct arena *mem, DIR *dir, const char ***out, uint32_t *count)
{
    const char **names = NULL;
    uint32_t n = 0, cap = 0;
    struct dirent *entry;
    int rc;

    while ((errno = 0, entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] == '.')
            continue;
        if (!ARENA_MORE(mem, names, n, cap) || !(names[n++] = arena_str(mem, entry->d_name)))
            return arena_err(mem);
    }
    rc = errno ? ERR_IO : 0;
    if (n)
        qsort(names, n, sizeof *names, by_name);
    *out = names;
    *count = n;
    return rc;
}

static int list_folder(struct scan *s, struct folders *f, struct folder in, const struct index_run *run)
{
    struct arena mem = ARENA_INIT;
    const char **names = NULL;
    uint32_t count = 0;
    DIR *dir = opendir(in.path);
    int rc = dir ? list_names(&mem, dir, &names, &count) : err_from_errno(errno);

    if (rc == ERR_NOTFOUND)
        rc = 0;
    else if (rc < 0 && rc != ERR_NOMEM)
        rc = add_closed(s, in.path, rc, "the folder cannot be listed");
    for (uint32_t i = 0; i < count && rc == 0; i++)
        rc = add_entry(s, f, &in, dirfd(dir), names[i], run);
    if (dir)
        (void)closedir(dir);
    arena_free(&mem);
    return rc;
}

static bool was_listed(const struct folders *f, uint32_t count, struct folder folder)
{
    for (uint32_t i = 0; i < count; i++)
        if (f->list[i].dev == folder.dev && f->list[i].ino == folder.ino)
            return true;
    return false;
}

/* Lists every folder: real ones first, then what links lead to. */
static int list_all(struct scan *s, struct folders *f, const struct index_run *run)
{
    uint32_t at = 0, link = 0;
    int rc;

    for (;;) {
        for (; at < f->count; at++) {
            if (run && run->cancel && *run->cancel)
                return ERR_CANCELLED;
            if ((rc = list_folder(s, f, f->list[at], run)) < 0)
                return rc;
        }
        while (link < f->link_count && was_listed(f, f->count, f->links[link]))
            link++;
        if (link == f->link_count)
            return 0;
        if (!ARENA_MORE(&s->mem, f->list, f->count, f->cap))
            return arena_err(&s->mem);
        f->list[f->count++] = f->links[link++];
    }
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct seen *)a)->path, ((const struct seen *)b)->path);
}

int scan(struct scan *s, const char *path, const struct index_run *run)
{
    struct folders f = {0};
    struct stat st;
    int rc;

    *s = (struct scan){.mem = ARENA_INIT};
    path = arena_str(&s->mem, path);
    if (!path)
        return arena_err(&s->mem);
    for (size_t len = strlen(path); len > 1 && path[len - 1] == '/'; len--)
        ((char *)(uintptr_t)path)[len - 1] = 0;
    if (stat(path, &st))
        return errno == ENOENT || errno == ENOTDIR
                   ? 0
                   : add_closed(s, path, err_from_errno(errno), "it cannot be reached");
    if (!S_ISDIR(st.st_mode))
        return S_ISREG(st.st_mode) ? add_file(s, path, &st, false)
                                   : add_closed(s, path, ERR_NOTTEXT, "it is neither a file nor a folder");
    if ((rc = add_folder(s, &f, path, 0, &st, false)) < 0 || (rc = list_all(s, &f, run)) < 0)
        return rc;
    if (s->count)
        qsort(s->files, s->count, sizeof *s->files, by_path);
    return 0;
}

void scan_fini(struct scan *s)
{
    arena_free(&s->mem);
}

static int seek_path(const void *key, const void *file)
{
    const struct span *path = key;

    return span_cmp(*path, span_of(((const struct seen *)file)->path));
}

bool scan_has(const struct scan *s, struct span path)
{
    if (s->count && bsearch(&path, s->files, s->count, sizeof *s->files, seek_path))
        return true;
    for (uint32_t i = 0; i < s->closed_count; i++)
        if (path_below(path, span_of(s->closed[i].path)))
            return true;
    return false;
}
