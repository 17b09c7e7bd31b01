// OpenSSL, and what it offers only as macros or by functions that take any number of arguments.
#pragma once
#include <errno.h>
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <arpa/inet.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

/// A new key on the curve P-256; NULL if there is none to be had.
static inline EVP_PKEY *hearsay_new_key(void) { return EVP_EC_gen("P-256"); }

/// What a memory BIO holds.
static inline long hearsay_memory(BIO *bio, char **bytes) { return BIO_get_mem_data(bio, bytes); }

// The alternative names of a certificate, whose list type is made of macros.

static inline int hearsay_name_count(GENERAL_NAMES *names) { return sk_GENERAL_NAME_num(names); }

static inline void hearsay_free_names(GENERAL_NAMES *names) { GENERAL_NAMES_free(names); }

/// The bytes of a host name or an address; NULL for names of other kinds.
static inline int hearsay_name(GENERAL_NAMES *names, int index, int *kind, const unsigned char **bytes) {
    ASN1_STRING *value = (ASN1_STRING *)GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names, index), kind);
    if (*kind != GEN_DNS && *kind != GEN_IPADD) return 0;
    *bytes = ASN1_STRING_get0_data(value);
    return ASN1_STRING_length(value);
}

static inline void hearsay_set_modes(SSL_CTX *context) {
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_read_ahead(context, 1);
}

static inline uint64_t hearsay_tls_options(void) {
    return SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE |
           SSL_OP_PRIORITIZE_CHACHA;
}

/// Takes `http/1.1` of what a client offers, else `http/1.0`; one that offers only others is told so.
static inline int hearsay_choose_protocol(SSL *session, const unsigned char **chosen, unsigned char *length,
                                          const unsigned char *offered, unsigned int count, void *argument) {
    static const unsigned char ours[] = "\x08http/1.1\x08http/1.0";
    (void)session, (void)argument;
    int found = SSL_select_next_proto((unsigned char **)chosen, length, ours, sizeof ours - 1, offered, count);
    return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

static inline void hearsay_prefer_http1(SSL_CTX *context) {
    SSL_CTX_set_alpn_select_cb(context, hearsay_choose_protocol, NULL);
}

static inline void hearsay_believe_any_listed(SSL_CTX *context) {
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context), X509_V_FLAG_PARTIAL_CHAIN);
}

static inline int hearsay_set_least_version(SSL_CTX *context) {
    return (int)SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
}

/// Elliptic curves only: OpenSSL's own choice has finite fields too, whose arithmetic a stranger could have us do.
static inline int hearsay_set_groups(SSL_CTX *context) {
    return (int)SSL_CTX_set1_groups_list(context, "X25519:P-256:P-384");
}

static inline void hearsay_forget_sessions(SSL_CTX *context) {
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
}

/// Takes a reference of its own.
static inline int hearsay_add_chain_certificate(SSL_CTX *context, X509 *certificate) {
    return (int)SSL_CTX_add1_chain_cert(context, certificate);
}

static inline int hearsay_set_server_name(SSL *session, const char *name) {
    return (int)SSL_set_tlsext_host_name(session, name);
}

/// Why something failed, among the reasons of its library.
static inline int hearsay_reason(unsigned long error) { return ERR_GET_REASON(error); }

/// Clears `errno` too: at the end of a connection OpenSSL leaves it as it finds it.
static inline void hearsay_clear_errors(void) {
    ERR_clear_error();
    errno = 0;
}

// A socket as OpenSSL reads and writes it. OpenSSL's own kind raises SIGPIPE when the other end is gone.

static inline int hearsay_socket_write(BIO *bio, const char *bytes, int count) {
    BIO_clear_retry_flags(bio);
    int written = (int)send((int)(intptr_t)BIO_get_data(bio), bytes, (size_t)count, MSG_NOSIGNAL);
    if (written < 0 && (errno == EAGAIN || errno == EINTR)) BIO_set_retry_write(bio);
    return written;
}

static inline int hearsay_socket_read(BIO *bio, char *bytes, int count) {
    BIO_clear_retry_flags(bio);
    int received = (int)recv((int)(intptr_t)BIO_get_data(bio), bytes, (size_t)count, 0);
    if (received < 0 && (errno == EAGAIN || errno == EINTR)) BIO_set_retry_read(bio);
    if (received == 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
    return received;
}

static inline long hearsay_socket_control(BIO *bio, int command, long number, void *pointer) {
    (void)number, (void)pointer;
    if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0;
    return command == BIO_CTRL_FLUSH;
}

/// The kind of all sockets; made once, and never freed. NULL without memory.
static inline BIO_METHOD *hearsay_socket_method(void) {
    BIO_METHOD *method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "hearsay socket");
    if (!method) return NULL;
    BIO_meth_set_write(method, hearsay_socket_write);
    BIO_meth_set_read(method, hearsay_socket_read);
    BIO_meth_set_ctrl(method, hearsay_socket_control);
    return method;
}

/// Reads and writes a socket that stays its owner's; 0 without memory.
static inline int hearsay_attach_socket(SSL *session, const BIO_METHOD *method, int socket) {
    BIO *bio = BIO_new(method);
    if (!bio) return 0;
    BIO_set_data(bio, (void *)(intptr_t)socket);
    BIO_set_init(bio, 1);
    SSL_set_bio(session, bio, bio);
    return 1;
}
