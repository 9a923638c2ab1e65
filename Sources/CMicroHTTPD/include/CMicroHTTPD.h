/* What Swift cannot call of libmicrohttpd by itself (variadic functions, macros, a va_list callback), and the listening
   socket, so that a refused address is an errno and not a line of text. */
#ifndef CMICROHTTPD_H
#define CMICROHTTPD_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

/* A macro that Swift does not import: the length of a response that is not known beforehand. */
extern const uint64_t cmhd_size_unknown;

/* Everything that a daemon is started with. All callbacks get `context`. */
typedef struct {
  int listen_fd;             /* bound, listening, non-blocking; stays the caller's until cmhd_quiesce */
  unsigned threads;          /* epoll workers */
  unsigned connection_limit; /* of all workers together; each takes its part */
  unsigned idle_seconds;     /* a connection without any traffic is closed after this */
  size_t memory_limit;       /* per connection: headers and buffers */
  void *context;
  MHD_AccessHandlerCallback handler;
  MHD_RequestCompletedCallback completed;
  MHD_NotifyConnectionCallback connection;
  /* The request's target as it was sent; what it returns is the request's own context from then on. */
  void *(*target)(void *context, const char *target, struct MHD_Connection *connection);
  /* One message of the library, formatted. */
  void (*log)(void *context, const char *message);
} cmhd_options;

/* A running daemon and where its messages go. */
typedef struct cmhd_daemon cmhd_daemon;

/* NULL if it cannot be started; errno then says why. */
cmhd_daemon *cmhd_start(const cmhd_options *options);
/* Accepts no further connections; the listening socket is the caller's to close afterwards. */
void cmhd_quiesce(cmhd_daemon *daemon);
/* Ends the workers and frees the daemon. No connection may be suspended: the library would abort. */
void cmhd_stop(cmhd_daemon *daemon);

/* Binds and listens; `host` is a numeric address or a name. -1 with errno, or with `*reason` set for a name that cannot
   be resolved. */
int cmhd_listen(const char *host, uint16_t port, int backlog, const char **reason);
/* The port that a socket is bound to; 0 if there is none. */
uint16_t cmhd_port(int fd);

/* The descriptor of a connection, -1 if it has none. */
int cmhd_connection_fd(struct MHD_Connection *connection);

/* A socket that is connected to nothing, to be put in the place of one that is taken over. -1 with errno. */
int cmhd_stand_in(void);
/* Takes the socket of a suspended connection: it gets a new number, which is returned, and under the old one the library
   finds the stand-in. The library touches no socket of a connection while that is suspended, and has taken it out of its
   epoll set. The system buffers about `send_buffer` bytes for the client, however slow it is. -1 with errno; nothing has
   changed then. */
int cmhd_take_over(int fd, int stand_in, int send_buffer);

/* Whether anything has arrived on a connection since it was opened. */
bool cmhd_has_received(int fd);

/* Whether each line of a request's header ends with CR LF and holds no NUL, and none goes on in the next line.

   The library (0.9.75) takes a bare LF for a line's end, cuts values at a NUL and joins folded lines; what stands between
   a client and us may read the same bytes as another request. It overwrites the two bytes of each line's end with two
   NULs and leaves everything where it was received, which is what is looked at here. Newer libraries (from 0.9.77 on)
   are told to refuse such requests themselves.

   `method`, `target` and `version` are what the library gave to the handler, `target_length` is the target's whole
   length with its query. Only to be called while the header is as it was received: in the handler's first call. */
bool cmhd_is_well_formed(struct MHD_Connection *connection, const char *method, const char *target,
                         size_t target_length, const char *version);

/* A response without a body where one is told of: to HEAD, and for 304. `size` is the length that it tells; with
   cmhd_size_unknown it tells none, and the connection is closed after it. */
struct MHD_Response *cmhd_create_bodiless_response(uint64_t size);

#endif
