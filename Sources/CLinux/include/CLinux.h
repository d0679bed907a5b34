#pragma once

// What Swift cannot import of Linux by itself: feature-gated calls, variadics and macros, each behind a prefixed function.
// The header includes no system header, so that it never disagrees with Swift's own Glibc module about a definition.

#include <stddef.h>
#include <stdint.h>

/// Peer credentials as the kernel recorded them at connect (SO_PEERCRED); `struct ucred` is feature-gated.
struct telltale_peer {
    int32_t pid;
    uint32_t uid;
    uint32_t gid;
};

/// One ready descriptor; `struct epoll_event` is packed on x86-64, which Swift imports with care only.
struct telltale_ready {
    uint64_t token;
    uint32_t events;
};

enum { telltale_ready_max = 256 };

extern const uint32_t telltale_epoll_readable;
extern const uint32_t telltale_epoll_writable;
extern const uint32_t telltale_epoll_broken;

int telltale_accept(int listener);
int telltale_peer_credentials(int socket, struct telltale_peer *peer);
/// The peer's further groups (SO_PEERGROUPS); how many, or -1, with ERANGE where there are more than `count`.
int telltale_peer_groups(int socket, uint32_t *groups, int count);
int telltale_unix_stream_socket(void);
int telltale_unix_stream_pair(int pair[2]);

/// Bind and connect by path; the caller has checked that the path and its terminating zero fit `sun_path`.
int telltale_unix_bind(int socket, const char *path);
int telltale_unix_connect(int socket, const char *path);

/// Receives from a stream socket without blocking.
ptrdiff_t telltale_receive(int socket, void *bytes, size_t count);

/// Sends without SIGPIPE and without blocking.
ptrdiff_t telltale_send(int socket, const void *bytes, size_t count);

/// Enlarges the send buffer of a stream socket for `count` bytes beside those that wait in it, as far as the system grants
/// it, and returns how many fit then; -1 on an error.
ptrdiff_t telltale_make_room(int socket, size_t count);

/// Sends one datagram to a Unix socket; a leading `@` names the abstract namespace, as sd_notify(3) has it. Waits at
/// most 100 ms for room in the receiver's queue.
int telltale_notify_send(const char *path, const void *bytes, size_t count);

int telltale_epoll_create(void);
int telltale_eventfd(void);
int telltale_epoll_add(int epoll, int descriptor, uint32_t events, uint64_t token);
int telltale_epoll_change(int epoll, int descriptor, uint32_t events, uint64_t token);
int telltale_epoll_remove(int epoll, int descriptor);

/// Waits at most `timeout_ms` (-1: for ever) and unpacks what is ready. `count` is at most `telltale_ready_max`.
int telltale_epoll_wait(int epoll, struct telltale_ready *ready, int count, int timeout_ms);

int telltale_open_lock(const char *path, uint32_t mode);

/// By what an open file is known from every copy of it: its inode, and when it was made in nanoseconds since 1970; 0 for
/// the latter on a file system that does not say. 0, or -1 on an error. `statx` is feature-gated.
int telltale_file_origin(int descriptor, uint64_t *inode, int64_t *made_at);

/// 0 when the descriptor is a Unix stream socket that listens; else -1 with ENOTSOCK or EINVAL.
int telltale_check_unix_listener(int descriptor);
int telltale_set_nonblocking_and_cloexec(int descriptor);
void telltale_ignore_broken_pipes(void);

/// Blocks `signals` for the calling thread and all that it starts, and returns a descriptor that reads them.
int telltale_signal_descriptor(const int *signals, size_t count);

/// The next signal number that a signal descriptor holds; 0 when there is none, -1 on an error.
int telltale_signal_next(int descriptor);

/// Nanoseconds of CLOCK_BOOTTIME.
int64_t telltale_boottime(void);

/// Names a thread for debuggers; a name longer than 15 bytes is ignored.
void telltale_name_thread(unsigned long thread, const char *name);

/// Lets the process have as many descriptors as its hard limit allows. The soft one is low for the sake of programs that
/// use `select`.
void telltale_raise_descriptor_limit(void);

/// Has the allocator hold back less: fewer arenas than it would make for a program of many threads, and no large blocks in
/// them. To be called before there is a second thread.
void telltale_spare_memory(void);

/// Gives the resident pages of all loaded code back to the page cache, from where they return when they run again.
///
/// Starting up runs a great deal of code once: relocation, configuration, TLS. Without pressure the kernel leaves all of
/// it mapped for good, and a daemon that waits would be twice its size. Only executable segments that are not writable are
/// touched, by their program headers and under the loader's lock, so nothing that holds a value is ever dropped.
void telltale_release_code_pages(void);

/// The size of the terminal behind a descriptor in characters; -1 when it is none, or does not say.
int telltale_terminal_size(int descriptor, uint16_t *columns, uint16_t *rows);

/// A pipe that no program which is started gets unasked.
int telltale_pipe(int ends[2]);

/// Starts a program with these three streams as its own and no other descriptor, in `/`, in a session of its own, with every
/// signal as it is by default. Returns its process id; -1 where it could not be started, for whatever reason the child met.
int telltale_spawn(const char *path, char *const arguments[], char *const environment[], const int streams[3]);

/// A descriptor that is readable once the process has ended.
int telltale_process_descriptor(int process);

/// Waits for a child to end and forgets it. 0 when it has exited with `*code`, 1 when signal `*code` has ended it.
int telltale_reap(int process, int *code);
