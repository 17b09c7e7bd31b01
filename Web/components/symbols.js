const SVG = 'http://www.w3.org/2000/svg';

/**
 * The outlines of the symbols, on a grid of 24. They are part of the code, because a symbol that says the server
 * is down cannot be fetched from it.
 */
const OUTLINES = {
  sound: 'M4 9.5v5h3.5l4.5 4v-13l-4.5 4zM15.5 9a4.2 4.2 0 0 1 0 6M18.2 6.3a8 8 0 0 1 0 11.4',
  muted: 'M4 9.5v5h3.5l4.5 4v-13l-4.5 4zM16 9.5l5 5m0-5-5 5',
  speaker:
    'M8.5 3.5h7a2 2 0 0 1 2 2v13a2 2 0 0 1-2 2h-7a2 2 0 0 1-2-2v-13a2 2 0 0 1 2-2z' +
    'M12 11.5a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM12 7.5h.01',
  elsewhere: 'M5.5 7.5h7a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-7a2 2 0 0 1-2-2v-9a2 2 0 0 1 2-2zM9.5 3.5h9a2 2 0 0 1 2 2v11',
  microphone: 'M12 3.5a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0v-5a3 3 0 0 1 3-3zM6 11.5a6 6 0 0 0 12 0M12 17.5v3',
  play: 'M8 5.5v13l10.5-6.5z',
  pause: 'M8.5 5.5v13M15.5 5.5v13',
  download: 'M12 4v11m-4.5-4.5L12 15l4.5-4.5M5 19.5h14',
  remove: 'M4.5 7h15M9.5 7V4.5h5V7M6.5 7l1 12.5h9l1-12.5M10.2 10.5v5.5m3.6-5.5v5.5',
  find: 'M10.5 4.5a6 6 0 1 1 0 12 6 6 0 0 1 0-12zM15 15l4.5 4.5',
  quiet: 'M19.5 14.2a8 8 0 0 1-9.7-9.7 8 8 0 1 0 9.7 9.7z',
  linked: 'm5.5 12.5 4.5 4.5 9-10',
  linking: 'M19.5 12a7.5 7.5 0 1 1-2.6-5.7M17.5 3v3.8h-3.8',
  unlinked: 'M12 7.5v5.5m0 3.5h.01M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17z',
};

/**
 * Draws a symbol; the words beside it say the same, so screen readers pass over it.
 *
 * @param {keyof typeof OUTLINES} name
 */
export function symbol(name) {
  const svg = document.createElementNS(SVG, 'svg');
  const path = document.createElementNS(SVG, 'path');
  svg.setAttribute('class', 'symbol');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  path.setAttribute('d', OUTLINES[name]);
  svg.append(path);
  return svg;
}

/** @typedef {keyof typeof OUTLINES} SymbolName */
