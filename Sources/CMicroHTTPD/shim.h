#pragma once
#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

/// What a daemon may hold at once.
struct CMicroHTTPD_limits {
    unsigned int connections;
    size_t connection_memory_bytes;
    size_t thread_stack_bytes;
    unsigned int idle_seconds;
};

/// The functions that libmicrohttpd calls, and what it hands to each as its first argument.
struct CMicroHTTPD_callbacks {
    void *_Nullable context;
    void *_Nullable (*_Nonnull request_started)(
        void *_Nullable context, const char *_Nullable target, struct MHD_Connection *_Nullable connection);
    enum MHD_Result (*_Nonnull request_arrived)(
        void *_Nullable context, struct MHD_Connection *_Nullable connection, const char *_Nullable path,
        const char *_Nullable method, const char *_Nullable version, const char *_Nullable upload,
        size_t *_Nullable upload_bytes, void *_Nullable *_Nullable request);
    void (*_Nonnull request_ended)(
        void *_Nullable context, struct MHD_Connection *_Nullable connection, void *_Nullable *_Nullable request,
        enum MHD_RequestTerminationCode reason);
};

/// Leaves the request target as it was sent: `%2F` within a segment must not become a slash.
static inline size_t CMicroHTTPD_keep_escapes(void *context, struct MHD_Connection *connection, char *text) {
    (void)context;
    (void)connection;
    return strlen(text);
}

/// Starts a daemon on 127.0.0.1 with a thread per connection; port 0 takes a free one. NULL on failure, with the
/// reason in `error`, which is 0 when libmicrohttpd gave none.
static inline struct MHD_Daemon *_Nullable CMicroHTTPD_start(
    uint16_t port, struct CMicroHTTPD_limits limits, struct CMicroHTTPD_callbacks callbacks, int *_Nonnull error) {
    struct sockaddr_in address;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    errno = 0;
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL
            | MHD_USE_SUPPRESS_DATE_NO_CLOCK,
        port, NULL, NULL, callbacks.request_arrived, callbacks.context,
        MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address,
        MHD_OPTION_CONNECTION_LIMIT, limits.connections,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, limits.connection_memory_bytes,
        MHD_OPTION_CONNECTION_TIMEOUT, limits.idle_seconds,
        MHD_OPTION_THREAD_STACK_SIZE, limits.thread_stack_bytes,
        MHD_OPTION_UNESCAPE_CALLBACK, CMicroHTTPD_keep_escapes, NULL,
        MHD_OPTION_URI_LOG_CALLBACK, callbacks.request_started, callbacks.context,
        MHD_OPTION_NOTIFY_COMPLETED, callbacks.request_ended, callbacks.context,
        MHD_OPTION_END);
    *error = daemon == NULL ? errno : 0;
    return daemon;
}

/// The port a daemon listens on; 0 when it cannot tell.
static inline uint16_t CMicroHTTPD_port(struct MHD_Daemon *_Nonnull daemon) {
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);
    return info == NULL ? 0 : info->port;
}

/// The socket of a connection; -1 when there is none.
static inline int CMicroHTTPD_socket(struct MHD_Connection *_Nonnull connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info == NULL ? -1 : info->connect_fd;
}

/// Breaks a connection off with a TCP RST, at once. To dissolve the association of a connected TCP socket is an abort
/// (RFC 9293 §3.10.5), and unlike SO_LINGER it does not depend on who closes the descriptor, and when.
static inline int CMicroHTTPD_reset(int socket) {
    struct sockaddr nobody;
    memset(&nobody, 0, sizeof nobody);
    nobody.sa_family = AF_UNSPEC;
    return connect(socket, &nobody, sizeof nobody);
}

/// `POLLRDHUP` needs `_GNU_SOURCE`; the value is part of Linux's ABI.
static const short CMicroHTTPD_peer_closed = 0x2000;
