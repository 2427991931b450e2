// What the pages are built with. Text is text: nothing here turns a string into markup of the page.
import { icon } from './icon.js';

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

const allowed = new Set(['B', 'STRONG', 'I', 'EM', 'U', 'S', 'UL', 'OL', 'LI', 'BR', 'P', 'CODE', 'PRE', 'BLOCKQUOTE']);

/** Builds the nodes of rich text anew, from an inert document: the allowed elements without attributes, links that go
 *  somewhere harmless, and the text of everything else. */
export function rich(html) {
  const copy = (from, to) => {
    for (const node of from.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) {
        to.append(node.data);
      } else if (node.nodeType === Node.ELEMENT_NODE && !['SCRIPT', 'STYLE', 'TEMPLATE'].includes(node.tagName)) {
        let made = to;
        if (allowed.has(node.tagName)) made = document.createElement(node.tagName);
        if (node.tagName === 'A' && /^(https?:|mailto:)/i.test(node.getAttribute('href') ?? '')) {
          made = h('a', { href: node.getAttribute('href'), rel: 'noopener noreferrer nofollow', target: '_blank' });
        }
        copy(node, made);
        if (made !== to) to.append(made);
      }
    }
  };
  const out = document.createDocumentFragment();
  copy(new DOMParser().parseFromString(html, 'text/html').body, out);
  return out;
}

/** Makes the HTML of what was typed with **bold** words; "" if nothing is bold. */
export function boldHTML(text) {
  if (!/\*\*[^*\n]+\*\*/.test(text)) return '';
  const escaped = text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  return escaped.replace(/\*\*([^*\n]+)\*\*/g, '<b>$1</b>').replace(/\n/g, '<br>');
}

/** The content of a message: rich or plain text, and its files. Pictures show in place. */
export function content(m, words) {
  const parts = [];
  if (m.deleted_at) return [h('i', { class: 'muted' }, words.deleted)];
  if (m.content === 'location' && m.data?.latitude) {
    parts.push(h('a', { href: `https://www.openstreetmap.org/?mlat=${encodeURIComponent(m.data.latitude)}&mlon=${encodeURIComponent(m.data.longitude)}`,
      rel: 'noopener noreferrer', target: '_blank' }, icon('pin'), ` ${words.map}`));
  }
  if (m.content === 'unsupported') parts.push(h('i', { class: 'muted' }, words.unsupported));
  if (m.html) parts.push(h('div', null, rich(m.html)));
  else if (m.text) parts.push(h('div', null, m.text));
  for (const a of m.attachments ?? []) parts.push(file(a, words));
  return parts;
}

function file(a, words) {
  if (!a.url) return h('span', { class: 'file muted' }, icon('attach'), `${a.name || a.type} · ${a.failed || words.fetching}`);
  const picture = /^image\/(png|jpeg|gif|webp)$/.test(a.type);
  return h('a', { class: picture ? undefined : 'file', href: a.url, rel: 'noopener noreferrer', target: '_blank' },
    picture ? h('img', { src: a.url + (a.url.includes('?') ? '&' : '?') + 'inline=1', alt: a.name || words.picture, loading: 'lazy' }) : [icon('attach'), `${a.name || a.type} · ${size(a.size)}`]);
}

export function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1 << 20 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / (1 << 20)).toFixed(1)} MB`;
}

export const clock = (at, language) => new Date(at).toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit' });
export const day = (at, language) => new Date(at).toLocaleDateString(language, { weekday: 'long', day: 'numeric', month: 'long' });
export const moment = (at, language) => new Date(at).toLocaleString(language, { dateStyle: 'medium', timeStyle: 'short' });

/** A short line that goes by itself. */
export function toast(text, bad = false) {
  const box = $('.toasts') ?? document.body.appendChild(h('div', { class: 'toasts', role: 'status', 'aria-live': 'polite' }));
  const line = h('p', { class: bad ? 'bad' : undefined }, text);
  box.append(line);
  setTimeout(() => line.remove(), 6000);
}

export const newID = () => crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, '0')).join('');
