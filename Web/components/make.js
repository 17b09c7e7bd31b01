/**
 * Makes an element. Text goes in as text, never as markup: much of it was written by somebody else.
 *
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, string | boolean>} attributes True for one without a value, false for none.
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== false) element.setAttribute(key, value === true ? '' : value);
  }
  element.append(...children);
  return element;
}

/**
 * Makes one of the symbols in the page's icon file.
 *
 * @param {string} name
 */
export function symbol(name) {
  const namespace = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(namespace, 'svg');
  const use = document.createElementNS(namespace, 'use');
  svg.setAttribute('class', 'symbol');
  svg.setAttribute('aria-hidden', 'true');
  use.setAttribute('href', `/web/symbols.svg#${name}`);
  svg.append(use);
  return svg;
}
