#include "load.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

// The whole server: sessions with a queue of their own, each with some listeners that obey PROTOCOL.md. All play what
// comes in real time and report every 250 ms; the delay is from a report to the frames that it lets through.

enum { REPORT_NS = NANOSECONDS / 4, AUDIO_OUT = 2, WORDS = 400 };

/// What one listener knows.
struct player {
    struct client client;
    char listener[64], job[64];
    int session;
    bool leads;
    /// When the first frame came; 0 before.
    uint64_t began, next_report, reported;
};

static struct player *players;
static int player_count;
static uint64_t frames;
static bool is_measuring;

static void say(struct player *player, const char *text) {
    uint8_t frame[8192];
    size_t count = strlen(text);
    size_t total = frame_write(frame, count, 0);
    frame[0] = 0x81;
    memcpy(frame + total - count, text, count);
    if (client_send(&player->client, frame, total) != (ssize_t)total) fail("a command could not be sent");
}

static void copy_member(char *target, size_t size, const char *text, const char *name) {
    char key[64];
    snprintf(key, sizeof key, "\"%s\":\"", name);
    const char *found = strstr(text, key);
    if (!found) return;
    found += strlen(key);
    snprintf(target, size, "%.*s", (int)strcspn(found, "\""), found);
}

static void speak(struct player *player) {
    char command[4096];
    int count = snprintf(command, sizeof command, "{\"type\":\"speak\",\"voice\":\"tone\",\"text\":\"");
    for (int word = 0; word < WORDS; word++) count += snprintf(command + count, sizeof command - (size_t)count, "%s ", "speech");
    snprintf(command + count, sizeof command - (size_t)count, ".\"}");
    say(player, command);
}

static void report(struct player *player, const char *state, double position_ms) {
    char command[512];
    snprintf(command, sizeof command,
        "{\"type\":\"playback\",\"job_id\":\"%s\",\"listener_id\":\"%s\",\"state\":\"%s\",\"position_ms\":%.3f}",
        player->job, player->listener, state, position_ms);
    say(player, command);
}

static void took_audio(struct player *player, uint64_t now) {
    frames++;
    if (is_measuring && player->reported > 0) samples_add(now - player->reported);
    player->reported = 0;
    if (player->began > 0) return;
    player->began = now;
    player->next_report = now + REPORT_NS;
    report(player, "started", 0);
}

static void took_text(struct player *player, const char *text) {
    if (strstr(text, "\"type\":\"error\"") || strstr(text, "listener.failed")) fail(text);
    if (strstr(text, "\"type\":\"welcome\"")) {
        say(player, "{\"type\":\"listener.open\",\"req\":1,\"kind\":\"transport-load\"}");
    } else if (strstr(text, "\"type\":\"audio.begin\"")) {
        copy_member(player->job, sizeof player->job, text, "job_id");
        player->began = 0;
    } else if (!*player->listener) {
        copy_member(player->listener, sizeof player->listener, text, "listener_id");
    }
}

/// Takes whole frames out of what has come; the rest waits at the front of the buffer.
static void took(struct player *player, uint64_t now) {
    struct client *client = &player->client;
    uint8_t *bytes = (uint8_t *)client->answer;
    size_t at = 0;
    while (client->answer_count - at >= 4) {
        size_t length = bytes[at + 1] & 0x7F, head = length == 126 ? 4 : 2;
        if (length == 127) fail("a frame larger than 64 KiB");
        if (length == 126) length = (size_t)bytes[at + 2] << 8 | bytes[at + 3];
        if (client->answer_count - at < head + length) break;
        uint8_t *payload = bytes + at + head;
        if (bytes[at] == 0x82 && length > 16 && payload[1] == AUDIO_OUT) took_audio(player, now);
        if (bytes[at] == 0x81) {
            char text[4096];
            snprintf(text, sizeof text, "%.*s", (int)length, (char *)payload);
            took_text(player, text);
        }
        if (bytes[at] == 0x88) fail("the server closed a connection");
        at += head + length;
    }
    memmove(bytes, bytes + at, client->answer_count - at);
    client->answer_count -= at;
}

enum { BUFFER = 512 * 1024 };

static void ready(struct player *player) {
    struct client *client = &player->client;
    while (true) {
        ssize_t count = client_receive(client, client->answer + client->answer_count, BUFFER - client->answer_count);
        if (count < 0 && errno == EAGAIN) return;
        if (count <= 0) fail("the server closed a connection");
        client->answer_count += (size_t)count;
        took(player, now_ns());
    }
}

static void report_due(uint64_t now) {
    for (int index = 0; index < player_count; index++) {
        struct player *player = &players[index];
        if (player->began == 0 || now < player->next_report) continue;
        player->next_report += REPORT_NS;
        player->reported = now_ns();
        report(player, "progress", (double)(now - player->began) / 1e6);
    }
}

static void run_until(int poller, uint64_t end) {
    struct epoll_event events[64];
    for (uint64_t now = now_ns(); now < end; now = now_ns()) {
        report_due(now);
        int count = epoll_wait(poller, events, 64, 1);
        for (int index = 0; index < count; index++) ready(events[index].data.ptr);
    }
}

static void open_all(const struct options *options, int poller) {
    player_count = options->topics * options->listeners;
    players = calloc((size_t)player_count, sizeof *players);
    for (int index = 0; index < player_count; index++) {
        struct player *player = &players[index];
        char hello[512];
        clients_open(&player->client, 1, options, "/v1/ws", false);
        player->client.answer = malloc(BUFFER);
        player->session = index % options->topics;
        player->leads = index < options->topics;
        snprintf(hello, sizeof hello, "{\"type\":\"hello\",\"token\":\"%s\",\"session\":{\"session_id\":\"load-%d\"}}",
            options->token, player->session);
        say(player, hello);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = player};
        epoll_ctl(poller, EPOLL_CTL_ADD, player->client.socket, &event);
    }
}

void run_sessions(const struct options *options) {
    int poller = epoll_create1(0);
    open_all(options, poller);
    run_until(poller, now_ns() + NANOSECONDS);
    for (int index = 0; index < player_count; index++) {
        if (!*players[index].listener) fail("a listener was not opened");
        if (players[index].leads) speak(&players[index]);
    }
    run_until(poller, now_ns() + (uint64_t)(options->warmup * NANOSECONDS));

    uint64_t before = frames, start = now_ns();
    double server = process_seconds(options->server), own = own_seconds();
    is_measuring = true;
    run_until(poller, start + (uint64_t)(options->seconds * NANOSECONDS));
    double elapsed = (double)(now_ns() - start) / NANOSECONDS, count = (double)(frames - before);
    server = process_seconds(options->server) - server;
    printf("{\"deliveries\": %.0f, \"per_second\": %.0f, \"cpu_us\": %.4f, \"p50_ms\": %.3f, \"p99_ms\": %.3f, "
           "\"server_share\": %.3f, \"load_share\": %.3f, \"memory\": %ld}\n",
           count, count / elapsed, server / count * 1e6, samples_at(0.5), samples_at(0.99), server / elapsed,
           (own_seconds() - own) / elapsed, process_memory(options->server, "VmRSS"));
}
