#include "load.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

// Scenarios in which connections have nothing to do with each other: echo, GET, idle.

static uint8_t *frame;
static size_t frame_size;
static bool is_measuring;

static void send_whole(struct client *client, const void *bytes, size_t count) {
    if (client_send(client, bytes, count) != (ssize_t)count) fail("a request could not be sent");
}

static void echoed(struct client *client, uint64_t stamp, uint64_t now) {
    if (is_measuring) samples_add(now - stamp);
    size_t count = frame_write(frame, frame_size, now_ns());
    send_whole(client, frame, count);
}

/// Turns until the time is over; `ready` takes what has come on one connection.
static void run_until(int poller, uint64_t end, void (*ready)(struct client *)) {
    struct epoll_event events[256];
    while (now_ns() < end) {
        int count = epoll_wait(poller, events, 256, 50);
        for (int index = 0; index < count; index++) ready(events[index].data.ptr);
    }
}

/// Measures what `ready` does and prints it.
static void measure(const struct options *options, int poller, void (*ready)(struct client *)) {
    run_until(poller, now_ns() + (uint64_t)(options->warmup * NANOSECONDS), ready);
    uint64_t start = now_ns();
    double server = process_seconds(options->server), own = own_seconds();
    is_measuring = true;
    run_until(poller, start + (uint64_t)(options->seconds * NANOSECONDS), ready);
    double elapsed = (double)(now_ns() - start) / NANOSECONDS, count = (double)samples_count();
    server = process_seconds(options->server) - server;
    printf("{\"round_trips\": %.0f, \"per_second\": %.0f, \"cpu_us\": %.4f, \"p50_ms\": %.3f, \"p99_ms\": %.3f, "
           "\"server_share\": %.3f, \"load_share\": %.3f}\n",
           count, count / elapsed, server / count * 1e6, samples_at(0.5), samples_at(0.99), server / elapsed,
           (own_seconds() - own) / elapsed);
}

static void watch(int poller, struct client *clients, int count) {
    for (int index = 0; index < count; index++) {
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &clients[index]};
        epoll_ctl(poller, EPOLL_CTL_ADD, clients[index].socket, &event);
    }
}

static void take_echo(struct client *client) {
    if (!client_drain(client, echoed)) fail("the server closed a connection");
}

void run_echo(const struct options *options) {
    int poller = epoll_create1(0);
    struct client *clients = calloc((size_t)options->listeners, sizeof *clients);
    frame_size = options->size;
    frame = calloc(1, frame_size + 16);
    clients_open(clients, options->listeners, options, "/echo", false);
    watch(poller, clients, options->listeners);
    for (int index = 0; index < options->listeners; index++) echoed(&clients[index], 0, 0);
    measure(options, poller, take_echo);
}

// GET: small answers with a Content-Length, in one piece or in few.

enum { ANSWER_BYTES = 16 * 1024 };
static char request[1024];
static size_t request_size;

static void ask(struct client *client) {
    client->asked = now_ns();
    send_whole(client, request, request_size);
}

/// How many bytes an answer has, from its head; 0 while that is not complete.
static size_t answer_size(const char *answer) {
    const char *end = strstr(answer, "\r\n\r\n"), *length = strcasestr(answer, "\r\nContent-Length:");
    if (!end) return 0;
    if (strncmp(answer, "HTTP/1.1 200", 12) != 0 || !length || length > end) fail(answer);
    return (size_t)(end + 4 - answer) + (size_t)atol(length + strlen("\r\nContent-Length:"));
}

static void take_answer(struct client *client) {
    ssize_t count = client_receive(client, client->answer + client->answer_count, ANSWER_BYTES - 1 - client->answer_count);
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) fail("the server closed a connection, or its answer is too large");
    client->answer_count += (size_t)count;
    client->answer[client->answer_count] = 0;
    size_t size = answer_size(client->answer);
    if (size == 0 || client->answer_count < size) return;
    client->answer_count = 0;
    if (is_measuring) samples_add(now_ns() - client->asked);
    ask(client);
}

void run_get(const struct options *options) {
    int poller = epoll_create1(0);
    struct client *clients = calloc((size_t)options->listeners, sizeof *clients);
    bool has_token = *options->token != 0;
    request_size = (size_t)snprintf(
        request, sizeof request, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUser-Agent: transport-load\r\nAccept: */*\r\n%s%s%s\r\n",
        options->path, options->port, has_token ? "Authorization: Bearer " : "", options->token, has_token ? "\r\n" : "");
    for (int index = 0; index < options->listeners; index++) {
        clients[index].answer = malloc(ANSWER_BYTES);
        client_dial(&clients[index], options, false);
        client_unblock(&clients[index]);
        ask(&clients[index]);
    }
    watch(poller, clients, options->listeners);
    measure(options, poller, take_answer);
}

void run_idle(const struct options *options) {
    // The first few make the server load its code and its tables.
    enum { FIRST = 64 };
    struct client *clients = calloc((size_t)options->listeners + FIRST, sizeof *clients);
    clients_open(clients, FIRST, options, options->path, false);
    sleep(1);
    long before = process_memory(options->server, "VmRSS");
    clients_open(clients + FIRST, options->listeners, options, options->path, false);
    sleep(1);
    long after = process_memory(options->server, "VmRSS");
    printf("{\"connections\": %d, \"memory_before\": %ld, \"memory\": %ld, \"each_kib\": %.3f}\n", options->listeners,
           before, after, (double)(after - before) / options->listeners);
}
