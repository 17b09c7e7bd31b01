#include "load.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

// Publishers send stamped frames, each to the listeners of its own topic; the time of arrival is compared with the stamp.

static uint64_t delivered;
static bool is_measuring;

struct publisher {
    struct client client;
    uint8_t *frame;
    uint64_t sent, due;
};

struct fan {
    const struct options *options;
    int poller;
    struct publisher *publishers;
    struct client *listeners;
    int listener_count, stalled_count, closed_count;
};

static void arrived(struct client *client, uint64_t stamp, uint64_t now) {
    (void)client;
    delivered++;
    if (is_measuring) samples_add(now > stamp ? now - stamp : 0);
}

static void watch(int poller, struct client *client, uint32_t events) {
    struct epoll_event event = {.events = events, .data.ptr = client};
    epoll_ctl(poller, EPOLL_CTL_ADD, client->socket, &event);
}

static void open_all(struct fan *fan) {
    const struct options *options = fan->options;
    fan->listener_count = options->topics * options->listeners;
    fan->listeners = calloc((size_t)fan->listener_count, sizeof *fan->listeners);
    fan->publishers = calloc((size_t)options->topics, sizeof *fan->publishers);
    char path[256];
    for (int topic = 0; topic < options->topics; topic++) {
        struct client *first = &fan->listeners[topic * options->listeners];
        int stalled = options->stalled;
        snprintf(path, sizeof path, "/sub?topic=%d%s", topic, options->query);
        clients_open(first, stalled, options, path, true);
        clients_open(first + stalled, options->listeners - stalled, options, path, false);
        for (int index = stalled; index < options->listeners; index++) watch(fan->poller, first + index, EPOLLIN);
        fan->stalled_count += stalled;
        struct publisher *publisher = &fan->publishers[topic];
        snprintf(path, sizeof path, "/pub?topic=%d", topic);
        clients_open(&publisher->client, 1, options, path, false);
        publisher->frame = calloc(1, options->size + 16);
    }
}

static void send_rest(struct publisher *publisher) {
    struct client *client = &publisher->client;
    while (client->out_count > 0) {
        ssize_t count = client_send(client, client->out, client->out_count);
        if (count < 0 && errno == EAGAIN) return;
        if (count <= 0) fail("a publisher was cut off");
        client->out += count;
        client->out_count -= (size_t)count;
    }
}

static void publish(struct fan *fan, struct publisher *publisher) {
    publisher->client.out = publisher->frame;
    publisher->client.out_count = frame_write(publisher->frame, fan->options->size, now_ns());
    publisher->sent++;
    send_rest(publisher);
}

/// Sends what is due.
///
/// Returns nanoseconds until something else will be.
static uint64_t publish_due(struct fan *fan) {
    const struct options *options = fan->options;
    uint64_t soonest = NANOSECONDS / 10;
    int live = fan->listener_count - fan->stalled_count;
    for (int topic = 0; topic < options->topics; topic++) {
        struct publisher *publisher = &fan->publishers[topic];
        if (publisher->client.out_count > 0) {
            send_rest(publisher);
            soonest = NANOSECONDS / 1000;
            continue;
        }
        if (options->rate <= 0) {
            if (publisher->sent - delivered / (uint64_t)live < (uint64_t)options->window) publish(fan, publisher);
            continue;
        }
        uint64_t now = now_ns(), interval = (uint64_t)(NANOSECONDS / options->rate);
        if (now >= publisher->due) {
            publish(fan, publisher);
            publisher->due += interval;
        }
        uint64_t wait = publisher->due > now ? publisher->due - now : 0;
        if (wait < soonest) soonest = wait;
    }
    return soonest;
}

static void turn(struct fan *fan) {
    // Few events a turn, so that the publishers keep their beat.
    enum { EVENTS = 64 };
    struct epoll_event events[EVENTS];
    uint64_t wait = publish_due(fan);
    struct timespec limit = {.tv_sec = 0, .tv_nsec = (long)wait};
    int count = epoll_pwait2(fan->poller, events, EVENTS, &limit, NULL);
    for (int index = 0; index < count; index++) {
        struct client *client = events[index].data.ptr;
        if (client_drain(client, arrived)) continue;
        fan->closed_count++;
        epoll_ctl(fan->poller, EPOLL_CTL_DEL, client->socket, NULL);
    }
}

static uint64_t sent_by_all(const struct fan *fan) {
    uint64_t sent = 0;
    for (int topic = 0; topic < fan->options->topics; topic++) sent += fan->publishers[topic].sent;
    return sent;
}

static void run_until(struct fan *fan, uint64_t end) {
    while (now_ns() < end) turn(fan);
}

void run_fan(const struct options *options) {
    struct fan fan = {.options = options, .poller = epoll_create1(0)};
    open_all(&fan);
    long memory_before = process_memory(options->server, "VmRSS");
    uint64_t began = now_ns();
    for (int topic = 0; topic < options->topics; topic++) {
        // Topics beat one after the other, spread over the interval.
        double interval = options->rate > 0 ? NANOSECONDS / options->rate : 0;
        fan.publishers[topic].due = began + (uint64_t)(interval * topic / options->topics);
    }
    run_until(&fan, began + (uint64_t)(options->warmup * NANOSECONDS));

    uint64_t sent = sent_by_all(&fan), start = now_ns();
    double server = process_seconds(options->server), own = own_seconds();
    is_measuring = true;
    run_until(&fan, start + (uint64_t)(options->seconds * NANOSECONDS));
    is_measuring = false;
    double elapsed = (double)(now_ns() - start) / NANOSECONDS;
    server = process_seconds(options->server) - server;
    sent = sent_by_all(&fan) - sent;

    double count = (double)samples_count();
    double expected = (double)sent * (options->listeners - options->stalled);
    printf("{\"deliveries\": %.0f, \"per_second\": %.0f, \"offered\": %.0f, \"delivered_share\": %.5f, \"cpu_us\": %.4f, "
           "\"p50_ms\": %.3f, \"p99_ms\": %.3f, \"server_share\": %.3f, \"load_share\": %.3f, \"closed\": %d, "
           "\"sent\": %.0f, \"server_seconds\": %.4f, \"memory_before\": %ld, \"memory\": %ld, \"memory_peak\": %ld}\n",
           count, count / elapsed, expected / elapsed, expected > 0 ? count / expected : 0, server / count * 1e6,
           samples_at(0.5), samples_at(0.99), server / elapsed, (own_seconds() - own) / elapsed, fan.closed_count,
           (double)sent, server, memory_before, process_memory(options->server, "VmRSS"),
           process_memory(options->server, "VmHWM"));
}
