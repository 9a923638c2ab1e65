#define _GNU_SOURCE
#include "CMicroHTTPD.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

const uint64_t cmhd_size_unknown = MHD_SIZE_UNKNOWN;

struct cmhd_daemon {
  struct MHD_Daemon *daemon;
  void (*log)(void *context, const char *message);
  void *context;
};

static void log_message(void *cls, const char *format, va_list arguments) {
  const cmhd_daemon *daemon = cls;
  char message[512];
  vsnprintf(message, sizeof message, format, arguments);
  size_t length = strlen(message);
  while (length > 0 && message[length - 1] == '\n') message[--length] = '\0';
  daemon->log(daemon->context, message);
}

/* The library must not decode: a decoded NUL would cut the path, and a decoded slash would add a segment. */
static size_t keep_escapes(void *cls, struct MHD_Connection *connection, char *text) {
  (void)cls;
  (void)connection;
  return strlen(text);
}

static struct MHD_Daemon *start_daemon(cmhd_daemon *daemon, const cmhd_options *options) {
  struct MHD_OptionItem items[16];
  int count = 0;
#define ADD(OPTION, VALUE, POINTER)                 \
  do {                                              \
    items[count].option = (OPTION);                 \
    items[count].value = (intptr_t)(VALUE);         \
    items[count].ptr_value = (void *)(POINTER);     \
    count++;                                        \
  } while (0)
  /* The logger first, so that it gets the messages about the other options. */
  ADD(MHD_OPTION_EXTERNAL_LOGGER, log_message, daemon);
  ADD(MHD_OPTION_LISTEN_SOCKET, options->listen_fd, NULL);
  ADD(MHD_OPTION_CONNECTION_LIMIT, options->connection_limit, NULL);
  ADD(MHD_OPTION_CONNECTION_TIMEOUT, options->idle_seconds, NULL);
  ADD(MHD_OPTION_CONNECTION_MEMORY_LIMIT, options->memory_limit, NULL);
  ADD(MHD_OPTION_STRICT_FOR_CLIENT, options->strict, NULL);
  ADD(MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, NULL);
  ADD(MHD_OPTION_URI_LOG_CALLBACK, options->target, options->context);
  ADD(MHD_OPTION_NOTIFY_COMPLETED, options->completed, options->context);
  ADD(MHD_OPTION_NOTIFY_CONNECTION, options->connection, options->context);
  if (options->threads > 1) ADD(MHD_OPTION_THREAD_POOL_SIZE, options->threads, NULL);
  ADD(MHD_OPTION_END, 0, NULL);
#undef ADD
  unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TURBO | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
  return MHD_start_daemon(flags, 0, NULL, NULL, options->handler, options->context,
                          MHD_OPTION_ARRAY, items, MHD_OPTION_END);
}

cmhd_daemon *cmhd_start(const cmhd_options *options) {
  cmhd_daemon *daemon = calloc(1, sizeof *daemon);
  if (daemon == NULL) return NULL;
  daemon->log = options->log;
  daemon->context = options->context;
  daemon->daemon = start_daemon(daemon, options);
  if (daemon->daemon != NULL) return daemon;
  int code = errno;
  free(daemon);
  errno = code;
  return NULL;
}

void cmhd_quiesce(cmhd_daemon *daemon) {
  MHD_quiesce_daemon(daemon->daemon);
}

void cmhd_stop(cmhd_daemon *daemon) {
  MHD_stop_daemon(daemon->daemon);
  free(daemon);
}

static int listen_on(const struct addrinfo *address, int backlog) {
  int type = address->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK;
  int fd = socket(address->ai_family, type, address->ai_protocol);
  if (fd < 0) return -1;
  int on = 1;
  /* A restart must not wait for the old connections' last minutes; two listeners at once stay impossible. */
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(fd, address->ai_addr, address->ai_addrlen) == 0 && listen(fd, backlog) == 0) return fd;
  int code = errno;
  close(fd);
  errno = code;
  return -1;
}

int cmhd_listen(const char *host, uint16_t port, int backlog, const char **reason) {
  struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
  struct addrinfo *addresses = NULL;
  char service[8];
  snprintf(service, sizeof service, "%u", (unsigned)port);
  *reason = NULL;
  int code = getaddrinfo(host, service, &hints, &addresses);
  if (code != 0) {
    *reason = gai_strerror(code);
    return -1;
  }
  int fd = -1;
  /* IPv4 first: a name like localhost then means what most clients try. */
  for (int round = 0; round < 2 && fd < 0; round++)
    for (const struct addrinfo *address = addresses; address != NULL && fd < 0; address = address->ai_next)
      if ((address->ai_family == AF_INET) == (round == 0)) fd = listen_on(address, backlog);
  code = errno;
  freeaddrinfo(addresses);
  errno = code;
  return fd;
}

uint16_t cmhd_port(int fd) {
  struct sockaddr_storage address;
  socklen_t length = sizeof address;
  if (getsockname(fd, (struct sockaddr *)&address, &length) != 0) return 0;
  if (address.ss_family == AF_INET) return ntohs(((struct sockaddr_in *)&address)->sin_port);
  if (address.ss_family == AF_INET6) return ntohs(((struct sockaddr_in6 *)&address)->sin6_port);
  return 0;
}

int cmhd_connection_fd(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  return info != NULL ? info->connect_fd : -1;
}

int cmhd_stand_in(void) {
  return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

int cmhd_take_over(int fd, int stand_in, int send_buffer) {
  int taken = fcntl(fd, F_DUPFD_CLOEXEC, 3);
  if (taken < 0) return -1;
  if (dup3(stand_in, fd, O_CLOEXEC) < 0) {
    int code = errno;
    close(taken);
    errno = code;
    return -1;
  }
  int on = 1, off = 0;
  /* Events are small and must not wait for the client's acknowledgement of those before. */
  setsockopt(taken, IPPROTO_TCP, TCP_CORK, &off, sizeof off);
  setsockopt(taken, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  /* The system would let it grow to megabytes for each client that does not read. */
  setsockopt(taken, SOL_SOCKET, SO_SNDBUF, &send_buffer, sizeof send_buffer);
  return taken;
}
