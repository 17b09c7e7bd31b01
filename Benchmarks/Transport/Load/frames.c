#include "load.h"
#include <string.h>

enum { FINAL_BINARY = 0x82, MASKED = 0x80, STAMP = 8 };

size_t frame_write(uint8_t *bytes, size_t size, uint64_t stamp) {
    size_t at = 0;
    bytes[at++] = FINAL_BINARY;
    int length_bytes = size < 126 ? 0 : size < 65536 ? 2 : 8;
    bytes[at++] = (uint8_t)(MASKED | (length_bytes == 0 ? size : length_bytes == 2 ? 126 : 127));
    for (int index = length_bytes - 1; index >= 0; index--) bytes[at++] = (uint8_t)(size >> (8 * index));
    memset(bytes + at, 0, 4);
    at += 4;
    memcpy(bytes + at, &stamp, STAMP);
    return at + size;
}

/// How many bytes the head has, the stamp included, as far as its first two tell; 2 before that.
static size_t head_size(const struct client *client) {
    if (client->head_count < 2) return 2;
    uint8_t length = client->head[1] & 0x7F;
    size_t extra = length == 127 ? 8 : length == 126 ? 2 : 0;
    return 2 + extra + (length < STAMP ? length : STAMP);
}

static uint64_t payload_size(const struct client *client) {
    uint8_t length = client->head[1] & 0x7F;
    int extra = length == 127 ? 8 : length == 126 ? 2 : 0;
    if (extra == 0) return length;
    uint64_t size = 0;
    for (int index = 0; index < extra; index++) size = size << 8 | client->head[2 + index];
    return size;
}

static void begin_frame(struct client *client) {
    size_t stamp_size = (client->head[1] & 0x7F) < STAMP ? (client->head[1] & 0x7F) : STAMP;
    client->stamp = 0;
    memcpy(&client->stamp, client->head + client->head_count - stamp_size, stamp_size);
    client->rest = payload_size(client) - stamp_size;
    client->in_frame = true;
}

static void end_frame(struct client *client, uint64_t now, frame_handler handler) {
    bool is_data = (client->head[0] & 0x08) == 0;
    client->in_frame = false;
    client->head_count = 0;
    if (is_data) handler(client, client->stamp, now);
}

void frames_read(struct client *client, const uint8_t *bytes, size_t count, uint64_t now, frame_handler handler) {
    while (count > 0) {
        if (!client->in_frame) {
            size_t wanted = head_size(client) - client->head_count;
            size_t taken = wanted < count ? wanted : count;
            memcpy(client->head + client->head_count, bytes, taken);
            client->head_count += taken;
            bytes += taken;
            count -= taken;
            if (client->head_count < 2 || client->head_count < head_size(client)) continue;
            begin_frame(client);
        }
        uint64_t taken = client->rest < count ? client->rest : count;
        client->rest -= taken;
        bytes += taken;
        count -= (size_t)taken;
        if (client->rest == 0) end_frame(client, now, handler);
    }
}
