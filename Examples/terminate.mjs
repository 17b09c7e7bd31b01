#!/usr/bin/env node
// Ends the server through the queue.
//
//     Examples/terminate.mjs
//
// HEARSAY_TOKEN is the token of an administrator; without it, that of the server on this machine is taken.
// TTS_PORT names another port than 11500. Needs the package ws (Debian:
// node-ws, found with NODE_PATH=/usr/share/nodejs).
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
const WebSocket = createRequire(import.meta.url)('ws');

const folder = `${process.env.XDG_DATA_HOME || `${homedir()}/.local/share`}/hearsay`;
const token = process.env.HEARSAY_TOKEN || readFileSync(`${folder}/admin.token`, 'utf8').trim();
const socket = new WebSocket(`ws://127.0.0.1:${process.env.TTS_PORT || 11500}`, { headers: { Authorization: `Bearer ${token}` } });

socket.on('open', () => socket.send(JSON.stringify({ type: 'terminate' })));
socket.on('error', (error) => {
  console.log(`no queue: ${error.message}`);
  process.exitCode = 1;
});
socket.on('message', (data) => {
  const event = JSON.parse(data);
  if (event.type !== 'error' || event.id) return;  // jobs that the end cuts off have an id
  console.log(`refused: ${event.message}`);
  process.exitCode = 1;
  socket.close();
});
socket.on('close', () => {
  if (!process.exitCode) console.log('the server has ended');
});
