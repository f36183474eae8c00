// A Windows service of its own process, "WinnowSample": reports RUNNING, waits until it is told to stop, reports
// STOPPED.
#include <windows.h>

static wchar_t service_name[] = L"WinnowSample";
static SERVICE_STATUS_HANDLE status_handle;
static HANDLE stop_event;

static void report(DWORD state) {
  SERVICE_STATUS status = {.dwServiceType = SERVICE_WIN32_OWN_PROCESS, .dwCurrentState = state};
  if (state == SERVICE_RUNNING) status.dwControlsAccepted = SERVICE_ACCEPT_STOP;
  SetServiceStatus(status_handle, &status);
}

static DWORD WINAPI on_control(DWORD control, DWORD event_type, void* event, void* context) {
  (void)event_type, (void)event, (void)context;
  if (control == SERVICE_CONTROL_STOP) {
    report(SERVICE_STOP_PENDING);
    SetEvent(stop_event);
  }
  return control == SERVICE_CONTROL_STOP || control == SERVICE_CONTROL_INTERROGATE ? NO_ERROR
                                                                                   : ERROR_CALL_NOT_IMPLEMENTED;
}

static void WINAPI serve(DWORD argc, wchar_t** argv) {
  (void)argc, (void)argv;
  stop_event = CreateEventW(NULL, TRUE, FALSE, NULL);
  status_handle = RegisterServiceCtrlHandlerExW(service_name, on_control, NULL);
  if (stop_event == NULL || status_handle == NULL) return;
  report(SERVICE_RUNNING);
  WaitForSingleObject(stop_event, INFINITE);
  report(SERVICE_STOPPED);
}

int main(void) {
  SERVICE_TABLE_ENTRYW table[] = {{service_name, serve}, {NULL, NULL}};
  return StartServiceCtrlDispatcherW(table) ? 0 : 1;
}
