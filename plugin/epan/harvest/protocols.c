/* Ids of protocols. See protocols.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "harvest/protocols.h"

#include <epan/proto.h>

protocol_ids protocols;

void protocols_look_up(void)
{
    protocols.data = proto_get_id_by_filter_name("data");
    protocols.diameter = proto_get_id_by_filter_name("diameter");
    protocols.dtls = proto_get_id_by_filter_name("dtls");
    protocols.eap = proto_get_id_by_filter_name("eap");
    protocols.http = proto_get_id_by_filter_name("http");
    protocols.icmp = proto_get_id_by_filter_name("icmp");
    protocols.icmpv6 = proto_get_id_by_filter_name("icmpv6");
    protocols.quic = proto_get_id_by_filter_name("quic");
    protocols.radius = proto_get_id_by_filter_name("radius");
    protocols.tcp = proto_get_id_by_filter_name("tcp");
    protocols.tds = proto_get_id_by_filter_name("tds");
    protocols.tls = proto_get_id_by_filter_name("tls");
    protocols.udp = proto_get_id_by_filter_name("udp");
}
