#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef CLOSE_RANGE_CLOEXEC
#define CLOSE_RANGE_CLOEXEC (1U << 2)
#endif

const unsigned int clinux_rename_noreplace = RENAME_NOREPLACE;
const unsigned int clinux_rename_exchange = RENAME_EXCHANGE;

int clinux_rename(const char *from, const char *to, unsigned int flags) {
    return renameat2(AT_FDCWD, from, AT_FDCWD, to, flags);
}

int clinux_has_writer(int file) {
    // A read lease is granted only where nobody can write. It is given back at once; the signal that would announce
    // somebody who opens the file in between is one that is ignored by default, instead of SIGIO.
    (void)fcntl(file, F_SETSIG, SIGURG);
    if (fcntl(file, F_SETLEASE, F_RDLCK) == 0) {
        (void)fcntl(file, F_SETLEASE, F_UNLCK);
        return 0;
    }
    return errno == EAGAIN ? 1 : -1;
}

int clinux_pidfd_open(int pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

int clinux_pidfd_signal(int pidfd, int signal) {
    return (int)syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0);
}

static int reap(idtype_t kind, id_t id, struct clinux_ended *ended) {
    siginfo_t info;
    int result;
    memset(&info, 0, sizeof info);
    do {
        result = waitid(kind, id, &info, WEXITED | WNOHANG);
    } while (result != 0 && errno == EINTR);
    if (result != 0) return -1;
    if (info.si_pid == 0) return 0;
    ended->pid = info.si_pid;
    ended->code = info.si_code == CLD_EXITED ? info.si_status : -1;
    ended->signal = info.si_code == CLD_EXITED ? -1 : info.si_status;
    return 1;
}

int clinux_pidfd_reap(int pidfd, struct clinux_ended *ended) { return reap(P_PIDFD, (id_t)pidfd, ended); }

int clinux_reap(struct clinux_ended *ended) { return reap(P_ALL, 0, ended); }

int clinux_become_subreaper(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }

int clinux_set_name(const char *name) { return prctl(PR_SET_NAME, name, 0, 0, 0); }

int clinux_open_standard(void) {
    int descriptor;
    do {
        descriptor = open("/dev/null", O_RDWR);
        if (descriptor < 0) return -1;
    } while (descriptor <= 2);
    return close(descriptor);
}

int clinux_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

static void held_signals(sigset_t *set) {
    sigemptyset(set);
    sigaddset(set, SIGCHLD);
    sigaddset(set, SIGTERM);
}

