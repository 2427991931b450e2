// What is loaded whenever the customer opens his tickets: few do.
import { arrive } from './portal';
import css from './portal.css?inline';
import { portal } from './screens';

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);
document.adoptedStyleSheets.push(sheet);

/** Shows them, as they are now. */
export function open(): void {
  void arrive(portal);
}
