const TOKEN = 'hearsay.token';
const DEVICE_WISH = 'hearsay.device-wish';
const OUTPUT = 'hearsay.output';
const NOTE = 'hearsay.note';
/** The server keeps a sentence for 2 s when its listener is gone. */
const RESUMABLE_MS = 2_000;

/**
 * Takes the token out of the address bar and keeps it for this tab.
 *
 * @returns {boolean} Whether the address held one.
 */
export function takeLink() {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const token = fragment.get('token');
  if (!token) return false;
  keepToken(token);
  if (fragment.has('device')) sessionStorage.setItem(DEVICE_WISH, fragment.get('device') ?? '');
  history.replaceState(null, '', location.pathname + location.search);
  return true;
}

/** The token of this tab or of the installed app, or an empty string. */
export function token() {
  return sessionStorage.getItem(TOKEN) ?? (isApp() ? localStorage.getItem(TOKEN) : null) ?? '';
}

/** Forgets a token that the server refused. */
export function forgetToken() {
  sessionStorage.removeItem(TOKEN);
  localStorage.removeItem(TOKEN);
}

/** Whether the page runs as an installed app: opened from the home screen, it has no link to bring its token along. */
function isApp() {
  return matchMedia('(display-mode: standalone)').matches;
}

/** Keeps the token for the app that this page was just installed as. */
export function handOverToApp() {
  localStorage.setItem(TOKEN, token());
}

/**
 * Reads what somebody pasted: a whole player link, or the token alone.
 *
 * @param {string} pasted
 * @returns {string} The token, or an empty string when there is none in it.
 */
export function tokenIn(pasted) {
  const text = pasted.trim();
  const fragment = text.includes('#') ? new URLSearchParams(text.slice(text.indexOf('#') + 1)).get('token') : text;
  return fragment && /^[A-Za-z0-9_-]{20,}$/.test(fragment) ? fragment : '';
}

/** @param {string} value */
export function keepToken(value) {
  sessionStorage.setItem(TOKEN, value);
  if (isApp()) localStorage.setItem(TOKEN, value);
}

/** Whether the link says that sound may go to a device the browser does not show, as in a test or a virtual machine. */
export function wantsAnyDevice() {
  return sessionStorage.getItem(DEVICE_WISH) === 'any';
}

/** The loudspeakers of this browser profile: all its tabs name the same ones. */
export function outputId() {
  const known = localStorage.getItem(OUTPUT);
  if (known) return known;
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  localStorage.setItem(OUTPUT, `browser-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`);
  return localStorage.getItem(OUTPUT) ?? '';
}

/**
 * @typedef {object} Note What a page leaves to the one after a reload.
 * @property {import('../link/session.js').Resume | null} resume
 * @property {object} jobs
 */

/**
 * Leaves a note for the page after a reload.
 *
 * Only a page that goes away writes it and the next one takes it at once, so a duplicated tab never finds one.
 *
 * @param {Note} note
 */
export function leaveNote(note) {
  sessionStorage.setItem(NOTE, JSON.stringify({ ...note, left_at: Date.now() }));
}

/** @returns {Note | null} What the page before this one left; with nothing to resume unless that was just now. */
export function takeNote() {
  const stored = sessionStorage.getItem(NOTE);
  sessionStorage.removeItem(NOTE);
  if (!stored) return null;
  const { left_at, resume, jobs } = JSON.parse(stored);
  const isFresh = Math.abs(Date.now() - left_at) < RESUMABLE_MS;
  return { jobs, resume: isFresh ? resume : null };
}

/** What people call this listener: the browser and the system, as far as the browser tells. */
export function deviceName() {
  const agent = navigator.userAgent;
  const known = /(Firefox|Edg|Chrome)\//.exec(agent)?.[1] ?? (/Safari\//.test(agent) ? 'Safari' : 'Browser');
  const browser = /Edg\//.test(agent) ? 'Edge' : known;
  const system = /Android|iPhone|iPad|Windows|Mac OS X|Linux/.exec(agent)?.[0].replace(' OS X', '');
  return system ? `${browser} on ${system}` : browser;
}
