/* Runs a fuzz target without libFuzzer: every file of a folder, and then mutations of them from a fixed seed.
 *
 *   fuzz_NAME FOLDER SECONDS [SEED]
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

#define INPUT_MAX 65536
#define ROUNDS    4 /* mutations of one input, at most */

static gint by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static GPtrArray *read_folder(const char *folder)
{
    GPtrArray *seeds = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    GDir *dir = g_dir_open(folder, 0, NULL);
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    const char *name;
    while (dir && (name = g_dir_read_name(dir)))
        g_ptr_array_add(names, g_build_filename(folder, name, NULL));
    g_ptr_array_sort(names, by_name);
    for (unsigned i = 0; i < names->len; i++) {
        char *data;
        gsize len;
        if (g_file_get_contents(g_ptr_array_index(names, i), &data, &len, NULL))
            g_ptr_array_add(seeds, g_bytes_new_take(data, len));
    }
    if (dir)
        g_dir_close(dir);
    g_ptr_array_unref(names);
    return seeds;
}

static void run(const uint8_t *data, size_t len)
{
    uint8_t *copy = g_memdup2(data, len);
    LLVMFuzzerTestOneInput(copy, len);
    g_free(copy);
}

static void change(GRand *rand, GByteArray *b)
{
    static const uint8_t edges[] = { 0, 1, 0x7f, 0x80, 0xff };
    guint32 at = b->len ? (guint32)g_rand_int_range(rand, 0, (gint32)b->len) : 0;
    guint32 n = b->len ? (guint32)g_rand_int_range(rand, 1, 1 + (gint32)MIN(b->len - at, 64)) : 0;
    switch (b->len ? g_rand_int_range(rand, 0, 5) : 4) {
    case 0: b->data[at] ^= (uint8_t)(1u << g_rand_int_range(rand, 0, 8)); break;
    case 1: b->data[at] = edges[g_rand_int_range(rand, 0, G_N_ELEMENTS(edges))]; break;
    case 2: g_byte_array_remove_range(b, at, n); break;
    case 3: {
        uint8_t *piece = g_memdup2(b->data + at, n);
        g_byte_array_append(b, piece, n);
        g_free(piece);
        break;
    }
    default: {
        uint8_t byte = (uint8_t)g_rand_int_range(rand, 0, 256);
        g_byte_array_append(b, &byte, 1);
    }
    }
}

int main(int argc, char **argv)
{
    GPtrArray *seeds = argc > 2 ? read_folder(argv[1]) : NULL;
    GRand *rand = g_rand_new_with_seed(argc > 3 ? (guint32)strtoul(argv[3], NULL, 0) : 1);
    gint64 until = g_get_monotonic_time() + (argc > 2 ? (gint64)strtol(argv[2], NULL, 0) * G_USEC_PER_SEC : 0);
    unsigned long runs = 0;
    if (!seeds || !seeds->len) {
        fprintf(stderr, "usage: %s FOLDER SECONDS [SEED]; the folder holds inputs\n", argv[0]);
        return 2;
    }
    for (unsigned i = 0; i < seeds->len; i++, runs++)
        run(g_bytes_get_data(g_ptr_array_index(seeds, i), NULL), g_bytes_get_size(g_ptr_array_index(seeds, i)));
    while (g_get_monotonic_time() < until) {
        GBytes *seed = g_ptr_array_index(seeds, (guint)g_rand_int_range(rand, 0, (gint32)seeds->len));
        GByteArray *b = g_byte_array_new();
        g_byte_array_append(b, g_bytes_get_data(seed, NULL), (guint)MIN(g_bytes_get_size(seed), INPUT_MAX));
        for (int n = g_rand_int_range(rand, 1, ROUNDS + 1); n > 0; n--)
            change(rand, b);
        run(b->data, b->len);
        g_byte_array_unref(b);
        runs++;
    }
    printf("%lu inputs\n", runs);
    g_rand_free(rand);
    g_ptr_array_unref(seeds);
    return 0;
}
