// The floor of the comparison: a loop on epoll that only moves and unmasks bytes, and checks nothing. What a WebSocket server
// costs beside this is its own.
//
//   floor echo|broadcast
//
// It binds a free port of 127.0.0.1, prints "listening PORT", and ends with stdin. It answers the opening handshake, echoes
// each frame as its bytes come (it reassembles nothing), and echoes a Close frame and closes. In broadcast mode, what one read
// brought goes to all connections, in one write for each.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define READ_BYTES (64 * 1024)
#define MAX_HEADER 14
#define EVENTS 1024
#define BACKLOG 8192

struct connection {
    int fd;
    int index; // in the list of all
    int upgraded;
    int closing; // a Close frame was echoed: the stream ends when all is sent
    uint64_t left; // payload of the frame under way that has still to come
    uint64_t key; // twice the masking key, as it lies in memory, turned to the next payload byte
    unsigned char part[MAX_HEADER]; // of a header that is not complete
    int part_bytes;
    unsigned char *unsent;
    size_t unsent_bytes, unsent_at;
};

static int epoll;
static int broadcasting;
static struct connection **all;
static int all_count, all_room;
static unsigned char input[READ_BYTES + MAX_HEADER];
static unsigned char output[READ_BYTES + MAX_HEADER];

static void die(const char *what) {
    perror(what);
    exit(1);
}

// ---- SHA-1 and base64, for the opening handshake (RFC 6455 §4.2.2) ----

static uint32_t rotate(uint32_t value, int bits) {
    return value << bits | value >> (32 - bits);
}

