// Prints every value of HKEY_LOCAL_MACHINE\KEY (UTF-8, one line each, in the key's order): registry_reader.exe KEY.
// Exit code 0, or 1 when the key is not there.
#include <inttypes.h>
#include <stdio.h>
#include <windows.h>

enum { kMaxValueBytes = 65536, kMaxNameChars = 16384 };

static void print_text(const wchar_t* text) {
  static char utf8[3 * kMaxValueBytes];
  if (WideCharToMultiByte(CP_UTF8, 0, text, -1, utf8, sizeof utf8, NULL, NULL) > 0) fputs(utf8, stdout);
}

static void print_list(const wchar_t* item) {
  for (; *item != 0; item += lstrlenW(item) + 1) {
    putchar('[');
    print_text(item);
    putchar(']');
  }
}

static void print_bytes(const BYTE* bytes, DWORD size) {
  for (DWORD i = 0; i < size; i++) printf("%02x", bytes[i]);
}

static void print_value(const wchar_t* name, DWORD type, const BYTE* data, DWORD size) {
  print_text(*name ? name : L"(default)");
  switch (type) {
    case REG_SZ:
      fputs(" REG_SZ ", stdout);
      print_text((const wchar_t*)data);
      break;
    case REG_EXPAND_SZ:
      fputs(" REG_EXPAND_SZ ", stdout);
      print_text((const wchar_t*)data);
      break;
    case REG_MULTI_SZ:
      fputs(" REG_MULTI_SZ ", stdout);
      print_list((const wchar_t*)data);
      break;
    case REG_DWORD:
      printf(" REG_DWORD %lu", *(const DWORD*)data);
      break;
    case REG_QWORD:
      printf(" REG_QWORD %" PRIu64, *(const uint64_t*)data);
      break;
    default:
      printf(" type %lu ", type);
      print_bytes(data, size);
  }
  putchar('\n');
}

int main(int argc, char** argv) {
  // Two terminators more than the largest value: text in a hive need not be terminated.
  static union {
    uint64_t aligned;
    BYTE bytes[kMaxValueBytes + 4];
  } data;
  static wchar_t name[kMaxNameChars];
  if (argc != 2) {
    fputs("usage: registry_reader KEY\n", stderr);
    return 2;
  }
  HKEY key;
  LSTATUS status = RegOpenKeyExA(HKEY_LOCAL_MACHINE, argv[1], 0, KEY_READ, &key);
  if (status != ERROR_SUCCESS) {
    fprintf(stderr, "cannot open HKEY_LOCAL_MACHINE\\%s: error %ld\n", argv[1], (long)status);
    return 1;
  }
  for (DWORD index = 0;; index++) {
    DWORD name_chars = kMaxNameChars, type, size = kMaxValueBytes;
    status = RegEnumValueW(key, index, name, &name_chars, NULL, &type, data.bytes, &size);
    if (status != ERROR_SUCCESS) break;
    memset(data.bytes + size, 0, 4);
    print_value(name, type, data.bytes, size);
  }
  RegCloseKey(key);
  return status == ERROR_NO_MORE_ITEMS ? 0 : 1;
}
