// The few pictures of the pages, drawn on 24 by 24, so that no font is needed for them.

const paths = {
  attach: 'M8 12.5 14 6.5a3 3 0 0 1 4.3 4.3l-7.8 7.8a5 5 0 0 1-7-7L11 4',
  back: 'M15 5l-7 7 7 7',
  bell: 'M6 17V11a6 6 0 0 1 12 0v6l2 2H4zM10 21h4',
  chat: 'M4 5h16v11H11l-5 4v-4H4z',
  close: 'M6 6l12 12M18 6 6 18',
  info: 'M12 3a9 9 0 1 0 .01 0zM12 11v6M12 7.5v.5',
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  phone: 'M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a1 1 0 0 1-1 1A15 15 0 0 1 4 5a1 1 0 0 1 1-1z',
  pin: 'M12 21s7-6.5 7-11.5a7 7 0 0 0-14 0C5 14.5 12 21 12 21zM12 7.5a2 2 0 1 0 .01 0z',
  reply: 'M10 6 4 12l6 6M4 12h9a7 7 0 0 1 7 7',
  send: 'M4 12 20 4l-5 16-3.5-6.5z',
  smile: 'M12 3a9 9 0 1 0 .01 0zM8.5 14.5a4.5 4.5 0 0 0 7 0M9 9.5v.5M15 9.5v.5',
  wait: 'M12 3a9 9 0 1 0 .01 0zM12 7v5l3 2',
  warn: 'M12 4 21 20H3zM12 10v4M12 17v.5',
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
