// A small HTTP server: `node server.js [PORT]` (0 lets the system choose). Prints "listening on N" once it answers.
// --requests N: exit after N answers. --self-test: ask itself once over loopback, check the answer, exit 0.
'use strict';
const http = require('http');

const options = process.argv.slice(2);
const selfTest = options.includes('--self-test');
const requestsAt = options.indexOf('--requests');
let requestsLeft = requestsAt >= 0 ? Number(options.splice(requestsAt, 2)[1]) : Infinity;
const port = selfTest ? 0 : Number(options[0] || 8080);

function greeting(path) {
  return `hello from node ${process.version} on ${process.platform}: ${path}\n`;
}

const server = http.createServer((request, response) => {
  response.writeHead(200, {'Content-Type': 'text/plain', 'Connection': 'close'});
  response.end(greeting(request.url));
  requestsLeft -= 1;
  if (requestsLeft === 0) server.close();
});

function askMyself(address) {
  http.get({host: '127.0.0.1', port: address.port, path: '/self-test', agent: false}, (response) => {
    let body = '';
    response.setEncoding('utf8');
    response.on('data', (chunk) => { body += chunk; });
    response.on('end', () => {
      const passed = response.statusCode === 200 && body === greeting('/self-test');
      console.log(`self-test: ${response.statusCode} ${body.trim()}`);
      server.close();
      process.exitCode = passed ? 0 : 1;
    });
  });
}

server.listen(port, '127.0.0.1', () => {
  console.log(`listening on ${server.address().port}`);
  if (selfTest) askMyself(server.address());
});
