// What is fetched when it is first needed: the way in for who comes back, the forms, the transcript, rich text, files and
// faces.
import css from './later.css?url';

const sheet = document.createElement('link');
sheet.rel = 'stylesheet';
sheet.href = css;

/** Settled when the parts may be shown. */
export const dressed = new Promise<unknown>((done) => {
  sheet.onload = sheet.onerror = done;
  document.head.append(sheet);
});

export { Closed } from './closed';
export { attach, Attached, Faces, Files } from './files';
export { Give } from './form';
export { Home } from './home';
export { identify } from './host';
export { PreChat } from './prechat';
export { Rich } from './rich';
