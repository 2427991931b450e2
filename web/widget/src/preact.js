// What the widget uses of Preact, in a fifth of its weight. The views are written for Preact, with its types and its JSX, and
// run with it unchanged: `PREACT=whole npm run build` builds them so. But Preact is 4.5 of the 15 KB that the whole widget may
// weigh, nearly all of it for what no view here has: state and classes, context, refs, hooks, hydration, inner HTML. This is
// h and render with elements, texts, lists with keys and functions of props. Vite puts it in Preact's place (vite.config.ts);
// a flow holds it against the real one.

/** Makes a node: type is a tag, a function of props, or null for a text (then props is the text). */
const node = (type, props, key) => ({ type, props, key, kids: [], dom: null });

export function h(type, props, ...children) {
  const { key, ...rest } = props || {};
  if (children.length) rest.children = children;
  return node(type, rest, key);
}

export const Fragment = ({ children }) => children;

/** Draws a node into an element, reusing what was drawn there before. */
export function render(drawn, parent) {
  const root = h(Fragment, null, drawn);
  diff(parent, root, parent.drawn, parent.firstChild);
  parent.drawn = root;
}

const svg = 'http://www.w3.org/2000/svg';

/** Makes fresh's DOM of old's, placed before the DOM node next in parent; gives the DOM node after it. */
function diff(parent, fresh, old, next) {
  const { type, props } = fresh;
  if (typeof type === 'function') {
    return diffChildren(parent, fresh, old, [type(props)].flat(), next);
  }
  let dom = old?.dom;
  if (type === null) {
    dom ||= new Text();
    if (dom.data !== `${props}`) dom.data = props;
  } else {
    dom ||= type === 'svg' || parent.namespaceURI === svg ? document.createElementNS(svg, type) : document.createElement(type);
    const was = old?.props ?? {};
    for (const name in was) if (!(name in props)) set(dom, name, null, was[name]);
    for (const name in props) if (was[name] !== props[name]) set(dom, name, props[name], was[name]);
    diffChildren(dom, fresh, old, props.children ?? [], dom.firstChild);
  }
  fresh.dom = dom;
  if (dom !== next) parent.insertBefore(dom, next);
  return dom.nextSibling;
}

function diffChildren(parent, fresh, old, results, next) {
  const before = [...(old?.kids ?? [])];
  const kids = results.map((result, at) => {
    if (result == null || result === true || result === false) return null;
    const kid = Array.isArray(result) ? h(Fragment, null, ...result) : typeof result === 'object' ? result : node(null, result);
    const fits = (other) => other && other.key === kid.key && other.type === kid.type;
    const from = fits(before[at]) ? at : before.findIndex(fits);
    kid.old = before[from];
    if (from >= 0) before[from] = null;
    return kid;
  });
  for (const gone of before) if (gone) next = remove(gone, next);
  for (const kid of kids) if (kid) next = diff(parent, kid, kid.old, next), (kid.old = null);
  fresh.kids = kids;
  return next;
}

/** Takes a node's DOM away; gives the DOM node that comes next now. */
function remove({ dom, kids }, next) {
  if (dom) {
    if (dom === next) next = dom.nextSibling;
    dom.remove();
  } else for (const kid of kids) if (kid) next = remove(kid, next);
  return next;
}

function set(dom, name, value, was) {
  if (name === 'children') return;
  if (name.startsWith('on')) {
    name = name.slice(2).toLowerCase();
    dom.heard = { ...dom.heard, [name]: value };
    if (!was) dom.addEventListener(name, hear);
  } else if (name in dom && dom.namespaceURI !== svg) dom[name] = value ?? '';
  else if (value == null || (value === false && name[4] !== '-')) dom.removeAttribute(name);
  else dom.setAttribute(name, value);
}

function hear(e) {
  this.heard[e.type]?.call(this, e);
}
