/* The menu entries of Wireshark's window: help on the selected packet's verdict, and on all causes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_SHOW_MENU_H
#define TLSWHY_EPAN_SHOW_MENU_H

/* Registers Tools > TLS Failure Analysis and, where Wireshark has it, the packet's context menu. Programs without a
 * window ignore them. */
void menu_register(void);

#endif
