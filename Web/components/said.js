import { make } from './make.js';
import { shownTime } from './when.js';

/** Text of these engines has many mistakes, and says so. */
const BASIC = ['pocketsphinx'];

/**
 * Who or what spoke, as shown to people.
 *
 * @param {string} speaker Empty where nobody said.
 * @param {string} source
 */
export function nameOf(speaker, source) {
  // Names that pages made up are long, and the first digits tell them apart.
  return speaker || source.replace(/^browser_(.{4}).*/, 'Browser $1');
}

/**
 * The line below a text: when it was said, by whom, and how far it can be trusted.
 *
 * @param {{at: Date, speaker: string, source: string, engine: string}} facts
 * @param {string[]} more
 */
export function origin({ at, speaker, source, engine }, more = []) {
  const facts = [nameOf(speaker, source), ...(BASIC.includes(engine) ? ['basic recogniser'] : []), ...more];
  const time = make('time', { datetime: at.toISOString() }, shownTime(at, true));
  return make('p', { class: 'note' }, time, ...facts.map((fact) => ` · ${fact}`));
}