static void sha1_block(uint32_t state[5], const unsigned char *block) {
    uint32_t w[80];
    for (int i = 0; i < 16; i++) {
        w[i] = (uint32_t)block[4 * i] << 24 | block[4 * i + 1] << 16 | block[4 * i + 2] << 8 | block[4 * i + 3];
    }
    for (int i = 16; i < 80; i++) {
        w[i] = rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    }
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
    for (int i = 0; i < 80; i++) {
        uint32_t f, k;
        if (i < 20) {
            f = (b & c) | (~b & d);
            k = 0x5A827999;
        } else if (i < 40) {
            f = b ^ c ^ d;
            k = 0x6ED9EBA1;
        } else if (i < 60) {
            f = (b & c) | (b & d) | (c & d);
            k = 0x8F1BBCDC;
        } else {
            f = b ^ c ^ d;
            k = 0xCA62C1D6;
        }
        uint32_t next = rotate(a, 5) + f + e + k + w[i];
        e = d;
        d = c;
        c = rotate(b, 30);
        b = a;
        a = next;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
}

// The value of Sec-WebSocket-Accept for a key of 24 characters.
static void accept_value(const unsigned char *key, char result[29]) {
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned char message[128] = {0};
    memcpy(message, key, 24);
    memcpy(message + 24, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", 36);
    message[60] = 0x80;
    message[126] = 60 * 8 >> 8;
    message[127] = 60 * 8 & 0xFF;
    uint32_t state[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
    sha1_block(state, message);
    sha1_block(state, message + 64);
    unsigned char digest[21] = {0};
    for (int i = 0; i < 20; i++) {
        digest[i] = state[i / 4] >> (24 - 8 * (i % 4));
    }
    for (int i = 0; i < 7; i++) {
        uint32_t bits = (uint32_t)digest[3 * i] << 16 | digest[3 * i + 1] << 8 | digest[3 * i + 2];
        for (int k = 0; k < 4; k++) {
            result[4 * i + k] = letters[bits >> (18 - 6 * k) & 63];
        }
    }
    result[27] = '=';
    result[28] = 0;
}

// ---- Connections ----

static void watch(int operation, struct connection *c, uint32_t events) {
    struct epoll_event event = {.events = events, .data.ptr = c};
    if (epoll_ctl(epoll, operation, c->fd, &event) < 0) {
        die("epoll_ctl");
    }
}

static void end(struct connection *c) {
    close(c->fd);
    if (c->upgraded) {
        struct connection *last = all[--all_count];
        all[c->index] = last;
        last->index = c->index;
    }
    free(c->unsent);
    free(c);
}

// Sends as much as is taken, and keeps the rest.
static void deliver(struct connection *c, const unsigned char *bytes, size_t count) {
    size_t sent = 0;
    if (c->unsent_bytes == 0) {
        ssize_t n = send(c->fd, bytes, count, MSG_NOSIGNAL);
        if (n > 0) {
            sent = n;
        }
    }
    if (sent < count) {
        if (c->unsent_bytes == 0) {
            watch(EPOLL_CTL_MOD, c, EPOLLOUT);
        }
        c->unsent = realloc(c->unsent, c->unsent_bytes + count - sent);
        memcpy(c->unsent + c->unsent_bytes, bytes + sent, count - sent);
        c->unsent_bytes += count - sent;
    }
}

static void go_on(struct connection *c) {
    while (c->unsent_at < c->unsent_bytes) {
        ssize_t n = send(c->fd, c->unsent + c->unsent_at, c->unsent_bytes - c->unsent_at, MSG_NOSIGNAL);
        if (n <= 0) {
            if (n < 0 && errno != EAGAIN) {
                end(c); // its client went away
            }
            return;
        }
        c->unsent_at += n;
    }
    c->unsent_at = c->unsent_bytes = 0;
    if (c->closing && c->left == 0) {
        end(c);
        return;
    }
    watch(EPOLL_CTL_MOD, c, EPOLLIN);
}

static void upgrade(struct connection *c, int count) {
    input[count] = 0;
    unsigned char *key = (unsigned char *)strcasestr((char *)input, "\r\nSec-WebSocket-Key:");
    if (key == NULL || strstr((char *)input, "\r\n\r\n") == NULL) {
        fprintf(stderr, "the head of a request did not come in one piece\n");
        end(c);
        return;
    }
    key += 20;
    while (*key == ' ') {
        key++;
    }
    char accept[29], response[200];
    accept_value(key, accept);
    int n = snprintf(response, sizeof response,
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Accept: %s\r\n\r\n", accept);
    c->upgraded = 1;
    if (all_count == all_room) {
        all_room = all_room ? 2 * all_room : 1024;
        all = realloc(all, all_room * sizeof *all);
    }
    c->index = all_count;
    all[all_count++] = c;
    deliver(c, (unsigned char *)response, n);
}

static void unmask(unsigned char *to, const unsigned char *from, size_t count, uint64_t key) {
    size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        uint64_t word;
        memcpy(&word, from + i, 8);
        word ^= key;
        memcpy(to + i, &word, 8);
    }
    for (; i < count; i++) {
        to[i] = from[i] ^ (unsigned char)(key >> 8 * (i & 7));
    }
}

// Rewrites frames from input to output, without masks; returns how many bytes it made.
static size_t rewrite(struct connection *c, const unsigned char *in, size_t count) {
    size_t at = 0, made = 0;
    while (at < count) {
        if (c->left == 0) {
            size_t there = count - at;
            int length = there < 2 ? 0 : in[at + 1] & 127;
            size_t lengths = length == 127 ? 10 : length == 126 ? 4 : 2;
            if (there < 2 || there < lengths + 4) {
                memcpy(c->part, in + at, there);
                c->part_bytes = there;
                return made;
            }
            uint64_t payload = length;
            if (length == 126) {
                payload = in[at + 2] << 8 | in[at + 3];
            } else if (length == 127) {
                payload = 0;
                for (int i = 2; i < 10; i++) {
                    payload = payload << 8 | in[at + i];
                }
            }
            c->closing |= (in[at] & 15) == 8;
            memcpy(output + made, in + at, lengths);
            output[made + 1] &= 127;
            made += lengths;
            uint32_t key;
            memcpy(&key, in + at + lengths, 4);
            c->key = (uint64_t)key << 32 | key;
            c->left = payload;
            at += lengths + 4;
        }
        size_t n = count - at < c->left ? count - at : c->left;
        unmask(output + made, in + at, n, c->key);
        int turn = 8 * (n & 3);
        c->key = turn ? c->key >> turn | c->key << (64 - turn) : c->key;
        c->left -= n;
        at += n;
        made += n;
    }
    return made;
}

static void ready(struct connection *c) {
    memcpy(input, c->part, c->part_bytes);
    ssize_t n = recv(c->fd, input + c->part_bytes, READ_BYTES - 1, 0);
    if (n <= 0) {
        if (n == 0 || errno != EAGAIN) {
            end(c);
        }
        return;
    }
    n += c->part_bytes;
    c->part_bytes = 0;
    if (!c->upgraded) {
        upgrade(c, n);
        return;
    }
    size_t made = rewrite(c, input, n);
    if (made == 0) {
        return;
    }
    if (broadcasting && !c->closing) {
        for (int i = 0; i < all_count; i++) {
            deliver(all[i], output, made);
        }
    } else {
        deliver(c, output, made);
    }
    if (c->closing && c->left == 0 && c->unsent_bytes == 0) {
        end(c);
    }
}

int main(int count, char **arguments) {
    if (count < 2 || (strcmp(arguments[1], "echo") && strcmp(arguments[1], "broadcast"))) {
        fprintf(stderr, "the floor can echo and broadcast, not %s\n", count < 2 ? "nothing" : arguments[1]);
        return 2;
    }
    broadcasting = strcmp(arguments[1], "broadcast") == 0;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1;
    setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    if (bind(listener, (struct sockaddr *)&address, size) < 0 || listen(listener, BACKLOG) < 0
            || getsockname(listener, (struct sockaddr *)&address, &size) < 0) {
        die("listen");
    }
    epoll = epoll_create1(0);
    struct connection listening = {.fd = listener}, console = {.fd = 0};
    watch(EPOLL_CTL_ADD, &listening, EPOLLIN);
    watch(EPOLL_CTL_ADD, &console, EPOLLIN);
    printf("listening %d\n", ntohs(address.sin_port));
    fflush(stdout);
    struct epoll_event events[EVENTS];
    for (;;) {
        int n = epoll_wait(epoll, events, EVENTS, -1);
        for (int i = 0; i < n; i++) {
            struct connection *c = events[i].data.ptr;
            if (c == &listening) {
                for (int fd; (fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0;) {
                    struct connection *fresh = calloc(1, sizeof *fresh);
                    fresh->fd = fd;
                    watch(EPOLL_CTL_ADD, fresh, EPOLLIN);
                }
            } else if (c == &console) {
                char line[256];
                ssize_t got = read(0, line, sizeof line - 1);
                if (got <= 0) {
                    return 0;
                }
                line[got] = 0;
                puts(strstr(line, "memory") ? "memory heap=-1 direct=-1" : "allocated -1");
                fflush(stdout);
            } else if (events[i].events & EPOLLOUT) {
                go_on(c);
            } else {
                ready(c);
            }
        }
    }
}
