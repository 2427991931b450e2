// What the pages are built with. Text is text: nothing here turns a string into markup of the page.

/** Makes an element. Properties beginning with "on" are listeners; null, undefined and false are left out. */
export function h(tag, props, ...children) {
  const el = document.createElement(tag);
  let value;
  for (const [name, given] of Object.entries(props ?? {})) {
    if (given === undefined || given === null || given === false) continue;
    if (name.startsWith('on')) el.addEventListener(name.slice(2), given);
    else if (name === 'value') value = given;
    else if (name === 'class') el.className = given;
    else if (name === 'data') Object.assign(el.dataset, given);
    else el.setAttribute(name, given === true ? '' : given);
  }
  el.append(...children.flat(3).filter((c) => c !== null && c !== undefined && c !== false));
  if (value !== undefined) el.value = value; // a select knows it only with its options
  return el;
}

/** Replaces what an element holds. */
export function fill(el, ...children) {
  el.replaceChildren(...children.flat(3).filter((c) => c !== null && c !== undefined && c !== false));
}

export const $ = (selector) => document.querySelector(selector);

export const clock = (at, language) => new Date(at).toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit' });
export const moment = (at, language) => new Date(at).toLocaleString(language, { dateStyle: 'medium', timeStyle: 'short' });

/** A short line that goes by itself. */
export function toast(text, bad = false) {
  const box = $('.toasts') ?? document.body.appendChild(h('div', { class: 'toasts', role: 'status', 'aria-live': 'polite' }));
  const line = h('p', { class: bad ? 'bad' : undefined }, text);
  box.append(line);
  setTimeout(() => line.remove(), 6000);
}

export const newID = () => crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, '0')).join('');
