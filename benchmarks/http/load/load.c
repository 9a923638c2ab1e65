/* The load generator: one thread, epoll, loopback only. Results are one line of JSON on stdout.

   load json PORT PATH CONNECTIONS SECONDS STATUS
       keeps one request under way on each connection
   load streams PORT PATH CLIENTS
       opens the streams, prints {"connected": CLIENTS}, then obeys lines on stdin:
         measure SECONDS DRAIN   counts what was published within SECONDS, reads on for DRAIN seconds, prints
         quit

   Of each event it reads `id:` (whether one is missing or comes twice) and `"at"` in the data (how old it is). */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { buckets = 200000, event_room = 2048, header_room = 8192, batch = 512 };

static void fail(const char *what) {
  fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
  exit(1);
}

static double now(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* MARK: percentiles */

static struct {
  uint64_t counts[buckets];
  uint64_t total;
  double width; /* of a bucket, in seconds */
  double highest;
} latencies;

static void note_latency(double seconds) {
  if (seconds < 0) seconds = 0;
  size_t bucket = (size_t)(seconds / latencies.width);
  latencies.counts[bucket < buckets ? bucket : buckets - 1]++;
  latencies.total++;
  if (seconds > latencies.highest) latencies.highest = seconds;
}

static double percentile(double share) {
  uint64_t wanted = (uint64_t)(share * (double)latencies.total), seen = 0;
  for (size_t bucket = 0; bucket < buckets; bucket++) {
    seen += latencies.counts[bucket];
    if (seen > wanted) return (double)(bucket + 1) * latencies.width * 1000;
  }
  return latencies.highest * 1000;
}

/* MARK: sockets */

static int connect_to(int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) fail("socket");
  if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0) fail("connect");
  int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

static void watch(int poller, int fd, uint64_t key) {
  struct epoll_event event = {.events = EPOLLIN, .data.u64 = key};
  fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
  if (epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event) != 0) fail("epoll_ctl");
}

static void send_all(int fd, const char *bytes, size_t count) {
  if (send(fd, bytes, count, MSG_NOSIGNAL) != (ssize_t)count) fail("send");
}

/* MARK: requests */

struct client {
  int fd;
  double since;
  size_t header, left; /* bytes of the header so far; of the body still to come */
  char text[header_room];
};

static uint64_t wrong_status;

/* Takes bytes of an answer; whether it is whole now. */
static bool take_answer(struct client *client, const char *bytes, size_t count, const char *status) {
  if (client->left == 0) {
    size_t room = header_room - client->header, piece = count < room ? count : room;
    memcpy(client->text + client->header, bytes, piece);
    client->header += piece;
    char *end = memmem(client->text, client->header, "\r\n\r\n", 4);
    if (end == NULL) return false;
    *end = '\0';
    const char *length = strcasestr(client->text, "\r\nContent-Length:");
    size_t body = length != NULL ? strtoul(length + 17, NULL, 10) : 0;
    size_t before = client->header - piece, head = (size_t)(end - client->text) + 4 - before;
    if (strncmp(client->text + 9, status, 3) != 0) wrong_status++;
    client->left = body;
    bytes += head;
    count -= head;
    client->header = 0;
    if (body == 0) return true;
  }
  client->left -= count < client->left ? count : client->left;
  return client->left == 0;
}

static int requests(int port, const char *path, int connections, double seconds, const char *status) {
  static char buffer[1 << 18];
  char request[512];
  int length = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n", path);
  struct client *clients = calloc((size_t)connections, sizeof *clients);
  int poller = epoll_create1(EPOLL_CLOEXEC);
  latencies.width = 10e-6;
  for (int index = 0; index < connections; index++) {
    clients[index].fd = connect_to(port);
    watch(poller, clients[index].fd, (uint64_t)index);
    clients[index].since = now(CLOCK_MONOTONIC);
    send_all(clients[index].fd, request, (size_t)length);
  }
  double begin = now(CLOCK_MONOTONIC), end = begin + seconds, time = begin;
  while (time < end) {
    struct epoll_event events[batch];
    int count = epoll_wait(poller, events, batch, 100);
    for (int index = 0; index < count; index++) {
      struct client *client = &clients[events[index].data.u64];
      ssize_t size = recv(client->fd, buffer, sizeof buffer, 0);
      if (size < 0 && errno == EAGAIN) continue;
      if (size <= 0) fail("the server closed a connection");
      if (!take_answer(client, buffer, (size_t)size, status)) continue;
      time = now(CLOCK_MONOTONIC);
      note_latency(time - client->since);
      client->since = time;
      send_all(client->fd, request, (size_t)length);
    }
    time = now(CLOCK_MONOTONIC);
  }
  printf("{\"requests\": %llu, \"seconds\": %.3f, \"p50_ms\": %.3f, \"p99_ms\": %.3f, \"wrong_status\": %llu}\n",
         (unsigned long long)latencies.total, time - begin, percentile(0.5), percentile(0.99),
         (unsigned long long)wrong_status);
  return 0;
}

