// The load generator of the transport benchmarks: one thread, epoll, plain or TLS; it speaks just enough WebSocket and HTTP.
#pragma once
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { NANOSECONDS = 1000000000 };

/// What was asked for on the command line.
struct options {
    const char *scenario;
    int port;
    bool tls;
    /// Of the server; its processor time and memory are read.
    pid_t server;
    int topics;
    /// Of each topic, or connections in all.
    int listeners;
    /// Of those, how many read nothing.
    int stalled;
    /// Messages a second for each topic; 0 sends as soon as few are outstanding.
    double rate;
    int window;
    size_t size;
    double warmup, seconds;
    /// Appended to the path of listeners.
    const char *query;
    /// For GET.
    const char *path, *token;
    /// Keeps the connections until standard input ends, so that somebody can look at them.
    bool hold;
};

/// One connection; incoming frames are counted as they pass, never kept.
struct client {
    int socket;
    SSL *tls;
    /// The head of the frame that is arriving, and the first 8 bytes of its payload.
    uint8_t head[18];
    size_t head_count;
    /// Bytes of the payload still to come after the head.
    uint64_t rest;
    uint64_t stamp;
    bool in_frame;
    /// A frame that is going out.
    const uint8_t *out;
    size_t out_count;
    /// When the request under way was sent, and what has come of its answer.
    uint64_t asked;
    char *answer;
    size_t answer_count;
};

/// Called for each whole data frame with the time in its payload.
typedef void (*frame_handler)(struct client *, uint64_t stamp, uint64_t now);

// clock.c
uint64_t now_ns(void);
void samples_clear(void);
void samples_add(uint64_t nanoseconds);
uint64_t samples_count(void);
/// In milliseconds.
double samples_at(double fraction);

// process.c
/// Processor time of all its threads, ended ones too, in seconds.
double process_seconds(pid_t process);
/// A line of /proc/PID/status, in KiB.
long process_memory(pid_t process, const char *name);
double own_seconds(void);

// client.c
void clients_setup(const struct options *options);
/// Connects all and sends `GET path` as an upgrade; small receive buffers for those that will not read.
void clients_open(struct client *clients, int count, const struct options *options, const char *path, bool small);
/// Connects without asking for anything.
void client_dial(struct client *client, const struct options *options, bool small);
void client_unblock(struct client *client);
/// As recv and send: -1 with EAGAIN when the socket is not ready.
ssize_t client_receive(struct client *client, void *bytes, size_t count);
ssize_t client_send(struct client *client, const void *bytes, size_t count);
/// Reads until nothing is left; false when the connection is over.
bool client_drain(struct client *client, frame_handler handler);

// frames.c
/// Writes a masked binary frame whose payload begins with `stamp`; the mask is zero, which RFC 6455 allows.
size_t frame_write(uint8_t *bytes, size_t size, uint64_t stamp);
void frames_read(struct client *client, const uint8_t *bytes, size_t count, uint64_t now, frame_handler handler);

// Scenarios; each prints one line of JSON.
void run_fan(const struct options *options);
void run_echo(const struct options *options);
void run_idle(const struct options *options);
void run_get(const struct options *options);
void run_sessions(const struct options *options);

/// Prints why and ends the program.
_Noreturn void fail(const char *why);
