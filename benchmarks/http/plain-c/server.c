/* The smallest honest server on libmicrohttpd: what the library itself costs, to compare with.

   server PORT
   GET /json/N    N bytes of JSON from memory
   GET /events    server-sent events, 100 a second, each connection suspended between them */
#define _GNU_SOURCE
#include <microhttpd.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { largest = 1 << 20, ring_size = 4096, message_size = 400, interval_ns = 10 * 1000 * 1000 };

static char json[largest];

/* MARK: events */

/* The latest messages; every stream has its own place in them. */
static struct {
  pthread_mutex_t lock;
  char messages[ring_size][message_size];
  size_t lengths[ring_size];
  uint64_t next;
  struct stream *streams;
} ring = {.lock = PTHREAD_MUTEX_INITIALIZER};

struct stream {
  struct MHD_Connection *connection;
  uint64_t next;
  size_t offset;
  bool suspended;
  struct stream *before, *after;
};

static size_t compose(uint64_t number, char *buffer) {
  struct timespec now;
  struct tm utc;
  char second[32];
  clock_gettime(CLOCK_REALTIME, &now);
  gmtime_r(&now.tv_sec, &utc);
  strftime(second, sizeof second, "%Y-%m-%dT%H:%M:%S", &utc);
  return (size_t)snprintf(
      buffer, message_size,
      "event: spec.changed\nid: %llu\ndata: {\"sequence\":%llu,\"at\":\"%s.%03ldZ\",\"project\":\"bench\","
      "\"type\":\"spec.changed\",\"spec_id\":\"2026-01-01-001-abc\",\"change\":\"edited\",\"from\":null,\"to\":null,"
      "\"by\":\"service\",\"revision\":\"0123456789abcdef\"}\n\n",
      (unsigned long long)number, (unsigned long long)number, second, now.tv_nsec / 1000000);
}

static void *publish(void *unused) {
  (void)unused;
  struct timespec due;
  clock_gettime(CLOCK_MONOTONIC, &due);
  for (;;) {
    due.tv_nsec += interval_ns;
    if (due.tv_nsec >= 1000000000) {
      due.tv_nsec -= 1000000000;
      due.tv_sec++;
    }
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL);
    pthread_mutex_lock(&ring.lock);
    size_t place = ring.next % ring_size;
    ring.lengths[place] = compose(ring.next + 1, ring.messages[place]);
    ring.next++;
    for (struct stream *stream = ring.streams; stream != NULL; stream = stream->after)
      if (stream->suspended) {
        stream->suspended = false;
        MHD_resume_connection(stream->connection);
      }
    pthread_mutex_unlock(&ring.lock);
  }
  return NULL;
}

static ssize_t read_events(void *context, uint64_t position, char *buffer, size_t room) {
  (void)position;
  struct stream *stream = context;
  size_t count = 0;
  pthread_mutex_lock(&ring.lock);
  if (ring.next - stream->next > ring_size) {
    pthread_mutex_unlock(&ring.lock);
    return MHD_CONTENT_READER_END_WITH_ERROR;
  }
  while (stream->next < ring.next && count < room) {
    size_t place = stream->next % ring_size;
    size_t piece = ring.lengths[place] - stream->offset;
    if (piece > room - count) piece = room - count;
    memcpy(buffer + count, ring.messages[place] + stream->offset, piece);
    count += piece;
    stream->offset += piece;
    if (stream->offset == ring.lengths[place]) {
      stream->offset = 0;
      stream->next++;
    }
  }
  if (count == 0) {
    stream->suspended = true;
    MHD_suspend_connection(stream->connection);
  }
  pthread_mutex_unlock(&ring.lock);
  return (ssize_t)count;
}

static void close_stream(void *context) {
  struct stream *stream = context;
  pthread_mutex_lock(&ring.lock);
  if (stream->before != NULL)
    stream->before->after = stream->after;
  else
    ring.streams = stream->after;
  if (stream->after != NULL) stream->after->before = stream->before;
  pthread_mutex_unlock(&ring.lock);
  free(stream);
}

static struct MHD_Response *open_stream(struct MHD_Connection *connection) {
  struct stream *stream = calloc(1, sizeof *stream);
  if (stream == NULL) return NULL;
  stream->connection = connection;
  pthread_mutex_lock(&ring.lock);
  stream->next = ring.next;
  stream->after = ring.streams;
  if (ring.streams != NULL) ring.streams->before = stream;
  ring.streams = stream;
  pthread_mutex_unlock(&ring.lock);
  return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 4096, read_events, stream, close_stream);
}

/* MARK: requests */

static enum MHD_Result answer(void *context, struct MHD_Connection *connection, const char *path, const char *method,
                              const char *version, const char *body, size_t *body_size, void **request) {
  (void)context, (void)method, (void)version, (void)body;
  static int begun;
  if (*request == NULL) {
    *request = &begun;
    return MHD_YES;
  }
  *body_size = 0;
  struct MHD_Response *response;
  const char *type = "application/json";
  unsigned status = MHD_HTTP_OK;
  size_t size = strncmp(path, "/json/", 6) == 0 ? strtoul(path + 6, NULL, 10) : 0;
  if (strcmp(path, "/events") == 0) {
    type = "text/event-stream";
    response = open_stream(connection);
  } else {
    if (size < 2 || size > largest) {
      size = 2;
      status = MHD_HTTP_NOT_FOUND;
    }
    response = MHD_create_response_from_buffer(size, json + largest - size, MHD_RESPMEM_PERSISTENT);
  }
  if (response == NULL) return MHD_NO;
  MHD_add_response_header(response, "Content-Type", type);
  enum MHD_Result result = MHD_queue_response(connection, status, response);
  MHD_destroy_response(response);
  return result;
}

int main(int count, char **arguments) {
  if (count != 2) return 64;
  signal(SIGPIPE, SIG_IGN);
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  memset(json, ' ', largest);
  memcpy(json + largest - 2, "{}", 2);
  unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TURBO | MHD_ALLOW_SUSPEND_RESUME;
  struct MHD_Daemon *daemon =
      MHD_start_daemon(flags, (uint16_t)atoi(arguments[1]), NULL, NULL, answer, NULL, MHD_OPTION_THREAD_POOL_SIZE, 2u,
                       MHD_OPTION_CONNECTION_LIMIT, 12000u, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)16384,
                       MHD_OPTION_LISTEN_BACKLOG_SIZE, 1024u, MHD_OPTION_END);
  if (daemon == NULL) return 69;
  publish(NULL);
}
