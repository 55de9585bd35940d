/* Readers of the extensions that rules look at, one function each, and their table.
 *
 * Where an extension stands twice, the second one adds to the lists and is otherwise left out; rules
 * see it in the list of extension types.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls/hello_extensions.h"

#include "tlswhy/words.h"

/* RFC 6066 3. The server's answer is empty. */
static void read_server_name(tw__hello *hello, tw__reader *r, tw__place place)
{
    tw__reader names;

    hello->sni_present = true;
    if (place != TW_IN_CLIENT_HELLO)
        return;
    names = tw__read_filled_vector(r, 2);
    while (names.left > 0) {
        uint8_t type = tw__read_u8(&names);
        tw__reader name = tw__read_filled_vector(&names, 2);

        if (type == 0 && !names.failed && hello->sni == NULL)
            hello->sni = g_strndup((const char *)name.at, name.left);
    }
    tw__reader_require_done(r, &names);
}

static void read_groups(tw__hello *hello, tw__reader *r, tw__place place)
{
    (void)place;
    tw__read_list(r, 2, &hello->groups, &hello->cut_lists);
}

static void read_sigalgs(tw__hello *hello, tw__reader *r, tw__place place)
{
    (void)place;
    tw__read_list(r, 2, &hello->sigalgs, &hello->cut_lists);
}

static void read_sigalgs_cert(tw__hello *hello, tw__reader *r, tw__place place)
{
    (void)place;
    tw__read_list(r, 2, &hello->sigalgs_cert, &hello->cut_lists);
}

/* RFC 7301 3.1; the server's answer is a list of one. */
static void read_alpn(tw__hello *hello, tw__reader *r, tw__place place)
{
    tw__reader protocols = tw__read_filled_vector(r, 2);

    (void)place;
    if (hello->alpn == NULL)
        hello->alpn = g_ptr_array_new_with_free_func(g_free);
    while (protocols.left > 0) {
        tw__reader name = tw__read_filled_vector(&protocols, 1);

        if (protocols.failed)
            break;
        if (hello->alpn->len < TW_LIST_MAX)
            g_ptr_array_add(hello->alpn, tw_escape((const char *)name.at, (gssize)name.left, TW_VALUE_MAX));
        else
            hello->cut_lists = true;
    }
    tw__reader_require_done(r, &protocols);
}

static void read_ems(tw__hello *hello, tw__reader *r, tw__place place)
{
    (void)r; /* empty; the caller sees to that */
    (void)place;
    hello->ems = true;
}

/* RFC 5077 3.2: the ticket itself, without a length. */
static void read_session_ticket(tw__hello *hello, tw__reader *r, tw__place place)
{
    if (place == TW_IN_CLIENT_HELLO)
        hello->ticket_len = (unsigned)r->left;
    tw__read_bytes(r, r->left);
}

static void read_renegotiation_info(tw__hello *hello, tw__reader *r, tw__place place)
{
    (void)place;
    hello->has_renegotiation_info = true;
    tw__read_vector(r, 1);
}

static void read_supported_versions(tw__hello *hello, tw__reader *r, tw__place place)
{
    if (place == TW_IN_CLIENT_HELLO)
        tw__read_list(r, 1, &hello->versions, &hello->cut_lists);
    else
        tw__read_item(r, &hello->versions, &hello->cut_lists);
}

static void read_key_share_entry(tw__hello *hello, tw__reader *r)
{
    uint16_t group = tw__read_u16(r);

    tw__read_filled_vector(r, 2);
    if (!r->failed)
        tw__list_add(&hello->key_shares, group, &hello->cut_lists);
}

/* RFC 8446 4.2.8. A client's list may be empty: it asks for a HelloRetryRequest, which names a group only. */
static void read_key_share(tw__hello *hello, tw__reader *r, tw__place place)
{
    tw__reader entries;

    if (place == TW_IN_RETRY) {
        tw__read_item(r, &hello->key_shares, &hello->cut_lists);
        return;
    }
    if (place != TW_IN_CLIENT_HELLO) {
        read_key_share_entry(hello, r);
        return;
    }
    entries = tw__read_vector(r, 2);
    while (entries.left > 0)
        read_key_share_entry(hello, &entries);
    tw__reader_require_done(r, &entries);
}

/* RFC 8446 4.2.11 */
static void read_psk_identities(tw__hello *hello, tw__reader *r)
{
    tw__reader identities = tw__read_filled_vector(r, 2);

    while (identities.left > 0) {
        tw__reader identity = tw__read_filled_vector(&identities, 2);
        uint32_t age = (uint32_t)tw__read_u16(&identities) << 16;

        age |= tw__read_u16(&identities);
        if (identities.failed)
            break;
        if (hello->n_psk_identities++ > 0)
            continue;
        hello->psk_identity = tw__reader_copy(&identity);
        hello->psk_external = age == 0;
    }
    tw__reader_require_done(r, &identities);
}

static void read_pre_shared_key(tw__hello *hello, tw__reader *r, tw__place place)
{
    uint16_t selected;

    if (place == TW_IN_CLIENT_HELLO) {
        read_psk_identities(hello, r);
        tw__read_filled_vector(r, 2); /* binders */
        return;
    }
    selected = tw__read_u16(r);
    if (!r->failed)
        hello->selected_psk = selected;
}

static const struct {
    uint16_t type;
    void (*read)(tw__hello *hello, tw__reader *r, tw__place place);
} extensions[] = {
    { TW_EXT_SERVER_NAME, read_server_name },
    { TW_EXT_SUPPORTED_GROUPS, read_groups },
    { TW_EXT_SIGNATURE_ALGORITHMS, read_sigalgs },
    { TW_EXT_ALPN, read_alpn },
    { TW_EXT_EXTENDED_MASTER_SECRET, read_ems },
    { TW_EXT_SESSION_TICKET, read_session_ticket },
    { TW_EXT_PRE_SHARED_KEY, read_pre_shared_key },
    { TW_EXT_SUPPORTED_VERSIONS, read_supported_versions },
    { TW_EXT_SIGNATURE_ALGORITHMS_CERT, read_sigalgs_cert },
    { TW_EXT_KEY_SHARE, read_key_share },
    { TW_EXT_RENEGOTIATION_INFO, read_renegotiation_info },
};

static void read_one(tw__hello *hello, uint16_t type, tw__reader *content, tw__place place)
{
    for (size_t i = 0; i < G_N_ELEMENTS(extensions); i++) {
        if (extensions[i].type != type)
            continue;
        extensions[i].read(hello, content, place);
        if (!tw__reader_done(content))
            tw__flaw(&hello->flaw, tw__extension_name(type));
    }
}

void tw__hello_read_extensions(tw__hello *hello, tw__reader *block, tw__place place)
{
    uint16_t type;
    tw__reader content;

    while (tw__read_extension(block, &type, &content)) {
        tw__list_add(&hello->extensions, type, &hello->cut_lists);
        read_one(hello, type, &content, place);
    }
}
