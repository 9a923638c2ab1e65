#ifndef CLINUX_H
#define CLINUX_H

/// Kernel calls that Swift's Glibc module does not offer. Each returns what the
/// call returns and leaves the reason in `errno`.

/// `renameat2(2)`, with paths relative to nothing (both absolute).
int clinux_rename(const char *from, const char *to, unsigned int flags);

/// Refuse to replace an existing file.
extern const unsigned int clinux_rename_noreplace;
/// Swap the two names in one step.
extern const unsigned int clinux_rename_exchange;

/// Whether anybody has the file behind `file` (opened for reading only) open for writing: 1 yes, 0 no, -1 where the
/// kernel or the file system does not tell.
int clinux_has_writer(int file);

/// How a child ended: an exit code, or the signal that killed it; the other is -1.
struct clinux_ended {
    int pid;
    int code;
    int signal;
};

/// `pidfd_open(2)`: a descriptor that becomes readable when the process has ended.
int clinux_pidfd_open(int pid);
/// `pidfd_send_signal(2)`; signal 0 only asks.
int clinux_pidfd_signal(int pidfd, int signal);
/// Reaps the child behind `pidfd` if it has ended: 1 reaped, 0 still running, -1 not (or no longer) our child.
int clinux_pidfd_reap(int pidfd, struct clinux_ended *ended);
/// Reaps any child that has ended: 1 reaped, 0 none has ended yet, -1 there are no children.
int clinux_reap(struct clinux_ended *ended);

/// Orphaned descendants become children of this process, not of process 1.
int clinux_become_subreaper(void);
/// Names the calling thread as `ps` shows it; at most 15 bytes.
int clinux_set_name(const char *name);
/// Makes sure that descriptors 0 to 2 are open, on the null device where they were not.
int clinux_open_standard(void);

/// `pipe2(2)` with O_CLOEXEC, so that no child started meanwhile inherits an end: `ends[0]` is read, `ends[1]` written.
int clinux_pipe(int ends[2]);

/// A supervisor's signals: HUP, INT and PIPE ignored, CHLD and TERM held back for `clinux_next_signal`.
int clinux_hold_signals(void);
/// Waits for SIGCHLD or SIGTERM: the signal, or 0 after so many milliseconds.
int clinux_next_signal(int milliseconds);

/// Starts a program in a new session with default signals, the null device as input and output, `error` as
/// standard error and no other descriptor. Does not copy this process (vfork), so it is cheap from a large one.
///
/// Call it from a thread that never exits. Returns the pid and its pidfd; -1 where the program could not be executed.
int clinux_spawn(
    const char *path, char *const arguments[], char *const environment[], int error, int *pidfd);

/// What an agent starts with; its environment is this process's own.
struct clinux_agent {
    const char *path;
    char *const *arguments;
    const char *folder;
    /// Standard output and standard error.
    int output;
    int error;
    /// What the out-of-memory killer adds.
    int oom_score;
};

/// Forks a single-threaded process. The child leads a session of its own and dies with its parent; it executes the
/// program when a byte arrives through `gate`. `report` then just ends, or carries an `int`: the `errno` of the program
/// that could not be executed, or the negated `errno` of a folder or descriptor that could not be had.
int clinux_fork_agent(const struct clinux_agent *agent, int *gate, int *report);

#endif
