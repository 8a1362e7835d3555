/* A disk that fails to order, put before the C library (LD_PRELOAD).
 *
 * disk_fails(prefix, nth, kind, for_good): the nth call from now that changes a file whose path
 * begins with prefix fails, or all from the nth on. Kinds: 1 EIO, 2 ENOSPC, 3 a short write (half
 * of the bytes, then EIO), 4 EROFS. nth 0 fails nothing. disk_calls() tells how many there were.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static char prefix[512];
static long calls, nth;
static int kind, for_good;

void disk_fails(const char *path, long at, int what, int always)
{
    snprintf(prefix, sizeof prefix, "%s", path);
    calls = 0;
    nth = at;
    kind = what;
    for_good = always;
}

long disk_calls(void) { return calls; }

static int meant(int fd)
{
    char link[64], path[512];
    if (!prefix[0])
        return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0)
        return 0;
    path[length] = 0;
    if (strncmp(path, prefix, strlen(prefix)) != 0)
        return 0;
    calls++;
    return nth && (calls == nth || (for_good && calls > nth));
}

static int failed(void)
{
    errno = kind == 2 ? ENOSPC : kind == 4 ? EROFS : EIO;
    return -1;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

#define AT(name)                                                                     \
    ssize_t name(int fd, const void *data, size_t size, off_t place)                 \
    {                                                                                \
        if (!meant(fd))                                                              \
            return REAL(name)(fd, data, size, place);                                \
        if (kind == 3 && size > 1 && calls == nth) {                                 \
            nth++; /* the rest of it fails */                                        \
            return REAL(name)(fd, data, size / 2, place);                            \
        }                                                                            \
        return failed();                                                             \
    }
AT(pwrite)
AT(pwrite64)

ssize_t write(int fd, const void *data, size_t size)
{
    if (!meant(fd))
        return REAL(write)(fd, data, size);
    if (kind == 3 && size > 1 && calls == nth) {
        nth++;
        return REAL(write)(fd, data, size / 2);
    }
    return failed();
}

int fsync(int fd) { return meant(fd) ? failed() : REAL(fsync)(fd); }
int fdatasync(int fd) { return meant(fd) ? failed() : REAL(fdatasync)(fd); }
int ftruncate(int fd, off_t size) { return meant(fd) ? failed() : REAL(ftruncate)(fd, size); }
int ftruncate64(int fd, off64_t size) { return meant(fd) ? failed() : REAL(ftruncate64)(fd, size); }
