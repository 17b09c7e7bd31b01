// Exists so that phones show notifications; it keeps nothing and stands before no request.

self.addEventListener('notificationclick', (event) => {
  const { notification, waitUntil } = /** @type {any} */ (event);
  notification.close();
  waitUntil.call(event, focusPage());
});

/** Brings the player to the front, or opens it. */
async function focusPage() {
  const { clients } = /** @type {any} */ (self);
  const pages = await clients.matchAll({ type: 'window', includeUncontrolled: true });
  const player = pages.find((/** @type {{url: string}} */ { url }) => new URL(url).pathname === '/player');
  return player ? player.focus() : clients.openWindow('/player');
}
