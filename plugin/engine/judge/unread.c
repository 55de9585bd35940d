/* TLS that Wireshark does not show. See judge.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/judge_internal.h"

#include <string.h>

tw_verdict *tw__note_unread(tw_conn *c, tw_at at)
{
    const char *server = c->client_dir < 0 ? NULL : tw__conn_end(c, 1 - c->client_dir);
    const char *port = server ? strrchr(server, ':') : NULL;
    tw__case *k;
    tw_verdict *v;
    if (!port || c->n_notices >= TW_NOTICES_MAX)
        return NULL;
    k = tw__case_open_notice(c, TW_EVENT_CLEARTEXT, at, NULL);
    tw_values_set(k->values, "port", port + 1);
    tw_values_set(k->values, "transport", c->datagram ? "UDP" : "TCP");
    tw_values_set(k->values, "port_field", c->datagram ? "udp.port" : "tcp.port");
    tw_values_set(k->values, "protocol", c->datagram ? "DTLS" : "TLS");
    v = tw__judge_notice(c, k, TW_N_CAUSES, TW_TEXT_NOTICE_OTHER_PORT);
    v->sender = TW_SIDE_UNKNOWN; /* it is about neither side */
    return v;
}
