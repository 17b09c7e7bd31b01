// An echo server of the Node world, over TLS if it gets a certificate and its key; prints its port.
const { readFileSync } = require('fs');
const { WebSocketServer } = require('ws');

const [certificate, key] = process.argv.slice(2);
const http = certificate
  ? require('https').createServer({ cert: readFileSync(certificate), key: readFileSync(key) })
  : require('http').createServer();
const server = new WebSocketServer({ server: http, maxPayload: 16 << 20 });
server.on('connection', (socket) => socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary })));
http.listen(0, '127.0.0.1', () => console.log(http.address().port));
