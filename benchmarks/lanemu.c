/* A wire between two network namespaces, with delay, jitter and loss; it counts every frame that passes.
 *
 * Many kernels lack netem, so this moves the frames itself: one TAP device, lan0, in each namespace, and a heap of
 * frames ordered by the time at which they are due.
 *
 * usage: lanemu NAMESPACE_A NAMESPACE_B ONE_WAY_US JITTER_US LOSS_PER_MILLION SEED SILENT
 *   NAMESPACE  a path such as /proc/123/ns/net; A is the scanner's side, B the fleet's
 *   SILENT     an IPv4 address of side B whose host answers ARP and swallows all else; 0.0.0.0 for none
 * It prints "ready", then obeys lines on standard input: "count" prints the counters as one line of JSON, "reset"
 * sets them to nothing and prints "reset". It ends at the end of its standard input.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#define SECOND 1000000000ull
#define BATCH 256      /* frames read from one side before the other gets its turn */
#define WINDOW 262144u /* probes remembered for the busiest second; a power of two */

struct frame {
    uint64_t due;
    int to, length;
    unsigned char *bytes;
};

static struct frame *heap;
static size_t heap_size, heap_room;

static uint64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * SECOND + (uint64_t)t.tv_nsec;
}

static void push(struct frame added) {
    if (heap_size == heap_room) {
        heap_room = heap_room ? heap_room * 2 : 4096;
        heap = realloc(heap, heap_room * sizeof *heap);
        if (!heap) abort();
    }
    size_t at = heap_size++;
    heap[at] = added;
    while (at && heap[(at - 1) / 2].due > heap[at].due) {
        struct frame parent = heap[(at - 1) / 2];
        heap[(at - 1) / 2] = heap[at];
        heap[at] = parent;
        at = (at - 1) / 2;
    }
}

static struct frame pop(void) {
    struct frame first = heap[0];
    heap[0] = heap[--heap_size];
    for (size_t at = 0;;) {
        size_t left = 2 * at + 1, right = left + 1, least = at;
        if (left < heap_size && heap[left].due < heap[least].due) least = left;
        if (right < heap_size && heap[right].due < heap[least].due) least = right;
        if (least == at) return first;
        struct frame child = heap[least];
        heap[least] = heap[at];
        heap[at] = child;
        at = least;
    }
}

enum kind { ARP_REQUEST, ARP_REPLY, SYN, SYN_ACK, RST, FIN, TCP, UDP, MULTICAST, ICMP, OTHER, KINDS };
static const char *const names[KINDS] = {"arp_request", "arp_reply", "syn", "syn_ack",   "rst",  "fin",
                                         "tcp_other",   "udp",       "multicast", "icmp", "other"};

static struct {
    uint64_t kinds[2][KINDS], frames[2], bytes[2], lost, busiest_second;
} counters;

/* Times of the probes that side A originated (ARP, SYN, UDP), to find its busiest second. */
static uint64_t probes[WINDOW];
static uint64_t probes_end, probes_begin;

static enum kind kind_of(const unsigned char *b, int length) {
    if (length < 34) return OTHER;
    int ethertype = b[12] << 8 | b[13];
    if (ethertype == 0x0806) return b[21] == 1 ? ARP_REQUEST : ARP_REPLY;
    if (ethertype != 0x0800) return OTHER;
    const unsigned char *ip = b + 14;
    int header = (ip[0] & 15) * 4;
    if (ip[9] == 1) return ICMP;
    if (ip[9] == 17) return ip[16] >= 224 || ip[19] == 255 ? MULTICAST : UDP;
    if (ip[9] != 6 || length < 14 + header + 14) return OTHER;
    int flags = ip[header + 13];
    if (flags & 4) return RST;
    if ((flags & 18) == 18) return SYN_ACK;
    return flags & 2 ? SYN : flags & 1 ? FIN : TCP;
}

static void count(int from, const unsigned char *b, int length) {
    enum kind kind = kind_of(b, length);
    counters.kinds[from][kind]++;
    counters.frames[from]++;
    counters.bytes[from] += (uint64_t)length;
    if (from || !(kind == ARP_REQUEST || kind == SYN || kind == UDP || kind == MULTICAST)) return;
    uint64_t time = now();
    probes[probes_end++ % WINDOW] = time;
    while (probes_end - probes_begin > WINDOW || time - probes[probes_begin % WINDOW] >= SECOND) probes_begin++;
    if (probes_end - probes_begin > counters.busiest_second) counters.busiest_second = probes_end - probes_begin;
}

