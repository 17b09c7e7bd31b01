/**
 * Cuts a text into what was looked for and what stands between.
 *
 * As the server finds them: whole words in any form of letters, the last one also as the beginning of a word.
 *
 * @param {string} text
 * @param {string} wanted
 * @returns {{text: string, isFound: boolean}[]} Together the whole text.
 */
export function foundWords(text, wanted) {
  const words = pieces(wanted).filter(isWord).map(folded);
  const last = words.at(-1);
  /** @type {{text: string, isFound: boolean}[]} */
  const found = [];
  for (const piece of pieces(text)) {
    const word = folded(piece);
    const isFound = isWord(piece) && (words.includes(word) || (last !== undefined && word.startsWith(last)));
    const before = found.at(-1);
    if (before && before.isFound === isFound) before.text += piece;
    else found.push({ text: piece, isFound });
  }
  return found;
}

/** @param {string} text In words and what is between them. */
function pieces(text) {
  return text.match(/[\p{L}\p{N}\p{M}]+|[^\p{L}\p{N}\p{M}]+/gu) ?? [];
}

/** @param {string} piece */
function isWord(piece) {
  return /[\p{L}\p{N}]/u.test(piece);
}

/** @param {string} word Without what tells its letters from their plain forms. */
function folded(word) {
  return word.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
