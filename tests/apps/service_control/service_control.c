// Starts a service that the image registered, waits until it runs, stops it, waits until it has stopped:
// service_control.exe NAME. Everything goes through the service control manager of the image.
#include <stdio.h>
#include <windows.h>

enum { kPollMilliseconds = 50, kWaitMilliseconds = 30000 };

static int fail(const char* what) {
  fprintf(stderr, "cannot %s: error %lu\n", what, GetLastError());
  return 1;
}

static int wait_for(SC_HANDLE service, DWORD state) {
  SERVICE_STATUS status = {0};
  for (int waited = 0; waited <= kWaitMilliseconds; waited += kPollMilliseconds) {
    if (!QueryServiceStatus(service, &status)) return 0;
    if (status.dwCurrentState == state) return 1;
    Sleep(kPollMilliseconds);
  }
  SetLastError(ERROR_SERVICE_REQUEST_TIMEOUT);
  return 0;
}

int main(int argc, char** argv) {
  if (argc != 2) {
    fputs("usage: service_control NAME\n", stderr);
    return 2;
  }
  SC_HANDLE manager = OpenSCManagerA(NULL, NULL, SC_MANAGER_CONNECT);
  if (manager == NULL) return fail("open the service control manager");
  SC_HANDLE service = OpenServiceA(manager, argv[1], SERVICE_START | SERVICE_STOP | SERVICE_QUERY_STATUS);
  if (service == NULL) return fail("open the service");
  if (!StartServiceA(service, 0, NULL)) return fail("start the service");
  if (!wait_for(service, SERVICE_RUNNING)) return fail("see the service running");
  printf("%s: state %d, running\n", argv[1], SERVICE_RUNNING);
  SERVICE_STATUS status;
  if (!ControlService(service, SERVICE_CONTROL_STOP, &status)) return fail("stop the service");
  if (!wait_for(service, SERVICE_STOPPED)) return fail("see the service stopped");
  printf("%s: state %d, stopped\n", argv[1], SERVICE_STOPPED);
  CloseServiceHandle(service);
  CloseServiceHandle(manager);
  return 0;
}