int clinux_hold_signals(void) {
    sigset_t held;
    held_signals(&held);
    signal(SIGHUP, SIG_IGN);
    signal(SIGINT, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    // An ignored SIGCHLD would be inherited, and would make the kernel throw the exit codes away.
    signal(SIGCHLD, SIG_DFL);
    return sigprocmask(SIG_SETMASK, &held, NULL);
}

int clinux_next_signal(int milliseconds) {
    sigset_t held;
    struct timespec limit = {milliseconds / 1000, (milliseconds % 1000) * 1000000L};
    held_signals(&held);
    int signal = sigtimedwait(&held, NULL, &limit);
    return signal < 0 ? 0 : signal;
}

// Safe in the child of a vfork: raw calls, since the C library refuses its own two signals and keeps a table.
static void default_signals(void) {
    struct { void *handler; unsigned long flags; void *restorer; unsigned long mask; } action;
    memset(&action, 0, sizeof action);
    for (int number = 1; number < 65; number++) {
        if (number == SIGKILL || number == SIGSTOP) continue;
        syscall(SYS_rt_sigaction, number, &action, NULL, 8);
    }
}

static void empty_mask(void) {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/// Closes every descriptor above 2 when the next program is executed.
static void close_others_on_exec(void) {
    if (syscall(SYS_close_range, 3U, ~0U, CLOSE_RANGE_CLOEXEC) == 0) return;
    long last = sysconf(_SC_OPEN_MAX);
    if (last < 0 || last > 65536) last = 65536;
    for (int descriptor = 3; descriptor < last; descriptor++) fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

/// Executes the program. A script that somebody else's fork still holds open for writing (`ETXTBSY`) is free again
/// as soon as that fork has executed its own program, so it is tried again for a second.
static void execute(const char *path, char *const arguments[], char *const environment[]) {
    const struct timespec pause = {0, 20000000L};
    for (int attempt = 0; attempt < 50; attempt++) {
        execve(path, arguments, environment);
        if (errno != ETXTBSY) return;
        nanosleep(&pause, NULL);
    }
}

struct spawning {
    const char *path;
    char *const *arguments;
    char *const *environment;
    int error;
    int failure;
};

static int spawned(void *context) {
    struct spawning *order = context;
    default_signals();
    setsid();
    int null = open("/dev/null", O_RDWR);
    if (null < 0 || dup2(order->error, 2) < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0) {
        order->failure = errno;
        _exit(127);
    }
    close_others_on_exec();
    empty_mask();
    execute(order->path, order->arguments, order->environment);
    order->failure = errno;
    _exit(127);
}

int clinux_spawn(
    const char *path, char *const arguments[], char *const environment[], int error, int *pidfd) {
    struct spawning order = {path, arguments, environment, error, 0};
    const size_t size = 64 * 1024;
    char *stack = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (stack == MAP_FAILED) return -1;
    sigset_t all, before;
    sigfillset(&all);
    // No handler of ours may run in the child, which shares this memory until it executes the program.
    sigprocmask(SIG_BLOCK, &all, &before);
    int pid = clone(spawned, stack + size, CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD, &order, pidfd);
    int failure = pid < 0 ? errno : order.failure;
    sigprocmask(SIG_SETMASK, &before, NULL);
    munmap(stack, size);
    if (failure == 0) return pid;
    if (pid > 0) {
        siginfo_t info;
        while (waitid(P_PIDFD, (id_t)*pidfd, &info, WEXITED) != 0 && errno == EINTR) {}
        close(*pidfd);
    }
    errno = failure;
    return -1;
}

static void raise_oom_score(int score) {
    char text[16];
    int length = snprintf(text, sizeof text, "%d", score);
    int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (file < 0) return;
    ssize_t written = write(file, text, (size_t)length);
    (void)written;
    close(file);
}

static void run_agent(const struct clinux_agent *agent, int parent, int gate, int report) {
    char byte;
    setsid();
    // The parent may have ended before the request stood: then no signal will come.
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0 || getppid() != parent) _exit(127);
    raise_oom_score(agent->oom_score);
    int null = open("/dev/null", O_RDONLY);
    int ready = null >= 0 && dup2(null, 0) == 0 && dup2(agent->output, 1) == 1 && dup2(agent->error, 2) == 2
        && chdir(agent->folder) == 0;
    int failure = ready ? 0 : -errno;
    ssize_t count;
    do {
        count = read(gate, &byte, 1);
    } while (count < 0 && errno == EINTR);
    if (count != 1) _exit(127);
    if (failure == 0) {
        default_signals();
        close_others_on_exec();
        empty_mask();
        execute(agent->path, agent->arguments, environ);
        failure = errno;
    }
    count = write(report, &failure, sizeof failure);
    (void)count;
    _exit(127);
}

int clinux_fork_agent(const struct clinux_agent *agent, int *gate, int *report) {
    int gates[2], reports[2];
    int parent = getpid();
    if (pipe2(gates, O_CLOEXEC) != 0) return -1;
    if (pipe2(reports, O_CLOEXEC) != 0) {
        close(gates[0]);
        close(gates[1]);
        return -1;
    }
    int pid = fork();
    if (pid == 0) {
        close(gates[1]);
        close(reports[0]);
        run_agent(agent, parent, gates[0], reports[1]);
    }
    int failure = errno;
    close(gates[0]);
    close(reports[1]);
    if (pid < 0) {
        close(gates[1]);
        close(reports[0]);
        errno = failure;
        return -1;
    }
    *gate = gates[1];
    *report = reports[0];
    return pid;
}
