/* IP addresses as text. See address.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "words/address.h"

#include <glib.h>

#ifdef _WIN32
#include <ws2tcpip.h>
#else
#include <arpa/inet.h>
#endif

size_t tw__address_read(const char *text, uint8_t address[TW__ADDRESS_MAX])
{
    if (inet_pton(AF_INET, text, address) == 1)
        return 4;
    return inet_pton(AF_INET6, text, address) == 1 ? 16 : 0;
}

char *tw__address_text(const uint8_t *address, size_t len)
{
    char text[INET6_ADDRSTRLEN];
    if (len != 4 && len != 16)
        return NULL;
    return g_strdup(inet_ntop(len == 4 ? AF_INET : AF_INET6, address, text, sizeof text));
}
