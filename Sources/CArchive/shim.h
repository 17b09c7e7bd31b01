#pragma once
#include <archive.h>
#include <archive_entry.h>

// The kinds of entries, which are macros with casts.

static inline int hearsay_is_file(struct archive_entry *entry) {
    return archive_entry_filetype(entry) == AE_IFREG && !archive_entry_hardlink(entry);
}

static inline int hearsay_is_folder(struct archive_entry *entry) { return archive_entry_filetype(entry) == AE_IFDIR; }
