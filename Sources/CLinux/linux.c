#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <linux/sockios.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

const uint32_t telltale_epoll_readable = EPOLLIN;
const uint32_t telltale_epoll_writable = EPOLLOUT;
const uint32_t telltale_epoll_broken = EPOLLHUP | EPOLLERR;

int telltale_accept(int listener) {
    return accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

int telltale_peer_credentials(int socket, struct telltale_peer *peer) {
    struct ucred credentials;
    socklen_t length = sizeof credentials;
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &length) != 0) return -1;
    peer->pid = credentials.pid;
    peer->uid = credentials.uid;
    peer->gid = credentials.gid;
    return 0;
}

int telltale_peer_groups(int socket, uint32_t *groups, int count) {
    socklen_t length = (socklen_t)count * sizeof *groups;
    if (getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups, &length) != 0) return -1;
    return (int)(length / sizeof *groups);
}

int telltale_unix_stream_socket(void) {
    return socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

int telltale_unix_stream_pair(int pair[2]) {
    return socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair);
}

int telltale_unix_bind(int socket, const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strncpy(address.sun_path, path, sizeof address.sun_path - 1);
    return bind(socket, (struct sockaddr *)&address, sizeof address);
}

int telltale_unix_connect(int socket, const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strncpy(address.sun_path, path, sizeof address.sun_path - 1);
    return connect(socket, (struct sockaddr *)&address, sizeof address);
}

ptrdiff_t telltale_receive(int socket, void *bytes, size_t count) {
    return recv(socket, bytes, count, MSG_DONTWAIT);
}

ptrdiff_t telltale_send(int socket, const void *bytes, size_t count) {
    return send(socket, bytes, count, MSG_NOSIGNAL | MSG_DONTWAIT);
}

ptrdiff_t telltale_make_room(int socket, size_t count) {
    int waiting, size;
    socklen_t length = sizeof size;
    if (ioctl(socket, SIOCOUTQ, &waiting) != 0) return -1;
    // The kernel doubles what it is asked for.
    size_t wanted = ((size_t)waiting + count) / 2 + 1;
    size = wanted > INT_MAX / 2 ? INT_MAX / 2 : (int)wanted;
    if (setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &size, sizeof size) != 0) return -1;
    if (getsockopt(socket, SOL_SOCKET, SO_SNDBUF, &size, &length) != 0) return -1;
    return size > waiting ? size - waiting : 0;
}

int telltale_notify_send(const char *path, const void *bytes, size_t count) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t length = strlen(path);
    if (length == 0 || length >= sizeof address.sun_path) {
        errno = EINVAL;
        return -1;
    }
    memcpy(address.sun_path, path, length);
    if (path[0] == '@') address.sun_path[0] = 0;
    int manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (manager < 0) return -1;
    struct timeval patience = {.tv_usec = 100000};
    setsockopt(manager, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
    ssize_t sent = sendto(manager, bytes, count, MSG_NOSIGNAL, (struct sockaddr *)&address, size);
    int saved = errno;
    close(manager);
    errno = saved;
    return sent == (ssize_t)count ? 0 : -1;
}

int telltale_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

int telltale_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

static int control(int epoll, int operation, int descriptor, uint32_t events, uint64_t token) {
    struct epoll_event event = {.events = events, .data = {.u64 = token}};
    return epoll_ctl(epoll, operation, descriptor, &event);
}

int telltale_epoll_add(int epoll, int descriptor, uint32_t events, uint64_t token) {
    return control(epoll, EPOLL_CTL_ADD, descriptor, events, token);
}

int telltale_epoll_change(int epoll, int descriptor, uint32_t events, uint64_t token) {
    return control(epoll, EPOLL_CTL_MOD, descriptor, events, token);
}

int telltale_epoll_remove(int epoll, int descriptor) { return control(epoll, EPOLL_CTL_DEL, descriptor, 0, 0); }

int telltale_epoll_wait(int epoll, struct telltale_ready *ready, int count, int timeout_ms) {
    struct epoll_event events[telltale_ready_max];
    int found = epoll_wait(epoll, events, count < telltale_ready_max ? count : telltale_ready_max, timeout_ms);
    for (int i = 0; i < found; i++) {
        ready[i].token = events[i].data.u64;
        ready[i].events = events[i].events;
    }
    return found;
}

int telltale_open_lock(const char *path, uint32_t mode) {
    return open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, (mode_t)mode);
}

int telltale_file_origin(int descriptor, uint64_t *inode, int64_t *made_at) {
    struct statx found;
    if (statx(descriptor, "", AT_EMPTY_PATH, STATX_INO | STATX_BTIME, &found) != 0) return -1;
    *inode = found.stx_ino;
    int says = (found.stx_mask & STATX_BTIME) != 0;
    *made_at = says ? (int64_t)found.stx_btime.tv_sec * 1000000000 + found.stx_btime.tv_nsec : 0;
    return 0;
}

static int option(int descriptor, int name) {
    int value = 0;
    socklen_t length = sizeof value;
    return getsockopt(descriptor, SOL_SOCKET, name, &value, &length) == 0 ? value : -1;
}

