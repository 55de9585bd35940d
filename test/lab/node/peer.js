// A client or server on Node.js: peer.js client|server PORT OPTIONS, the options of its tls module as JSON,
// with files for "ca", "cert" and "key"; "half": the client ends its half and goes on reading.
//
// SPDX-License-Identifier: GPL-2.0-or-later
'use strict';
const fs = require('fs');
const tls = require('tls');

const [side, port, json] = process.argv.slice(2);
const options = JSON.parse(json || '{}');
for (const file of ['ca', 'cert', 'key'])
  if (options[file]) options[file] = fs.readFileSync(options[file]);

if (side === 'client') {
  const socket = tls.connect({ port, host: '127.0.0.1', ...options }, () => {
    console.log('handshake completed,', socket.getProtocol(), socket.authorized ? 'verified' : 'not verified: ' + socket.authorizationError);
    socket.write('hello\n');
  });
  socket.on('data', (data) => {
    console.log('got', data.length, 'bytes');
    socket.end();
  });
  socket.on('error', (error) => console.log('error:', error.code, error.message));
  socket.on('close', () => console.log('closed'));
} else {
  const server = tls.createServer(options, (socket) => {
    console.log('handshake completed,', socket.getProtocol(), socket.authorized ? 'verified' : 'not verified: ' + socket.authorizationError);
    socket.on('data', (data) => socket.write(data));
    socket.on('error', (error) => console.log('error:', error.code, error.message));
  });
  server.on('tlsClientError', (error) => console.log('error:', error.code, error.message));
  server.listen(port, '127.0.0.1');
}
