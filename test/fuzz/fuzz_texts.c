/* Every text of the catalogues with any values: each expands to clean text, whatever stands in the values; wrapping and
 * escaping likewise. The input is cut into pieces, each behind a byte of length, which serve as values in turn.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "fuzz.h"

#include "tlswhy/words.h"

#define NAME_MAX_LEN 32

/* Names of placeholders must outlive the values: each is kept once. */
static void set_all(tw_values *v, const char *template, input *in)
{
    for (const char *open = strchr(template, '{'); open; open = strchr(open + 1, '{')) {
        const char *close = strchr(open, '}');
        char name[NAME_MAX_LEN];
        size_t len = take_byte(in);
        uint8_t *bytes;
        char *text;
        if (!close || close - open - 1 >= NAME_MAX_LEN)
            continue;
        g_strlcpy(name, open + 1, (gsize)(close - open));
        bytes = take_bytes(in, &len);
        text = g_strndup((const char *)bytes, len);
        tw_values_set(v, g_intern_string(name), text);
        g_free(text);
        g_free(bytes);
    }
}

static void use(const char *template, input in)
{
    tw_values *v = tw_values_new();
    char *text;
    set_all(v, template, &in);
    text = tw_text_expand(template, v);
    must_be_clean(text);
    g_free(text);
    tw_text_complete(template, v);
    tw_values_free(v);
}

static void wrap_and_escape(const uint8_t *data, size_t size)
{
    char *clean = tw_escape((const char *)data, (gssize)size, 1 + size / 2);
    char *again = tw_escape(clean, -1, 4096), *wrapped = tw_text_wrap(clean, size ? data[0] : 0);
    must_be_clean(clean);
    must_be_clean(again);
    g_assert(g_utf8_validate(wrapped, -1, NULL));
    g_free(wrapped);
    g_free(again);
    g_free(clean);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    input in = { data, size };
    for (int i = 0; i < TW_N_CAUSES; i++) {
        const tw_cause_info *cause = tw_cause_get((tw_cause)i);
        use(cause->reason, in);
        use(cause->plain, in);
        for (const tw_hint *hint = cause->hints; hint->text; hint++)
            use(hint->text, in);
    }
    for (int i = 0; i < TW_N_TEXTS; i++)
        use(tw_text_template((tw_text)i), in);
    for (int number = 0; number < 256; number++) {
        GPtrArray *logs = tw_alert_logs((uint8_t)number, TW_CLIENT, NULL, size ? data[0] % TW_N_PHASES : 0);
        g_ptr_array_unref(logs);
    }
    wrap_and_escape(data, size);
    return 0;
}
