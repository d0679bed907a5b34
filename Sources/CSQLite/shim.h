#pragma once
#include <sqlite3.h>

// Swift cannot call variadic C. One function per kind of argument keeps the types that the variadic call loses.

static inline int telltale_sqlite3_db_config_int(sqlite3 *database, int option, int value, int *now) {
    return sqlite3_db_config(database, option, value, now);
}

// SQLITE_TRANSIENT is a cast that Swift does not import: SQLite copies what is bound so.
static inline int telltale_sqlite3_bind_text(sqlite3_stmt *statement, int index, const char *text, int count) {
    return sqlite3_bind_text(statement, index, text, count, SQLITE_TRANSIENT);
}

// A null pointer would bind NULL, and no bytes have no address.
static inline int telltale_sqlite3_bind_blob(sqlite3_stmt *statement, int index, const void *bytes, int count) {
    if (count == 0) return sqlite3_bind_zeroblob(statement, index, 0);
    return sqlite3_bind_blob(statement, index, bytes, count, SQLITE_TRANSIENT);
}
