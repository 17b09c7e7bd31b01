#include "assets.h"

// #embed belongs to C23; clang offers it in older C too, and warns.
#pragma clang diagnostic ignored "-Wc23-extensions"

#include "Generated/table.inc"

const struct hearsay_asset *hearsay_asset_at(size_t index) {
    return index < sizeof assets / sizeof *assets ? &assets[index] : NULL;
}
