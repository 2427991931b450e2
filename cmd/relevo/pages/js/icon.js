// The few pictures of the pages, drawn on 24 by 24, so that no font is needed for them.

const paths = {
  attach: 'M8 12.5 14 6.5a3 3 0 0 1 4.3 4.3l-7.8 7.8a5 5 0 0 1-7-7L11 4',
  pin: 'M12 21s7-6.5 7-11.5a7 7 0 0 0-14 0C5 14.5 12 21 12 21zM12 7.5a2 2 0 1 0 .01 0z',
  reply: 'M10 6 4 12l6 6M4 12h9a7 7 0 0 1 7 7',
};

/** Makes a picture; what it says must stand in a text beside it, or in the label of its button. */
export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  for (const [key, value] of Object.entries({ viewBox: '0 0 24 24', class: 'icon', 'aria-hidden': 'true' })) svg.setAttribute(key, value);
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', paths[name]);
  svg.append(path);
  return svg;
}
