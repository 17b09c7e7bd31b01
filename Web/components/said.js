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
  // Names that were made up are long, and the first digits tell them apart.
  return speaker || source.replace(/^browser_(.{4}).*/, 'Browser $1').replace(/^src_(.{4}).*/, 'Source $1');
}

/**
 * Who spoke, at which source and in which group, and how far the text of these engines can be trusted.
 *
 * @param {{speaker: string, source: string, group?: string, engines: string[]}} said
 * @returns {string[]}
 */
export function factsOf({ speaker, source, group = '', engines }) {
  const [who, where] = [nameOf(speaker, source), nameOf('', source)];
  const places = [where, group].filter((place) => place !== '' && place !== who);
  return [who, ...places, ...(engines.some((engine) => BASIC.includes(engine)) ? ['basic recogniser'] : [])];
}

/**
 * The line below a text: when it was said, by whom and where, and how far it can be trusted.
 *
 * @param {{at: Date, speaker: string, source: string, group?: string, engine: string}} said
 * @param {string[]} more
 */
export function origin({ at, speaker, source, group, engine }, more = []) {
  const facts = [...factsOf({ speaker, source, group, engines: [engine] }), ...more];
  const time = make('time', { datetime: at.toISOString() }, shownTime(at, true));
  return make('p', { class: 'note' }, time, ...facts.map((fact) => ` · ${fact}`));
}
