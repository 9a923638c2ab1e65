#define _GNU_SOURCE
#include "CMicroHTTPD.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/tcp.h>
#include <netdb.h>
#include <netinet/in.h>
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

/* Whether the library that is loaded has the parser of 0.9.77 and later; looked up once, before the first request. */
static bool looks_at_line_ends(void) {
  static int answer = -1;
  if (answer < 0) {
    int major = 0, minor = 0, patch = 0;
    bool is_known = sscanf(MHD_get_version(), "%d.%d.%d", &major, &minor, &patch) == 3;
    answer = !is_known || major > 0 || minor > 9 || patch >= 77;
  }
  return answer;
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
  /* Up to 0.9.76 this only changes who answers; later it also makes the library look at line ends. */
  ADD(MHD_OPTION_STRICT_FOR_CLIENT, looks_at_line_ends() ? 1 : 0, NULL);
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

bool cmhd_has_received(int fd) {
  struct tcp_info info;
  socklen_t length = sizeof info;
  if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length) != 0) return false;
  return length >= offsetof(struct tcp_info, tcpi_bytes_received) + sizeof info.tcpi_bytes_received &&
         info.tcpi_bytes_received > 0;
}

struct line_check {
  const char *next; /* where the next line has to begin */
  bool passes;
};

static enum MHD_Result check_line(void *cls, enum MHD_ValueKind kind, const char *name, size_t name_size,
                                  const char *value, size_t value_size) {
  struct line_check *check = cls;
  (void)kind;
  (void)name_size;
  /* A bare LF makes the line begin one byte early, a NUL or a folded line makes it begin elsewhere. */
  check->passes = name == check->next && value != NULL && value[value_size] == '\0' && value[value_size + 1] == '\0';
  if (check->passes) check->next = value + value_size + 2;
  return check->passes ? MHD_YES : MHD_NO;
}

bool cmhd_is_well_formed(struct MHD_Connection *connection, const char *method, const char *target,
                         size_t target_length, const char *version) {
  if (looks_at_line_ends()) return true;
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
  if (info == NULL || version != target + target_length + 1) return false;
  const char *end = version + strlen(version);
  if (end[1] != '\0') return false;
  struct line_check check = {.next = end + 2, .passes = true};
  MHD_get_connection_values_n(connection, MHD_HEADER_KIND, check_line, &check);
  /* What is left is the empty line. */
  return check.passes && check.next + 2 == method + info->header_size;
}

static ssize_t read_nothing(void *cls, uint64_t position, char *buffer, size_t size) {
  (void)cls;
  (void)position;
  (void)buffer;
  (void)size;
  return MHD_CONTENT_READER_END_OF_STREAM;
}

struct MHD_Response *cmhd_create_bodiless_response(uint64_t size) {
  struct MHD_Response *response = MHD_create_response_from_callback(size, 1, read_nothing, NULL, NULL);
  if (response == NULL || size != MHD_SIZE_UNKNOWN) return response;
  /* Else the library would announce chunks, and send the last one even to HEAD. */
  if (MHD_set_response_options(response, MHD_RF_HTTP_1_0_COMPATIBLE_STRICT, MHD_RO_END) == MHD_YES) return response;
  MHD_destroy_response(response);
  return NULL;
}
