/* Certificates that were read already: a server shows the same ones in each connection.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "x509/chain_internal.h"

#define KNOWN_MAX       64
#define KNOWN_MAX_BYTES 8192 /* larger ones are read anew each time */

struct known_cert {
    unsigned references; /* of chains, and of the table */
    chain_cert cert;
};

static GHashTable *table; /* GBytes, the certificate -> known_cert */

static void unref(gpointer data)
{
    known_cert *known = data;

    if (--known->references > 0)
        return;
    chain_cert_clear(&known->cert);
    g_free(known);
}

static known_cert *find(GBytes *der)
{
    known_cert *known = table ? g_hash_table_lookup(table, der) : NULL;

    if (known)
        return known;
    known = g_new0(known_cert, 1);
    known->references = 1;
    chain_cert_parse(&known->cert, der, false);
    if (table && g_hash_table_size(table) >= KNOWN_MAX)
        chain_forget_certs();
    if (!table)
        table = g_hash_table_new_full(g_bytes_hash, g_bytes_equal, NULL, unref);
    g_hash_table_insert(table, known->cert.der, known);
    return known;
}

void chain_cert_recall(chain_cert *cert, GBytes *der)
{
    known_cert *known;

    if (g_bytes_get_size(der) > KNOWN_MAX_BYTES) {
        chain_cert_parse(cert, der, false);
        return;
    }
    known = find(der);
    known->references++;
    *cert = known->cert;
    cert->owner = known;
}

void chain_cert_release(chain_cert *cert)
{
    if (cert->owner)
        unref(cert->owner);
    else
        chain_cert_clear(cert);
}

void chain_forget_certs(void)
{
    g_clear_pointer(&table, g_hash_table_destroy);
}

void tw__chain_forget(void)
{
    chain_forget_certs();
    chain_forget_signatures();
}
