#pragma once
#include <sqlite3.h>

/// Binds a copy of a text: the marker for "copy" is a macro that Swift cannot read.
static inline int hearsay_bind_text(sqlite3_stmt *statement, int index, const char *text, int byteCount) {
    return sqlite3_bind_text(statement, index, text, byteCount, SQLITE_TRANSIENT);
}

/// Binds a copy of some bytes; an empty value is an empty blob, not NULL.
static inline int hearsay_bind_blob(sqlite3_stmt *statement, int index, const void *bytes, int byteCount) {
    return byteCount == 0 ? sqlite3_bind_zeroblob(statement, index, 0)
                          : sqlite3_bind_blob(statement, index, bytes, byteCount, SQLITE_TRANSIENT);
}