/* MARK: streams */

struct stream {
  int fd;
  enum { in_header, in_size, in_data, after_data, in_plain, closed } phase;
  size_t chunk;    /* bytes of the chunk that are still to come, or its size as far as it was read */
  size_t buffered; /* bytes of the event or header so far */
  uint64_t last;   /* id of the latest event */
  char text[event_room];
};

static struct {
  double from, to; /* times of publication that count */
  double read_at;
  uint64_t messages, lost, twice, closed, resets, reads;
  uint64_t first, last;
} seen;

/* "2026-01-31T12:34:56.789Z" as seconds of its day. */
static double second_of_day(const char *text) {
  int hour = atoi(text + 11), minute = atoi(text + 14);
  return hour * 3600 + minute * 60 + atof(text + 17);
}

static void take_event(struct stream *stream, char *text, size_t count) {
  uint64_t id = 0;
  for (char *line = text; line < text + count;) {
    char *end = memchr(line, '\n', (size_t)(text + count - line));
    if (end == NULL) end = text + count;
    if (end - line > 4 && memcmp(line, "id: ", 4) == 0) id = strtoull(line + 4, NULL, 10);
    if (end - line > 12 && memcmp(line, "event: reset", 12) == 0) seen.resets++;
    line = end + 1;
  }
  if (id == 0) return; /* a comment or `retry:` */
  if (stream->last != 0 && id > stream->last + 1) seen.lost += id - stream->last - 1;
  if (stream->last != 0 && id <= stream->last) seen.twice++;
  stream->last = id;
  char *at = memmem(text, count, "\"at\":\"", 6);
  if (at == NULL || seen.to == 0) return;
  double published = second_of_day(at + 6), today = seen.read_at - (double)((uint64_t)seen.read_at / 86400 * 86400);
  double age = today - published;
  if (age < -43200) age += 86400;
  double moment = seen.read_at - age;
  if (moment < seen.from || moment >= seen.to) return;
  seen.messages++;
  if (seen.first == 0 || id < seen.first) seen.first = id;
  if (id > seen.last) seen.last = id;
  note_latency(age);
}

/* Takes bytes of a body, without what chunks add. */
static void take_data(struct stream *stream, char *bytes, size_t count) {
  while (count > 0) {
    if (stream->buffered == 0) {
      char *end = memmem(bytes, count, "\n\n", 2);
      if (end != NULL) {
        size_t size = (size_t)(end - bytes) + 2;
        take_event(stream, bytes, size);
        bytes += size;
        count -= size;
        continue;
      }
    }
    if (stream->buffered == event_room) stream->buffered = 0;
    stream->text[stream->buffered++] = *bytes++;
    count--;
    if (stream->buffered >= 2 && memcmp(stream->text + stream->buffered - 2, "\n\n", 2) == 0) {
      take_event(stream, stream->text, stream->buffered);
      stream->buffered = 0;
    }
  }
}

static void take_header(struct stream *stream) {
  stream->text[stream->buffered] = '\0';
  if (strncmp(stream->text, "HTTP/1.1 200", 12) != 0) {
    fprintf(stderr, "load: no stream: %.300s\n", stream->text);
    exit(1);
  }
  stream->phase = strcasestr(stream->text, "transfer-encoding: chunked") != NULL ? in_size : in_plain;
  stream->buffered = stream->chunk = 0;
}

static void take_bytes(struct stream *stream, char *bytes, size_t count) {
  while (count > 0) {
    switch (stream->phase) {
      case in_header:
        if (stream->buffered + 1 >= event_room) fail("a header is too long");
        stream->text[stream->buffered++] = *bytes++;
        count--;
        if (stream->buffered >= 4 && memcmp(stream->text + stream->buffered - 4, "\r\n\r\n", 4) == 0)
          take_header(stream);
        break;
      case in_size:
        if (*bytes == '\n')
          stream->phase = stream->chunk > 0 ? in_data : in_plain;
        else if (*bytes != '\r')
          stream->chunk = stream->chunk * 16 + (size_t)(*bytes <= '9' ? *bytes - '0' : (*bytes | 0x20) - 'a' + 10);
        bytes++;
        count--;
        break;
      case in_data: {
        size_t piece = count < stream->chunk ? count : stream->chunk;
        take_data(stream, bytes, piece);
        bytes += piece;
        count -= piece;
        stream->chunk -= piece;
        if (stream->chunk == 0) stream->phase = after_data;
        break;
      }
      case after_data:
        if (*bytes++ == '\n') stream->phase = in_size;
        count--;
        break;
      case in_plain:
        take_data(stream, bytes, count);
        return;
      case closed: return;
    }
  }
}

