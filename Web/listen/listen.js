import '../components/hearsay-connection.js';
import '../components/hearsay-drafts.js';
import '../components/hearsay-find.js';
import '../components/hearsay-link-form.js';
import '../components/hearsay-microphone.js';
import '../components/hearsay-sources.js';
import '../components/hearsay-transcript.js';
import { Hearing } from '../hearing/hearing.js';
import * as identity from '../identity/identity.js';
import { Operator } from './operator.js';
import { Reading } from './reading.js';

const connection = find('hearsay-connection');
const form = find('hearsay-link-form');

window.addEventListener('hashchange', () => {
  if (identity.takeLink()) location.reload();
});
form.addEventListener('link', () => pasted());

identity.takeLink();
if (identity.token()) listen();
else askForLink('none');

function listen() {
  const hearing = new Hearing(identity.token(), find('hearsay-microphone'), true);
  const reading = new Reading(identity.token(), {
    drafts: find('hearsay-drafts'),
    find: find('hearsay-find'),
    live: find('hearsay-transcript'),
  });
  const operator = new Operator(identity.token(), find('hearsay-sources'));
  hearing.addEventListener('event', (event) => reading.apply(/** @type {CustomEvent} */ (event).detail));
  const showLines = () => {
    const { group } = find('hearsay-find');
    find('hearsay-transcript').lines = hearing.transcripts.lines.filter((line) => group === '' || line.group === group);
  };
  find('hearsay-find').addEventListener('group', showLines);
  hearing.addEventListener('change', () => {
    find('hearsay-find').groups = hearing.transcripts.groups;
    showLines();
    find('hearsay-sources').sources = hearing.transcripts.sources;
  });
  hearing.addEventListener('connection', (event) => {
    const { detail } = /** @type {CustomEvent<import('../hearing/hearing-link.js').Connection>} */ (event);
    connection.connection = detail;
    if (detail.state === 'connected') {
      reading.refresh();
      operator.refresh();
    }
    if (detail.state !== 'refused') return;
    if (detail.cause === 'token') identity.forgetToken();
    askForLink(detail.cause);
  });
}

function pasted() {
  const token = identity.tokenIn(form.value);
  if (!token) return form.reject();
  identity.keepToken(token);
  return location.reload();
}

/** @param {'none' | 'token' | 'forbidden' | 'listener'} cause */
function askForLink(cause) {
  if (cause === 'none') connection.connection = { state: 'unlinked' };
  form.ask(cause);
  document.body.dataset.link = 'needed';
}

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 */
function find(name) {
  const element = document.querySelector(name);
  if (!element) throw new Error(`the page lacks ${name}`);
  return element;
}
