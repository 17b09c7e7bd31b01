#!/usr/bin/env node
// Says a text through the queue and exits when it was heard to its end.
//
//     Examples/speak.mjs "hello"
//
// The server: hearsay serve --alias tts. TTS_PORT names another port than 11500. Needs the package ws (Debian:
// node-ws, found with NODE_PATH=/usr/share/nodejs).
import { createRequire } from 'node:module';
import { randomUUID } from 'node:crypto';
const WebSocket = createRequire(import.meta.url)('ws');

const text = process.argv.slice(2).join(' ') || 'hello';
const id = randomUUID();
const socket = new WebSocket(`ws://127.0.0.1:${process.env.TTS_PORT || 11500}`);

function leave(code, line) {
  console.log(line);
  process.exitCode = code;
  socket.close();
}

socket.on('open', () => socket.send(JSON.stringify({ type: 'speak', text, id })));
socket.on('error', (error) => leave(1, `no queue: ${error.message}`));
socket.on('message', (data) => {
  const event = JSON.parse(data);
  if (event.id !== id) return;  // every client is told of every job
  switch (event.type) {
    case 'finished': return leave(0, `finished after ${event.duration_ms} ms`);
    case 'aborted': return leave(2, `aborted after ${event.spoken_percent} %`);
    case 'error': return leave(1, `error: ${event.message}`);
    default: console.log(event.type);
  }
});
