/* Names of versions, groups, signature schemes and extensions.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls/messages.h"

typedef struct {
    uint16_t value;
    const char *name;
} named;

static const named versions[] = {
#define VERSION(number, name) { number, name },
#include "catalogue/versions.def"
};

static const named groups[] = {
#define GROUP(id, number, name) { number, name },
#include "catalogue/groups.def"
};

static const named schemes[] = {
#define SCHEME(id, number, name) { number, name },
#include "catalogue/schemes.def"
};

static const named extensions[] = {
#define EXTENSION(id, number, name) { number, name },
#include "catalogue/extensions.def"
};

static const char *find(const named *table, size_t n, uint16_t value)
{
    for (size_t i = 0; i < n; i++) {
        if (table[i].value == value)
            return table[i].name;
    }
    return NULL;
}

const char *tw__version_name(uint16_t version)
{
    if (tw__version_final(version) != version)
        return "TLS 1.3 (draft)";
    return find(versions, G_N_ELEMENTS(versions), version);
}

const char *tw__group_name(uint16_t group)
{
    return find(groups, G_N_ELEMENTS(groups), group);
}

const char *tw__scheme_name(uint16_t scheme)
{
    return find(schemes, G_N_ELEMENTS(schemes), scheme);
}

const char *tw__extension_name(uint16_t type)
{
    return find(extensions, G_N_ELEMENTS(extensions), type);
}
