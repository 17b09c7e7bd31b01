#include "load.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static SSL_CTX *tls_context;
static uint8_t buffer[256 * 1024];

void clients_setup(const struct options *options) {
    if (!options->tls) return;
    tls_context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_mode(tls_context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
}

void client_dial(struct client *client, const struct options *options, bool small) {
    int one = 1, bytes = 4096;
    client->socket = socket(AF_INET, SOCK_STREAM, 0);
    if (small) setsockopt(client->socket, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
    setsockopt(client->socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)options->port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(client->socket, (struct sockaddr *)&address, sizeof address) != 0) fail("the server refuses a connection");
    if (!tls_context) return;
    client->tls = SSL_new(tls_context);
    SSL_set_fd(client->tls, client->socket);
    if (SSL_connect(client->tls) != 1) fail("the TLS handshake failed");
}

void client_unblock(struct client *client) {
    fcntl(client->socket, F_SETFL, fcntl(client->socket, F_GETFL) | O_NONBLOCK);
}

static void ask_upgrade(struct client *client, const struct options *options, const char *path) {
    char request[512];
    int count = snprintf(request, sizeof request,
        "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: aGVhcnNheS1iZW5jaG1hcg==\r\n\r\n",
        path, options->port);
    if (client_send(client, request, (size_t)count) != count) fail("an upgrade could not be sent");
}

/// Reads the answer byte by byte, so that nothing behind it is swallowed.
static void await_upgrade(struct client *client) {
    char answer[2048];
    size_t count = 0;
    while (count < 4 || memcmp(answer + count - 4, "\r\n\r\n", 4) != 0) {
        if (count == sizeof answer || client_receive(client, answer + count, 1) != 1) fail("an upgrade was not answered");
        count++;
    }
    if (memcmp(answer, "HTTP/1.1 101", 12) != 0) fail("an upgrade was refused");
    client_unblock(client);
}

void clients_open(struct client *clients, int count, const struct options *options, const char *path, bool small) {
    enum { BATCH = 64 };
    for (int first = 0; first < count; first += BATCH) {
        int end = first + BATCH < count ? first + BATCH : count;
        for (int index = first; index < end; index++) {
            client_dial(&clients[index], options, small);
            ask_upgrade(&clients[index], options, path);
        }
        for (int index = first; index < end; index++) await_upgrade(&clients[index]);
    }
}

static ssize_t tls_result(SSL *tls, int count) {
    if (count > 0) return count;
    int error = SSL_get_error(tls, count);
    if (error == SSL_ERROR_ZERO_RETURN) return 0;
    errno = error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? EAGAIN : EIO;
    return -1;
}

ssize_t client_receive(struct client *client, void *bytes, size_t count) {
    if (!client->tls) return recv(client->socket, bytes, count, 0);
    return tls_result(client->tls, SSL_read(client->tls, bytes, (int)count));
}

ssize_t client_send(struct client *client, const void *bytes, size_t count) {
    if (!client->tls) return send(client->socket, bytes, count, MSG_NOSIGNAL);
    return tls_result(client->tls, SSL_write(client->tls, bytes, (int)count));
}

bool client_drain(struct client *client, frame_handler handler) {
    while (true) {
        ssize_t count = client_receive(client, buffer, sizeof buffer);
        if (count < 0 && errno == EAGAIN) return true;
        if (count <= 0) return false;
        frames_read(client, buffer, (size_t)count, now_ns(), handler);
        // A short read of a plain socket took all there was; OpenSSL gives one record a call.
        if (!client->tls && (size_t)count < sizeof buffer) return true;
    }
}
