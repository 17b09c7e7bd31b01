import * as identity from '../identity/identity.js';

/** More events than anybody reads; the oldest leave the page. */
const FEED_LENGTH = 500;

const notice = /** @type {HTMLElement} */ (document.querySelector('.notice[role=status]'));

identity.takeLink();
for (const element of parts('[data-from]')) repeat(element, () => fill(element));
for (const element of parts('[data-feed]')) repeat(element, () => append(element));

document.addEventListener('click', (event) => {
  const button = /** @type {Element} */ (event.target).closest('[hx-post]');
  if (button) press(button);
});
document.getElementById('clear')?.addEventListener('click', () => {
  for (const element of parts('[data-feed]')) element.replaceChildren();
});
document.getElementById('shows-speech')?.addEventListener('change', (event) => {
  const { checked } = /** @type {HTMLInputElement} */ (event.target);
  for (const element of parts('[data-feed]')) element.classList.toggle('without-speech', !checked);
});

/** @param {string} selector */
function parts(selector) {
  return /** @type {HTMLElement[]} */ ([...document.querySelectorAll(selector)]);
}

/**
 * Does something now and then, but not while nobody looks; one at a time.
 *
 * @param {HTMLElement} element Says in seconds how often.
 * @param {() => Promise<void>} work
 */
async function repeat(element, work) {
  for (;;) {
    if (!document.hidden) await work().catch(() => tell('The server does not answer; the page keeps asking.'));
    await new Promise((done) => setTimeout(done, Number(element.dataset.every) * 1_000));
  }
}

/** @param {HTMLElement} element */
async function fill(element) {
  const html = await (await ask(element.dataset.from ?? '')).text();
  // A button that did not change keeps its focus.
  if (element.dataset.shown === html) return;
  element.dataset.shown = html;
  element.innerHTML = html;
}

/** @param {HTMLElement} feed */
async function append(feed) {
  const response = await ask(`${feed.dataset.feed}?since=${feed.dataset.sequence ?? 0}`);
  const isAtEnd = feed.scrollTop + feed.clientHeight >= feed.scrollHeight - 8;
  feed.insertAdjacentHTML('beforeend', await response.text());
  feed.dataset.sequence = response.headers.get('X-Event-Sequence') ?? feed.dataset.sequence;
  for (const time of feed.querySelectorAll('time:not([title])')) {
    time.setAttribute('title', time.textContent ?? '');
    time.textContent = new Date(/** @type {HTMLTimeElement} */ (time).dateTime).toLocaleTimeString();
  }
  while (feed.childElementCount > FEED_LENGTH) feed.firstElementChild?.remove();
  if (isAtEnd) feed.scrollTop = feed.scrollHeight;
}

/** @param {Element} button Says where to post; its answer takes its place. */
async function press(button) {
  const response = await ask(button.getAttribute('hx-post') ?? '', 'POST');
  if (response.ok) button.outerHTML = await response.text();
}

/**
 * @param {string} path
 * @param {string} [method]
 */
async function ask(path, method = 'GET') {
  const token = identity.token();
  const response = await fetch(path, { method, headers: token ? { Authorization: `Bearer ${token}` } : {} });
  if (response.ok) tell('');
  else if (response.status === 401) tell('From here a token is needed: open this page with #token=… at its end.');
  else tell((await response.clone().json().catch(() => ({}))).detail ?? `The server says ${response.status}.`);
  return response;
}

/** @param {string} text Empty for nothing. */
function tell(text) {
  notice.textContent = text;
  notice.hidden = !text;
}
