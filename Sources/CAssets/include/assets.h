// The pages of Web/, embedded in the binary.
#pragma once
#include <stddef.h>

/// One file of Web/.
struct hearsay_asset {
    /// Below Web/, such as `player/index.html`.
    const char *path;
    const unsigned char *bytes;
    size_t byte_count;
};

/// The file at `index`, in the order of their paths; NULL behind the last one.
const struct hearsay_asset *hearsay_asset_at(size_t index);
