import '../components/hearsay-connection.js';
import '../components/hearsay-level.js';
import '../components/hearsay-link-form.js';
import '../components/hearsay-log.js';
import '../components/hearsay-microphone.js';
import '../components/hearsay-now.js';
import '../components/hearsay-outputs.js';
import '../components/hearsay-queue.js';
import '../components/hearsay-settings.js';
import '../components/hearsay-shortcuts.js';
import '../components/hearsay-sound-button.js';
import '../components/hearsay-transcript.js';
import '../components/hearsay-volume.js';
import { Hearing } from '../hearing/hearing.js';
import * as identity from '../identity/identity.js';
import { Listening } from './listening.js';
import { View } from './view.js';

const view = new View();

// A link opened in a tab that has the page already changes the fragment alone.
window.addEventListener('hashchange', () => {
  if (identity.takeLink()) location.reload();
});
view.onLink = (/** @type {string} */ token) => {
  identity.keepToken(token);
  location.reload();
};

window.addEventListener('appinstalled', () => identity.handOverToApp());

identity.takeLink();
if (identity.token()) {
  new Listening(view).start();
  view.showHearing(new Hearing(identity.token(), view.microphone, false));
} else view.askForLink('none');
