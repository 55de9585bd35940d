/* Places. See place.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "compat.h"

#include "harvest/place.h"

#include <string.h>

#include <wiretap/wtap.h>

#include "connections.h"
#include "harvest/headers.h"

#define MAC      6
#define LINK_MAX 32
#define SENT     4 /* packet type of Linux's cooked captures: sent by this host */

typedef struct {
    int interface;         /* -1: not known */
    uint8_t link[2 * MAC]; /* both ends of an Ethernet, in the order of their numbers */
    bool ethernet;
    uint32_t cooked; /* which interface, and at which end; 0: not a cooked capture */
} place;

static void read_ethernet(place *p, const uint8_t *header)
{
    bool swap = memcmp(header, header + MAC, MAC) > 0;
    memcpy(p->link, header + (swap ? MAC : 0), MAC);
    memcpy(p->link + MAC, header + (swap ? 0 : MAC), MAC);
    p->ethernet = true;
}

/* What a host sends in one direction comes from the same end as what it gets in the other. */
static void read_cooked(place *p, uint32_t number, unsigned type, int dir)
{
    p->cooked = 2 + 2 * number + ((type == SENT) != (dir == 1));
}

static place read_place(const packet_info *pinfo, tvbuff_t *tvb, int dir)
{
    const wtap_packet_header *header = &pinfo->rec->rec_header.packet_header;
    place p = { .interface = -1 };
    int len = tvb_captured_length(tvb) > 20 ? 20 : (int)tvb_captured_length(tvb);
    const uint8_t *bytes = tvb_get_ptr(tvb, 0, len);
    if (pinfo->rec->presence_flags & WTAP_HAS_INTERFACE_ID)
        p.interface = (int)header->interface_id;
    if (header->pkt_encap == WTAP_ENCAP_ETHERNET && len >= 2 * MAC)
        read_ethernet(&p, bytes);
    else if (header->pkt_encap == WTAP_ENCAP_SLL && len >= 2)
        read_cooked(&p, 0, headers_be(bytes, 2), dir);
    else if (header->pkt_encap == WTAP_ENCAP_SLL2 && len > 10)
        read_cooked(&p, headers_be(bytes + 4, 4), bytes[10], dir);
    return p;
}

static void tell_place(packet_info *pinfo, const place *p, uint32_t key)
{
    const uint8_t *l = p->link;
    char link[2 * LINK_MAX];
    const char *name = p->interface < 0 ? NULL : TLSWHY_INTERFACE_NAME(pinfo, (uint32_t)p->interface);
    snprintf(link, sizeof link, "%02x:%02x:%02x:%02x:%02x:%02x/%02x:%02x:%02x:%02x:%02x:%02x", l[0], l[1], l[2], l[3],
             l[4], l[5], l[6], l[7], l[8], l[9], l[10], l[11]);
    if (name && !strcmp(name, "unknown")) /* which is what Wireshark calls one without a name */
        name = NULL;
    tw_tell_place(connections_capture(), key, p->interface, name, p->ethernet ? link : NULL);
}

static uint32_t key_of(const place *p)
{
    uint64_t mac[2] = { 0 }, mix;
    memcpy(mac, p->link, sizeof p->link);
    mix = tw_hash_word(tw_hash_word(TW_HASH_BEGIN, mac[0]), mac[1]);
    mix = tw_hash_word(tw_hash_word(mix, (uint64_t)p->interface), p->cooked);
    return (uint32_t)mix ? (uint32_t)mix : 1;
}

uint32_t place_of(packet_info *pinfo, tvbuff_t *tvb, int dir)
{
    place p = read_place(pinfo, tvb, dir);
    uint32_t key = key_of(&p);
    if (tw_capture_lacks_place(connections_capture(), key))
        tell_place(pinfo, &p, key);
    return key;
}
