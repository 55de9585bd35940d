/* What became of a connection. See outcome.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/outcome.h"

const tw_verdict *outcome_failure(const tw_conn *conn)
{
    const tw_verdict *v = tw_conn_verdicts(conn);
    while (v && !v->failure)
        v = v->next;
    return v;
}

int outcome_client_dir(const tw_conn *conn)
{
    return MAX(tw_conn_client_dir(conn), 0);
}

char *outcome_address(const tw_conn *conn, tw_side side, bool port)
{
    int client = outcome_client_dir(conn);
    return outcome_address_of(conn, side == TW_CLIENT ? client : 1 - client, port);
}

char *outcome_address_of(const tw_conn *conn, int dir, bool port)
{
    char *text = tw_conn_endpoint(conn, dir), *bare;
    if (port)
        return text;
    bare = tw_endpoint_host(text);
    g_free(text);
    return bare;
}
