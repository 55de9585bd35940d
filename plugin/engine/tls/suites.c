/* The table of cipher suites (suites.def).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls/messages.h"

#include <stdlib.h>

static const tw__suite suites[] = {
#define SUITE(id_, kx_, auth_, hash_, overhead_, name_) \
    { .id = id_, .kx = TW_KX_##kx_, .auth = auth_, .hash = hash_, .overhead = overhead_, .name = name_ },
#include "catalogue/suites.def"
#undef SUITE
};

static int compare_id(const void *key, const void *element)
{
    uint16_t id = *(const uint16_t *)key;
    const tw__suite *suite = element;

    return (id > suite->id) - (id < suite->id);
}

const tw__suite *tw__suite_get(uint16_t id)
{
    static const tw__suite *last; /* each record of a session asks for the same one */

    if (!last || last->id != id)
        last = bsearch(&id, suites, G_N_ELEMENTS(suites), sizeof suites[0], compare_id);
    return last;
}

const char *tw__suite_name(uint16_t id)
{
    const tw__suite *suite = tw__suite_get(id);
    return suite ? suite->name : NULL;
}
