// The Linux calls that Swift's Glibc module does not offer, or offers only as macros.
#pragma once
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/timerfd.h>
#include <sys/timex.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <signal.h>
#include <spawn.h>
#include <unistd.h>

/// Names the calling thread as debuggers and `top -H` show it; the system keeps 15 bytes.
static inline int hearsay_name_thread(const char *name) { return prctl(PR_SET_NAME, name, 0, 0, 0); }

/// accept4, declared here because its header hides it behind a macro that Swift's Glibc module cannot bear.
int accept4(int socket, struct sockaddr *address, socklen_t *length, int flags);

/// Accepts a connection that is non-blocking and not inherited by child processes.
static inline int hearsay_accept(int socket, struct sockaddr *address, socklen_t *length) {
    return accept4(socket, address, length, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

/// A TCP socket that is non-blocking and not inherited by child processes.
static inline int hearsay_stream_socket(int family) {
    return socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

/// What tells one content of a file from another without reading it; all zero where there is no file.
struct hearsay_stamp {
    uint64_t inode;
    int64_t size;
    int64_t nanoseconds;
};

/// In C, since Swift's Glibc finds the parts of a file's times in some builds only.
static inline struct hearsay_stamp hearsay_stamp_of(const char *path) {
    struct stat status;
    if (stat(path, &status) != 0) return (struct hearsay_stamp){0, 0, 0};
    return (struct hearsay_stamp){status.st_ino, status.st_size,
                                  status.st_mtim.tv_sec * 1000000000LL + status.st_mtim.tv_nsec};
}

/// At most so many arenas, and blocks of `large_block` bytes or more straight from the system and back to it.
static inline void hearsay_limit_spare_memory(int arenas, int large_block) {
    mallopt(M_ARENA_MAX, arenas);
    mallopt(M_MMAP_THRESHOLD, large_block);
    mallopt(M_TRIM_THRESHOLD, large_block);
}

/// Returns the pages that hold nothing to the system.
static inline void hearsay_return_spare_memory(void) { malloc_trim(0); }

/// A UDP socket that is not inherited by child processes.
static inline int hearsay_datagram_socket(int family) { return socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0); }

/// Asks the system to send `signal` to this process when the thread that started it ends.
static inline int hearsay_end_with_parent(int signal) { return prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0); }

// glibc 2.34 and later; its headers show these two only under feature macros that Swift's importer does not set.
int pipe2(int ends[2], int flags);
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);

/// The magic number of the file system that holds the path (statfs(2)); 0 if the system does not tell.
static inline long hearsay_file_system_kind(const char *path) {
    struct statfs found;
    return statfs(path, &found) == 0 ? (long)found.f_type : 0;
}

/// Whether the system's clock follows a time server: 1, 0, or -1 if the system does not tell (adjtimex(2)).
static inline int hearsay_clock_is_synchronised(void) {
    struct timex state = {.modes = 0};
    int status = adjtimex(&state);
    return status < 0 ? -1 : status != TIME_ERROR && !(state.status & STA_UNSYNC);
}