static void read_streams(int poller, struct stream *streams, int clients, double until) {
  static char buffer[1 << 16];
  for (double time = now(CLOCK_MONOTONIC); time < until; time = now(CLOCK_MONOTONIC)) {
    struct epoll_event events[batch];
    int wait = (int)((until - time) * 1000) + 1;
    int count = epoll_wait(poller, events, batch, wait < 100 ? wait : 100);
    for (int index = 0; index < count; index++) {
      if (events[index].data.u64 == (uint64_t)clients) return; /* a command */
      struct stream *stream = &streams[events[index].data.u64];
      ssize_t size = recv(stream->fd, buffer, sizeof buffer, 0);
      if (size < 0 && errno == EAGAIN) continue;
      if (size <= 0) {
        seen.closed++;
        stream->phase = closed;
        close(stream->fd);
        continue;
      }
      seen.reads++;
      seen.read_at = now(CLOCK_REALTIME);
      take_bytes(stream, buffer, (size_t)size);
    }
  }
}

static void measure(int poller, struct stream *streams, int clients, double seconds, double drain) {
  uint64_t reads = seen.reads;
  memset(&latencies, 0, sizeof latencies);
  latencies.width = 0.1e-3;
  seen.messages = seen.lost = seen.twice = seen.resets = seen.first = seen.last = 0;
  seen.from = now(CLOCK_REALTIME);
  seen.to = seen.from + seconds;
  read_streams(poller, streams, clients, now(CLOCK_MONOTONIC) + seconds);
  reads = seen.reads - reads;
  uint64_t messages = seen.messages;
  read_streams(poller, streams, clients, now(CLOCK_MONOTONIC) + drain);
  uint64_t published = seen.last > 0 ? seen.last - seen.first + 1 : 0;
  printf(
      "{\"published\": %llu, \"messages\": %llu, \"expected\": %llu, \"lost\": %llu, \"twice\": %llu, "
      "\"closed\": %llu, \"resets\": %llu, \"per_read\": %.2f, \"p50_ms\": %.1f, \"p99_ms\": %.1f, \"max_ms\": %.1f}\n",
      (unsigned long long)published, (unsigned long long)seen.messages,
      (unsigned long long)(published * (uint64_t)clients), (unsigned long long)seen.lost,
      (unsigned long long)seen.twice, (unsigned long long)seen.closed, (unsigned long long)seen.resets,
      reads > 0 ? (double)messages / (double)reads : 0, percentile(0.5), percentile(0.99), latencies.highest * 1000);
  fflush(stdout);
  seen.to = 0;
}

static int streams(int port, const char *path, int clients) {
  struct stream *streams = calloc((size_t)clients, sizeof *streams);
  char request[512], line[128];
  int poller = epoll_create1(EPOLL_CLOEXEC);
  int length = snprintf(request, sizeof request,
                        "GET %s HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n", path);
  for (int index = 0; index < clients; index++) {
    streams[index].fd = connect_to(port);
    send_all(streams[index].fd, request, (size_t)length);
    watch(poller, streams[index].fd, (uint64_t)index);
    if (index % 100 == 99) read_streams(poller, streams, clients, now(CLOCK_MONOTONIC) + 0.01);
  }
  bool all = false;
  for (int round = 0; round < 600 && !all; round++) {
    read_streams(poller, streams, clients, now(CLOCK_MONOTONIC) + 0.1);
    all = true;
    for (int index = 0; index < clients && all; index++) all = streams[index].phase != in_header;
  }
  if (!all) fail("not every stream was answered");
  printf("{\"connected\": %d}\n", clients);
  fflush(stdout);
  setvbuf(stdin, NULL, _IONBF, 0);
  struct epoll_event event = {.events = EPOLLIN, .data.u64 = (uint64_t)clients};
  for (;;) {
    epoll_ctl(poller, EPOLL_CTL_ADD, STDIN_FILENO, &event);
    read_streams(poller, streams, clients, now(CLOCK_MONOTONIC) + 3600);
    epoll_ctl(poller, EPOLL_CTL_DEL, STDIN_FILENO, &event);
    double seconds, drain;
    if (fgets(line, sizeof line, stdin) == NULL || strncmp(line, "quit", 4) == 0) return 0;
    if (sscanf(line, "measure %lf %lf", &seconds, &drain) == 2) measure(poller, streams, clients, seconds, drain);
  }
}

int main(int count, char **arguments) {
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  if (count == 7 && strcmp(arguments[1], "json") == 0)
    return requests(atoi(arguments[2]), arguments[3], atoi(arguments[4]), atof(arguments[5]), arguments[6]);
  if (count == 5 && strcmp(arguments[1], "streams") == 0)
    return streams(atoi(arguments[2]), arguments[3], atoi(arguments[4]));
  fprintf(stderr, "usage: load json PORT PATH CONNECTIONS SECONDS STATUS | load streams PORT PATH CLIENTS\n");
  return 64;
}