int telltale_check_unix_listener(int descriptor) {
    int listens = option(descriptor, SO_ACCEPTCONN);
    if (listens < 0) return -1;
    if (listens == 1 && option(descriptor, SO_DOMAIN) == AF_UNIX && option(descriptor, SO_TYPE) == SOCK_STREAM) return 0;
    errno = EINVAL;
    return -1;
}

int telltale_set_nonblocking_and_cloexec(int descriptor) {
    int flags = fcntl(descriptor, F_GETFL);
    if (flags < 0 || fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) != 0) return -1;
    return fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

void telltale_ignore_broken_pipes(void) { signal(SIGPIPE, SIG_IGN); }

int telltale_signal_descriptor(const int *signals, size_t count) {
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < count; i++) sigaddset(&set, signals[i]);
    int result = pthread_sigmask(SIG_BLOCK, &set, NULL);
    if (result != 0) {
        errno = result;
        return -1;
    }
    return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

int telltale_signal_next(int descriptor) {
    struct signalfd_siginfo info;
    ssize_t count = read(descriptor, &info, sizeof info);
    if (count == (ssize_t)sizeof info) return (int)info.ssi_signo;
    return count < 0 && errno != EAGAIN ? -1 : 0;
}

int64_t telltale_boottime(void) {
    struct timespec time;
    clock_gettime(CLOCK_BOOTTIME, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

void telltale_name_thread(unsigned long thread, const char *name) { pthread_setname_np((pthread_t)thread, name); }

static int release_code(struct dl_phdr_info *object, size_t size, void *context) {
    (void)size;
    uintptr_t page = *(uintptr_t *)context;
    // Code that the loader has relocated holds values.
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
        if (segment->p_type != PT_DYNAMIC) continue;
        for (const ElfW(Dyn) *entry = (const void *)(object->dlpi_addr + segment->p_vaddr); entry->d_tag != DT_NULL; entry++) {
            if (entry->d_tag == DT_TEXTREL) return 0;
            if (entry->d_tag == DT_FLAGS && (entry->d_un.d_val & DF_TEXTREL)) return 0;
        }
    }
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
        if (segment->p_type != PT_LOAD || !(segment->p_flags & PF_X) || (segment->p_flags & PF_W)) continue;
        // Whole pages only: the first and the last may be shared with a neighbour that is written to.
        uintptr_t start = (object->dlpi_addr + segment->p_vaddr + page - 1) & ~(page - 1);
        uintptr_t end = (object->dlpi_addr + segment->p_vaddr + segment->p_filesz) & ~(page - 1);
        // What the kernel does not give back stays: there is nothing to be done about it, and nothing is wrong.
        if (start < end) madvise((void *)start, end - start, MADV_DONTNEED);
    }
    return 0;
}

void telltale_raise_descriptor_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

void telltale_spare_memory(void) {
    // Two arenas: each holds back what its neighbours could use, and by default there are eight for each core.
    mallopt(M_ARENA_MAX, 2);
    // Left alone this bound grows with each large block that is freed, and then large tables are cut from the arenas.
    mallopt(M_MMAP_THRESHOLD, 128 << 10);
}

void telltale_release_code_pages(void) {
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    dl_iterate_phdr(release_code, &page);
    malloc_trim(0);
}
int telltale_terminal_size(int descriptor, uint16_t *columns, uint16_t *rows) {
    struct winsize size;
    if (ioctl(descriptor, TIOCGWINSZ, &size) != 0) return -1;
    *columns = size.ws_col;
    *rows = size.ws_row;
    return 0;
}

int telltale_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

static int prepare(posix_spawn_file_actions_t *actions, posix_spawnattr_t *attributes, const int streams[3]) {
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int result = posix_spawnattr_setflags(
        attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    if (result == 0) result = posix_spawnattr_setsigmask(attributes, &none);
    if (result == 0) result = posix_spawnattr_setsigdefault(attributes, &all);
    if (result == 0) result = posix_spawn_file_actions_addchdir_np(actions, "/");
    for (int i = 0; i < 3 && result == 0; i++) {
        // One that is itself a standard stream would be overwritten before it is copied.
        result = streams[i] < 3 ? EBADF : posix_spawn_file_actions_adddup2(actions, streams[i], i);
    }
    return result == 0 ? posix_spawn_file_actions_addclosefrom_np(actions, 3) : result;
}

int telltale_spawn(const char *path, char *const arguments[], char *const environment[], const int streams[3]) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    pid_t process = -1;
    int result = posix_spawn_file_actions_init(&actions);
    if (result != 0) goto failed;
    result = posix_spawnattr_init(&attributes);
    if (result == 0) {
        result = prepare(&actions, &attributes, streams);
        if (result == 0) result = posix_spawn(&process, path, &actions, &attributes, arguments, environment);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    if (result == 0) return process;
failed:
    errno = result;
    return -1;
}

int telltale_process_descriptor(int process) { return (int)syscall(SYS_pidfd_open, process, 0); }

int telltale_reap(int process, int *code) {
    int status;
    while (waitpid(process, &status, 0) < 0) {
        if (errno != EINTR) return -1;
    }
    *code = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
    return WIFSIGNALED(status) ? 1 : 0;
}
