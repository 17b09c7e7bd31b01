#!/usr/bin/env node
// Says a long text through the queue and cuts it off after three seconds.
//
//     Examples/abort-demo.mjs
//
// The server: hearsay serve --alias tts. TTS_PORT names another port than 11500. Needs the package ws (Debian:
// node-ws, found with NODE_PATH=/usr/share/nodejs).
import { createRequire } from 'node:module';
import { randomUUID } from 'node:crypto';
const WebSocket = createRequire(import.meta.url)('ws');

const seconds = Number(process.env.ABORT_AFTER || 3);
const text = 'This sentence goes on and on, because nobody has told it yet that it will be cut off. '.repeat(4);
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
  if (event.id !== id) return;
  switch (event.type) {
    case 'started':
      setTimeout(() => socket.send(JSON.stringify({ type: 'abort_current' })), seconds * 1000);
      return console.log('started');
    case 'aborted': return leave(0, `aborted at ${event.position_ms} ms, unspoken: ${event.unspoken_text.length} characters`);
    case 'finished': return leave(1, 'finished before it could be cut off');
    case 'error': return leave(1, `error: ${event.message}`);
  }
});
