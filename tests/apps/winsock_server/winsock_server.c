// A winsock HTTP server: winsock_server.exe PORT [REQUESTS]. Answers every GET with 200 and a body that repeats the
// path, any other method with 405; prints "listening on PORT" once it accepts, and exits after REQUESTS answers (0 or
// absent: never). Port 0 lets the system choose; the printed number is the real one.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <winsock2.h>

static int fail(const char* what) {
  fprintf(stderr, "cannot %s: winsock error %d\n", what, WSAGetLastError());
  return 1;
}

static void answer(SOCKET client) {
  char request[2048];
  int got = recv(client, request, sizeof request - 1, 0);
  if (got <= 0) return;
  request[got] = 0;
  char path[1024] = "";
  int is_get = sscanf(request, "GET %1023s", path) == 1;
  char body[1100];
  int body_size = is_get ? snprintf(body, sizeof body, "hello from winnow: %s\n", path)
                         : snprintf(body, sizeof body, "only GET is answered\n");
  char response[1400];
  int size = snprintf(response, sizeof response,
                      "HTTP/1.1 %s\r\nContent-Type: text/plain\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s",
                      is_get ? "200 OK" : "405 Method Not Allowed", body_size, body);
  send(client, response, size, 0);
  shutdown(client, SD_SEND);
}

int main(int argc, char** argv) {
  int port = argc > 1 ? atoi(argv[1]) : 8080;
  long requests = argc > 2 ? atol(argv[2]) : 0;
  WSADATA data;
  if (WSAStartup(MAKEWORD(2, 2), &data) != 0) return fail("start winsock");
  SOCKET server = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
  if (server == INVALID_SOCKET) return fail("make a socket");
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int size = sizeof address;
  if (bind(server, (struct sockaddr*)&address, size) != 0) return fail("bind");
  if (listen(server, 16) != 0) return fail("listen");
  if (getsockname(server, (struct sockaddr*)&address, &size) != 0) return fail("ask for the port");
  printf("listening on %d\n", ntohs(address.sin_port));
  fflush(stdout);
  for (long answered = 0; requests == 0 || answered < requests; answered++) {
    SOCKET client = accept(server, NULL, NULL);
    if (client == INVALID_SOCKET) return fail("accept");
    answer(client);
    closesocket(client);
  }
  closesocket(server);
  WSACleanup();
  return 0;
}
