#pragma once

// A SQLite VFS for tests: the system's, of which the n-th call of some kind fails. It has no shared memory, so a database in
// WAL mode is opened with `locking_mode = EXCLUSIVE`.

/// One registered VFS with a plan and counters of its own.
struct telltale_faulty_vfs;

enum {
    telltale_faulty_open = 1,
    telltale_faulty_read = 2,
    telltale_faulty_write = 4,
    telltale_faulty_truncate = 8,
    telltale_faulty_sync = 16,
    telltale_faulty_delete = 32,
};

/// Registers a VFS that lives as long as the process; null when there is no memory. The name is copied.
struct telltale_faulty_vfs *telltale_faulty_register(const char *name);

/// From now on the `nth` call (from 1) of those kinds fails with a result code of SQLite, and all after it if `forever`.
/// 0 lets everything succeed.
void telltale_faulty_plan(struct telltale_faulty_vfs *vfs, int kinds, long nth, int code, int forever);

/// How many calls failed since the plan was made.
long telltale_faulty_faults(struct telltale_faulty_vfs *vfs);

/// How often the log was brought to the disk: once a commit.
long telltale_faulty_log_syncs(struct telltale_faulty_vfs *vfs);
