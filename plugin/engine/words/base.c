/* The words of base.h that display filters know.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "tlswhy/base.h"

#include <string.h>

static const char *const side_names[] = {
    [TW_SIDE_UNKNOWN] = "unknown",
    [TW_CLIENT] = "client",
    [TW_SERVER] = "server",
};

static const char *const phase_names[] = {
    [TW_BEFORE_HELLO] = "before-hello",       [TW_CLIENT_HELLO] = "client-hello",
    [TW_SERVER_FLIGHT] = "server-flight",     [TW_CLIENT_FLIGHT] = "client-flight",
    [TW_SERVER_FINISHED] = "server-finished", [TW_ESTABLISHED] = "established",
    [TW_RENEGOTIATION] = "renegotiation",
};

static const char *const confidence_names[] = {
    [TW_POSSIBLE] = "possible",
    [TW_LIKELY] = "likely",
    [TW_PROVEN] = "proven",
};

G_STATIC_ASSERT(G_N_ELEMENTS(phase_names) == TW_N_PHASES);

static const char *word(const char *const *names, size_t n, size_t which)
{
    return which < n ? names[which] : "unknown";
}

const char *tw_side_name(tw_side side)
{
    return word(side_names, G_N_ELEMENTS(side_names), (size_t)side);
}

const char *tw_phase_name(tw_phase phase)
{
    return word(phase_names, G_N_ELEMENTS(phase_names), (size_t)phase);
}

const char *tw_origin_name(tw_origin origin)
{
    static const char *const names[] = { NULL, "client", "server", "between" };
    return names[origin];
}

const char *tw_confidence_name(tw_confidence confidence)
{
    return word(confidence_names, G_N_ELEMENTS(confidence_names), (size_t)confidence);
}

tw_side tw_other_side(tw_side side)
{
    switch (side) {
    case TW_CLIENT: return TW_SERVER;
    case TW_SERVER: return TW_CLIENT;
    default: return TW_SIDE_UNKNOWN;
    }
}

const char *tw_endpoint_port(const char *endpoint)
{
    const char *first = strchr(endpoint, ':'), *last = strrchr(endpoint, ':');
    if (endpoint[0] == '[')
        return last && last[-1] == ']' ? last : NULL;
    return first == last ? last : NULL; /* several belong to an address */
}

char *tw_endpoint_host(const char *endpoint)
{
    const char *port = tw_endpoint_port(endpoint);
    bool brackets = port && endpoint[0] == '[';
    return g_strndup(endpoint + brackets, (port ? (size_t)(port - endpoint) : strlen(endpoint)) - 2u * brackets);
}
