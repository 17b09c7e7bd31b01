// A relay on Debian's `ws`: node relay.js PORT [CERTIFICATE KEY]
const fs = require("fs");
const http = require("http");
const https = require("https");
const path = "/usr/share/nodejs/ws";
const { WebSocketServer } = require(fs.existsSync(path) ? path : "ws");

const [port, certificate, key] = process.argv.slice(2);
const topics = new Map();

const answer = (request, response) => {
  if (request.headers.authorization !== "Bearer measure") {
    response.writeHead(401).end();
    return;
  }
  const body = '{"status":"ok","jobs":0}';
  response.writeHead(200, { "Content-Type": "application/json", "Content-Length": body.length }).end(body);
};
const server = certificate
  ? https.createServer({ cert: fs.readFileSync(certificate), key: fs.readFileSync(key) }, answer)
  : http.createServer(answer);

const sockets = new WebSocketServer({ server, perMessageDeflate: false, maxPayload: 8 << 20 });
sockets.on("connection", (socket, request) => {
  const url = new URL(request.url, "http://localhost");
  const topic = url.searchParams.get("topic") ?? "";
  if (url.pathname === "/pub") {
    socket.on("message", (data) => {
      for (const listener of topics.get(topic) ?? []) listener.send(data, { binary: true });
    });
  } else if (url.pathname === "/sub") {
    if (!topics.has(topic)) topics.set(topic, new Set());
    topics.get(topic).add(socket);
    socket.on("close", () => topics.get(topic).delete(socket));
  } else {
    socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary }));
  }
  socket.on("error", () => socket.terminate());
});
server.listen({ port: Number(port), host: "127.0.0.1", backlog: 4096 });
