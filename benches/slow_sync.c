/* Makes every sync to disk take 2 ms longer, as on a disk without a write-back cache. The benchmark
 * `posts` compiles this and preloads it into itself and its PostgreSQL; nothing else uses it. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>

static void wait_2_ms(void) {
    struct timespec two_ms = {0, 2 * 1000 * 1000};
    nanosleep(&two_ms, 0);
}

int fsync(int fd) {
    static int (*real)(int);
    if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    wait_2_ms();
    return real(fd);
}

int fdatasync(int fd) {
    static int (*real)(int);
    if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    wait_2_ms();
    return real(fd);
}
