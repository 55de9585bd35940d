/* What became of a connection. See outcome.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "outcome.h"

#include "tlswhy/anonymize.h"

const tw_verdict *outcome_failure(const connection *link)
{
    for (unsigned i = 0; i < link->verdicts->len; i++) {
        const tw_verdict *verdict = g_ptr_array_index(link->verdicts, i);
        if (verdict->failure)
            return verdict;
    }
    return NULL;
}

outcome outcome_of(const connection *link)
{
    if (outcome_failure(link))
        return OUTCOME_FAILED;
    return link->conn->n_completed ? OUTCOME_COMPLETED : OUTCOME_UNDECIDED;
}

char *outcome_address(const connection *link, tw_side side, bool port)
{
    const tw_conn *c = link->conn;
    int client = c->client_dir < 0 ? 0 : c->client_dir;
    char *text = tw_private_text(TW_PRIVATE_ENDPOINT, g_strdup(c->address[side == TW_CLIENT ? client : 1 - client]));
    if (!port) {
        char *bare = tw_endpoint_host(text);
        g_free(text);
        return bare;
    }
    return text;
}

char *outcome_server_name(const connection *link)
{
    char *name, *shown;
    if (!link->conn->server_name)
        return NULL;
    name = tw_private_text(TW_PRIVATE_HOST, g_strdup(link->conn->server_name));
    shown = tw_escape(name, -1, TW_VALUE_MAX);
    g_free(name);
    return shown;
}
