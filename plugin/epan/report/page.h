/* The parts of the page that report_print_html() puts together. What a reader is shown passes page_text(): whatever a
 * capture holds, it is text there.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_REPORT_PAGE_H
#define TLSWHY_EPAN_REPORT_PAGE_H

#include "catalogue/page.def"
#include "tlswhy/capture.h"

/* Appends TEXT, of which nothing is markup. */
void page_text(GString *page, const char *text);

/* Appends <TAG class=CLASS>TEXT</TAG> and a newline. CLASS: NULL for none. */
void page_element(GString *page, const char *tag, const char *class, const char *text);

/* Appends the ladder of CONN as a picture (SVG), or a sentence where its steps were not kept. */
void page_ladder(GString *page, const tw_conn *conn);

#endif
