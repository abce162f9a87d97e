/* What inflating alone takes: all chunks of a file, on all cores, by libdeflate. Nothing is read from HDF5, copied or
 * made into a matrix.
 *   raw_inflate FILE TIMES    FILE: for each chunk its size, its size when inflated (8 bytes each), and its bytes */
#include <libdeflate.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

struct chunk {
  uint64_t size, inflated;
  const unsigned char* bytes;
};

static struct chunk* chunks;
static size_t n_chunks, largest;
static atomic_size_t next_chunk;

static void fail(const char* what) {
  fprintf(stderr, "%s\n", what);
  exit(1);
}

static void read_chunks(const char* path) {
  FILE* file = fopen(path, "rb");
  if (!file) fail("the file cannot be opened");
  uint64_t sizes[2];
  while (fread(sizes, sizeof sizes, 1, file) == 1) {
    unsigned char* bytes = malloc(sizes[0]);
    chunks = realloc(chunks, (n_chunks + 1) * sizeof *chunks);
    if (!bytes || !chunks || fread(bytes, 1, sizes[0], file) != sizes[0]) fail("the file is cut short");
    chunks[n_chunks++] = (struct chunk){sizes[0], sizes[1], bytes};
    if (sizes[1] > largest) largest = sizes[1];
  }
  fclose(file);
}

static void* inflate_some(void* unused) {
  struct libdeflate_decompressor* inflater = libdeflate_alloc_decompressor();
  unsigned char* out = malloc(largest);
  for (size_t i; (i = atomic_fetch_add(&next_chunk, 1)) < n_chunks;) {
    const struct chunk* one = &chunks[i];
    if (libdeflate_zlib_decompress(inflater, one->bytes, one->size, out, one->inflated, NULL) != LIBDEFLATE_SUCCESS)
      fail("a chunk cannot be inflated");
  }
  free(out);
  libdeflate_free_decompressor(inflater);
  return unused;
}

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

int main(int argc, char** argv) {
  if (argc != 3) fail("usage: raw_inflate FILE TIMES");
  read_chunks(argv[1]);
  const long cores = sysconf(_SC_NPROCESSORS_ONLN);
  pthread_t* threads = calloc((size_t)cores, sizeof *threads);
  for (int turn = atoi(argv[2]); turn > 0; --turn) {
    const double began = seconds();
    atomic_store(&next_chunk, 0);
    for (long i = 0; i < cores; ++i) pthread_create(&threads[i], NULL, inflate_some, NULL);
    for (long i = 0; i < cores; ++i) pthread_join(threads[i], NULL);
    printf("%.9f\n", seconds() - began);
  }
  return 0;
}
