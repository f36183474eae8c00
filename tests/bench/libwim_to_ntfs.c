// The fastest way that existed to put a folder into an NTFS volume: libwim, folder to volume in one process, no WIM
// file between. disk_bench.py compiles it.   libwim_to_ntfs FOLDER VOLUME
#include <stdio.h>
#include <wimlib.h>

static int failed(const char* step, int code) {
  if (code != 0) fprintf(stderr, "%s: %s\n", step, wimlib_get_error_string((enum wimlib_error_code)code));
  return code != 0;
}

int main(int argc, char** argv) {
  WIMStruct* wim = NULL;
  if (argc != 3) return 2;
  wimlib_set_print_errors(true);
  if (failed("create", wimlib_create_new_wim(WIMLIB_COMPRESSION_TYPE_NONE, &wim))) return 1;
  if (failed("add", wimlib_add_image(wim, argv[1], "tree", NULL, 0))) return 1;
  if (failed("extract", wimlib_extract_image(wim, 1, argv[2], WIMLIB_EXTRACT_FLAG_NTFS))) return 1;
  wimlib_free(wim);
  return 0;
}
