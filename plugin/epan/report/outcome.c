/* What became of a connection. See outcome.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/outcome.h"

#include "tlswhy/words.h"

const tw_verdict *outcome_failure(const connection *link)
{
    for (const note *n = link->verdicts; n; n = n->next_of_link)
        if (n->verdict->failure)
            return n->verdict;
    return NULL;
}

outcome outcome_of(const connection *link)
{
    if (outcome_failure(link))
        return OUTCOME_FAILED;
    return link->conn->n_completed ? OUTCOME_COMPLETED : OUTCOME_UNDECIDED;
}

int outcome_client_dir(const connection *link)
{
    return link->conn->client_dir < 0 ? 0 : link->conn->client_dir;
}

char *outcome_address(const connection *link, tw_side side, bool port)
{
    int client = outcome_client_dir(link);
    return outcome_address_of(link, side == TW_CLIENT ? client : 1 - client, port);
}

char *outcome_address_of(const connection *link, int dir, bool port)
{
    char *text = tw_private_text(TW_PRIVATE_ENDPOINT, g_strdup(link->conn->address[dir]));
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
