/* bcryptprimitives.dll for the open userland: ProcessPrng, the random numbers of Go, Rust, deno and bun. Wine has had
 * no such module before 9.0.
 *
 * ntdll is the only import. Its system information class 23 hands out 24 bytes of the kernel's entropy for each
 * processor (Wine fills the interrupt information with getrandom(2)), so a request is served in pieces of that size.
 */
/* Each header needs the ones before it. */
/* clang-format off */
#include <stddef.h>
#include <windef.h>
#include <winbase.h>
#include <winternl.h>
/* clang-format on */

enum {
  kInterruptInformation = 23,
  kPieceBytes = 3072,          /* 24 bytes for each of 128 processors; stays below the size that needs a stack probe */
  kFastFailCryptoLibrary = 22, /* FAST_FAIL_CRYPTO_LIBRARY, winnt.h */
};

/* Callers do not look at the result, because Windows documents that it is always TRUE: going on with bytes that are not
 * random must be impossible. */
static void __attribute__((noreturn)) fail_fast(void) {
  __asm__ volatile("int $0x29" : : "c"(kFastFailCryptoLibrary) : "memory");
  __builtin_unreachable();
}

static ULONG read_entropy(BYTE* piece) {
  ULONG length = 0;
  const NTSTATUS status =
      NtQuerySystemInformation((SYSTEM_INFORMATION_CLASS)kInterruptInformation, piece, kPieceBytes, &length);
  if (status < 0 || length == 0 || length > kPieceBytes) fail_fast();
  return length;
}

BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T size) {
  BYTE piece[kPieceBytes];
  SIZE_T done = 0;
  while (done < size) {
    const SIZE_T got = read_entropy(piece);
    for (SIZE_T i = 0; i < got && done < size; ++i) data[done++] = piece[i];
  }
  /* What was handed out must not stay on the stack; volatile, or the compiler drops the stores. */
  volatile BYTE* wipe = piece;
  for (size_t i = 0; i < sizeof piece; ++i) wipe[i] = 0;
  return TRUE;
}

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, LPVOID reserved) {
  (void)instance;
  (void)reason;
  (void)reserved;
  return TRUE;
}
