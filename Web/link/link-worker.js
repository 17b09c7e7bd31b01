import { LinkSession } from './session.js';

/**
 * @typedef {{type: 'start', settings: import('./session.js').LinkSettings, sink: MessagePort,
 *     readiness: import('./session.js').Readiness}
 *   | {type: 'readiness', readiness: import('./session.js').Readiness}
 *   | {type: 'visible', isVisible: boolean}
 *   | {type: 'savesData', savesData: boolean}
 *   | {type: 'trim', trim: import('./session.js').Trim}
 *   | {type: 'wake'}} LinkCommand What the page tells the worker.
 */

/** @type {LinkSession | null} */
let session = null;

// A worker of its own, because samples must go on when the page is busy.
self.onmessage = (/** @type {MessageEvent<LinkCommand>} */ { data }) => {
  switch (data.type) {
    case 'start':
      session = new LinkSession(data.settings, data.sink, (notice) => self.postMessage(notice));
      session.readiness = data.readiness;
      return session.connect();
    case 'readiness':
      if (session) session.readiness = data.readiness;
      return;
    case 'visible':
      if (session) session.isVisible = data.isVisible;
      return;
    case 'trim':
      if (session) session.trim = data.trim;
      return;
    case 'savesData':
      if (session) session.savesData = data.savesData;
      return;
    case 'wake':
      return session?.wake();
  }
};
