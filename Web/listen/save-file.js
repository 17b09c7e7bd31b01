/** How long a browser may take to begin with a download. */
const KEPT_MS = 60_000;

/**
 * Has the browser save a file.
 *
 * @param {Blob} contents
 * @param {string} name
 */
export function saveFile(contents, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(contents);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
}

/**
 * A name for a file, by what it holds and when that was said.
 *
 * @param {string} what
 * @param {Date} at
 * @param {string} ending
 */
export function fileName(what, at, ending) {
  const two = (/** @type {number} */ number) => String(number).padStart(2, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${what}-${day}-${two(at.getHours())}${two(at.getMinutes())}.${ending}`;
}
