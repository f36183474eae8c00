// A console program: prints its arguments, one environment variable and the path it runs from. Exits with
// the number given after --exit, so that a test sees exit codes pass through.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

int main(int argc, char** argv) {
  char path[MAX_PATH];
  if (GetModuleFileNameA(NULL, path, sizeof path) == 0) return 2;
  printf("hello from %s\n", path);
  int exit_code = 0;
  for (int i = 1; i < argc; i++) {
    printf("argument %d: %s\n", i, argv[i]);
    if (strcmp(argv[i], "--exit") == 0 && i + 1 < argc) exit_code = atoi(argv[i + 1]);
  }
  const char* greeting = getenv("GREETING");
  printf("GREETING=%s\n", greeting ? greeting : "(unset)");
  return exit_code;
}
