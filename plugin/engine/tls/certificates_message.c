/* The Certificate message (RFC 5246 7.4.2, RFC 8446 4.4.2), whole or cut by the capture.
 *
 * A capture with a small snap length holds the front of this message, the longest of the handshake.
 * So each length is held against two ends: the end that the list's own length tells, which it may not
 * cross (a flaw of the peer), and the end of the captured bytes, which says nothing about the peer.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls/reader.h"
#include "tlswhy/words.h"

typedef struct {
    tw__reader r;  /* captured bytes of the list */
    size_t unseen; /* bytes that the list has beyond them */
} cert_list;

typedef enum { WHOLE, CUT_BY_CAPTURE, CROSSES_END } extent;

/* Reads a vector of the list; CONTENT has what there is of it. */
static extent read_part(cert_list *list, unsigned length_bytes, tw__reader *content)
{
    const uint8_t *start = list->r.at;
    size_t announced = length_bytes;
    size_t rest = list->r.left + list->unseen;

    *content = tw__read_vector(&list->r, length_bytes);
    if (!list->r.failed)
        return WHOLE;
    if (content->at != start) { /* the length itself is there */
        tw__reader length = tw__reader_of(start, length_bytes);

        announced += tw__read_number(&length, length_bytes);
    }
    return announced > rest ? CROSSES_END : CUT_BY_CAPTURE;
}

/* CertificateStatus of type OCSP in a status_request extension (RFC 8446 4.4.2.1), or NULL. */
static GBytes *read_ocsp(tw__reader *content)
{
    uint8_t type = tw__read_u8(content);
    tw__reader response = tw__read_filled_vector(content, 3);

    return type == 1 && tw__reader_done(content) ? tw__reader_copy(&response) : NULL;
}

static GBytes *find_ocsp(tw__reader *block, tw__certificates *c, bool is_leaf)
{
    GBytes *ocsp = NULL;
    uint16_t type;
    tw__reader content;

    while (tw__read_extension(block, &type, &content)) {
        if (type == TW_EXT_STATUS_REQUEST && ocsp == NULL && !block->failed)
            ocsp = read_ocsp(&content);
        c->delegated = c->delegated || (type == TW_EXT_DELEGATED_CREDENTIAL && is_leaf);
    }
    if (block->failed)
        tw__flaw(&c->flaw, tw_text_template(TW_TEXT_FLAW_CERTIFICATE_EXTENSIONS));
    return ocsp;
}

static GBytes *read_entry_extensions(tw__certificates *c, cert_list *list, bool is_leaf)
{
    tw__reader block;

    switch (read_part(list, 2, &block)) {
    case WHOLE: return find_ocsp(&block, c, is_leaf);
    case CROSSES_END: tw__flaw(&c->flaw, tw_text_template(TW_TEXT_FLAW_CERTIFICATE_EXTENSIONS)); break;
    case CUT_BY_CAPTURE: break;
    }
    return NULL;
}

/* The certificate of an entry, of which there is some; false: there is none. */
static bool read_der(tw__certificates *c, cert_list *list, bool tls13, bool is_leaf, tw__reader *der, GBytes **ocsp)
{
    extent e = read_part(list, 3, der);

    *ocsp = e == WHOLE && tls13 ? read_entry_extensions(c, list, is_leaf) : NULL;
    c->partial = der->left ? e == CUT_BY_CAPTURE : c->partial;
    if (e != CROSSES_END && (e != WHOLE || der->left)) /* it may not be empty */
        return der->left > 0;
    tw__flaw(&c->flaw, "certificate");
    g_clear_pointer(ocsp, g_bytes_unref);
    return false;
}

static void read_entry(tw__certificates *c, cert_list *list, bool tls13)
{
    tw__reader der;
    GBytes *ocsp;

    if (!read_der(c, list, tls13, !c->ders->len, &der, &ocsp))
        return;
    g_ptr_array_add(c->ders, tw__reader_copy(&der));
    g_ptr_array_add(c->ocsp, ocsp);
}

/* The list's length, which may say more than was captured. */
static cert_list open_list(tw__certificates *c, tw__reader *r)
{
    size_t announced = tw__read_u24(r);
    cert_list list = { .r = *r };

    if (r->failed || announced > r->left) {
        c->cut = true;
        list.unseen = announced - r->left;
    } else {
        list.r.left = announced;
        if (announced < r->left)
            tw__flaw(&c->flaw, "certificate_list");
    }
    return list;
}

tw__certificates *tw__certificates_read(const uint8_t *body, size_t len, bool tls13, unsigned max_certs)
{
    tw__certificates *c = g_new0(tw__certificates, 1);
    tw__reader r = tw__reader_of(body, len);
    cert_list list;

    c->ders = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    c->ocsp = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    if (tls13)
        tw__read_vector(&r, 1); /* certificate_request_context */
    list = open_list(c, &r);
    while (list.r.left > 0 && c->ders->len < max_certs)
        read_entry(c, &list, tls13);
    return c;
}

bool tw__leaf_read(const uint8_t *body, size_t len, bool tls13, GBytes **leaf)
{
    tw__certificates c = { .ders = NULL };
    tw__reader r = tw__reader_of(body, len), der;
    GBytes *ocsp = NULL;
    cert_list list;

    *leaf = NULL;
    if (tls13)
        tw__read_vector(&r, 1);
    list = open_list(&c, &r);
    while (list.r.left > 0 && !*leaf && !c.cut)
        if (read_der(&c, &list, tls13, true, &der, &ocsp))
            *leaf = g_bytes_new_static(der.at, der.left);
    g_clear_pointer(&ocsp, g_bytes_unref);
    if (!c.cut && !c.flaw)
        return true;
    g_clear_pointer(leaf, g_bytes_unref);
    return false;
}

void tw__certificates_free(tw__certificates *c)
{
    if (c == NULL)
        return;
    g_ptr_array_unref(c->ders);
    g_ptr_array_unref(c->ocsp);
    g_free(c);
}