static void print_counters(void) {
    static const char *const sides[2] = {"out", "in"};
    printf("{");
    for (int side = 0; side < 2; side++) {
        printf("\"%s\": {", sides[side]);
        for (int kind = 0; kind < KINDS; kind++) printf("\"%s\": %" PRIu64 ", ", names[kind], counters.kinds[side][kind]);
        printf("\"frames\": %" PRIu64 ", \"bytes\": %" PRIu64 "}, ", counters.frames[side], counters.bytes[side]);
    }
    printf("\"lost\": %" PRIu64 ", \"busiest_second\": %" PRIu64 "}\n", counters.lost, counters.busiest_second);
    fflush(stdout);
}

/* Obeys one command of standard input; returns 0 at its end. */
static int obey(void) {
    char line[64];
    ssize_t got = read(0, line, sizeof line - 1);
    if (got <= 0) return 0;
    line[got] = 0;
    if (!strncmp(line, "count", 5)) print_counters();
    if (!strncmp(line, "reset", 5)) {
        memset(&counters, 0, sizeof counters);
        probes_begin = probes_end;
        puts("reset");
        fflush(stdout);
    }
    return 1;
}

static int tap_in(const char *namespace) {
    int inside = open(namespace, O_RDONLY);
    if (inside < 0 || setns(inside, CLONE_NEWNET)) {
        perror(namespace);
        exit(1);
    }
    close(inside);
    int tap = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
    struct ifreq request = {0};
    strcpy(request.ifr_name, "lan0");
    request.ifr_flags = IFF_TAP | IFF_NO_PI;
    if (tap < 0 || ioctl(tap, TUNSETIFF, &request)) {
        perror("/dev/net/tun");
        exit(1);
    }
    return tap;
}

static int is_swallowed(const unsigned char *b, int length, in_addr_t silent) {
    return silent && length >= 34 && b[12] == 8 && b[13] == 0 && !memcmp(b + 30, &silent, 4);
}

int main(int argc, char **argv) {
    if (argc != 8) {
        fputs("usage: lanemu NAMESPACE_A NAMESPACE_B ONE_WAY_US JITTER_US LOSS_PER_MILLION SEED SILENT\n", stderr);
        return 2;
    }
    int taps[2] = {tap_in(argv[1]), tap_in(argv[2])};
    uint64_t delay = strtoull(argv[3], 0, 10) * 1000, jitter = strtoull(argv[4], 0, 10) * 1000;
    long loss = atol(argv[5]);
    srandom((unsigned)atol(argv[6]));
    in_addr_t silent = inet_addr(argv[7]);
    prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0);
    puts("ready");
    fflush(stdout);
    static unsigned char buffer[70000];
    for (;;) {
        struct pollfd watched[3] = {{taps[0], POLLIN, 0}, {taps[1], POLLIN, 0}, {0, POLLIN, 0}};
        struct timespec wait, *until = NULL;
        if (heap_size) {
            int64_t left = (int64_t)(heap[0].due - now());
            if (left < 0) left = 0;
            wait.tv_sec = left / (int64_t)SECOND;
            wait.tv_nsec = left % (int64_t)SECOND;
            until = &wait;
        }
        if (ppoll(watched, 3, until, NULL) < 0 && errno != EINTR) return 1;
        if (watched[2].revents && !obey()) return 0;
        for (int from = 0; from < 2; from++) {
            if (!(watched[from].revents & POLLIN)) continue;
            for (int turn = 0; turn < BATCH; turn++) {
                int length = (int)read(taps[from], buffer, sizeof buffer);
                if (length <= 0) break;
                count(from, buffer, length);
                if (loss && random() % 1000000 < loss) {
                    counters.lost++;
                    continue;
                }
                if (!from && is_swallowed(buffer, length, silent)) continue;
                struct frame taken = {now() + delay + (jitter ? (uint64_t)random() % jitter : 0), 1 - from, length,
                                      malloc((size_t)length)};
                if (!taken.bytes) abort();
                memcpy(taken.bytes, buffer, (size_t)length);
                push(taken);
            }
        }
        for (uint64_t time = now(); heap_size && heap[0].due <= time;) {
            struct frame due = pop();
            /* A full queue on the far side drops the frame, as a switch would. */
            if (write(taps[due.to], due.bytes, (size_t)due.length) < 0) counters.lost++;
            free(due.bytes);
        }
    }
}
