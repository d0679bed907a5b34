#include "FaultyVFS.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct telltale_faulty_vfs {
    sqlite3_vfs vfs;
    sqlite3_vfs *real;
    atomic_int kinds;
    atomic_int code;
    atomic_int forever;
    atomic_long calls_until_fault;
    atomic_long faults;
    atomic_long log_syncs;
};

struct faulty_file {
    sqlite3_file file;
    struct telltale_faulty_vfs *owner;
    int is_log;
    sqlite3_file *real;
};

/// What the call is to fail with; SQLITE_OK for not at all.
static int next(struct telltale_faulty_vfs *owner, int kind) {
    if (!(atomic_load(&owner->kinds) & kind)) return SQLITE_OK;
    long left = atomic_fetch_sub(&owner->calls_until_fault, 1);
    if (left != 1 && !(left < 1 && atomic_load(&owner->forever))) return SQLITE_OK;
    atomic_fetch_add(&owner->faults, 1);
    int code = atomic_load(&owner->code);
    errno = code == SQLITE_FULL ? ENOSPC : EIO;
    return code;
}

static sqlite3_file *real(sqlite3_file *file) { return ((struct faulty_file *)file)->real; }

static int failing(sqlite3_file *file, int kind) { return next(((struct faulty_file *)file)->owner, kind); }

static int faulty_close(sqlite3_file *file) { return real(file)->pMethods->xClose(real(file)); }

static int faulty_read(sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset) {
    int code = failing(file, telltale_faulty_read);
    return code ? code : real(file)->pMethods->xRead(real(file), bytes, count, offset);
}

static int faulty_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
    int code = failing(file, telltale_faulty_write);
    if (!code) return real(file)->pMethods->xWrite(real(file), bytes, count, offset);
    // A disk that fills up, or loses power, has taken a part.
    real(file)->pMethods->xWrite(real(file), bytes, count / 2, offset);
    return code;
}

static int faulty_truncate(sqlite3_file *file, sqlite3_int64 size) {
    int code = failing(file, telltale_faulty_truncate);
    return code ? code : real(file)->pMethods->xTruncate(real(file), size);
}

static int faulty_sync(sqlite3_file *file, int flags) {
    struct faulty_file *self = (struct faulty_file *)file;
    if (self->is_log) atomic_fetch_add(&self->owner->log_syncs, 1);
    int code = failing(file, telltale_faulty_sync);
    return code ? code : real(file)->pMethods->xSync(real(file), flags);
}

static int faulty_size(sqlite3_file *file, sqlite3_int64 *size) { return real(file)->pMethods->xFileSize(real(file), size); }

static int faulty_lock(sqlite3_file *file, int level) { return real(file)->pMethods->xLock(real(file), level); }

static int faulty_unlock(sqlite3_file *file, int level) { return real(file)->pMethods->xUnlock(real(file), level); }

static int faulty_check_lock(sqlite3_file *file, int *result) {
    return real(file)->pMethods->xCheckReservedLock(real(file), result);
}

static int faulty_control(sqlite3_file *file, int operation, void *argument) {
    return real(file)->pMethods->xFileControl(real(file), operation, argument);
}

static int faulty_sector_size(sqlite3_file *file) { return real(file)->pMethods->xSectorSize(real(file)); }

static int faulty_characteristics(sqlite3_file *file) { return real(file)->pMethods->xDeviceCharacteristics(real(file)); }

static const sqlite3_io_methods methods = {
    .iVersion = 1,
    .xClose = faulty_close,
    .xRead = faulty_read,
    .xWrite = faulty_write,
    .xTruncate = faulty_truncate,
    .xSync = faulty_sync,
    .xFileSize = faulty_size,
    .xLock = faulty_lock,
    .xUnlock = faulty_unlock,
    .xCheckReservedLock = faulty_check_lock,
    .xFileControl = faulty_control,
    .xSectorSize = faulty_sector_size,
    .xDeviceCharacteristics = faulty_characteristics,
};

static int faulty_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out) {
    struct telltale_faulty_vfs *owner = vfs->pAppData;
    struct faulty_file *self = (struct faulty_file *)file;
    memset(self, 0, sizeof *self);
    int code = next(owner, telltale_faulty_open);
    if (code) return code;
    self->owner = owner;
    self->is_log = (flags & SQLITE_OPEN_WAL) != 0;
    self->real = (sqlite3_file *)(self + 1);
    code = owner->real->xOpen(owner->real, name, self->real, flags, out);
    if (self->real->pMethods) self->file.pMethods = &methods;
    return code;
}

static int faulty_delete(sqlite3_vfs *vfs, const char *name, int sync) {
    struct telltale_faulty_vfs *owner = vfs->pAppData;
    int code = next(owner, telltale_faulty_delete);
    return code ? code : owner->real->xDelete(owner->real, name, sync);
}

struct telltale_faulty_vfs *telltale_faulty_register(const char *name) {
    sqlite3_initialize();
    struct telltale_faulty_vfs *owner = calloc(1, sizeof *owner);
    char *copy = strdup(name);
    if (!owner || !copy) return NULL;
    owner->real = sqlite3_vfs_find(NULL);
    owner->vfs = *owner->real;
    owner->vfs.szOsFile = (int)sizeof(struct faulty_file) + owner->real->szOsFile;
    owner->vfs.pNext = NULL;
    owner->vfs.zName = copy;
    owner->vfs.pAppData = owner;
    owner->vfs.xOpen = faulty_open;
    owner->vfs.xDelete = faulty_delete;
    return sqlite3_vfs_register(&owner->vfs, 0) == SQLITE_OK ? owner : NULL;
}

void telltale_faulty_plan(struct telltale_faulty_vfs *owner, int kinds, long nth, int code, int forever) {
    atomic_store(&owner->kinds, 0);
    atomic_store(&owner->faults, 0);
    atomic_store(&owner->code, code);
    atomic_store(&owner->forever, forever);
    atomic_store(&owner->calls_until_fault, nth);
    atomic_store(&owner->kinds, nth > 0 ? kinds : 0);
}

long telltale_faulty_faults(struct telltale_faulty_vfs *owner) { return atomic_load(&owner->faults); }

long telltale_faulty_log_syncs(struct telltale_faulty_vfs *owner) { return atomic_load(&owner->log_syncs); }
