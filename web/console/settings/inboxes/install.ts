// What has to be put into a site so that the chat shows there.
import { isColor } from '../color';

/** The line to paste. With a campaign it says so: without that word nothing but the loader comes before the chat is opened. */
export const snippet = (origin: string, inbox: { key: string; color: string; campaign?: { enabled?: boolean } | undefined }): string =>
  `<script async src="${origin}/widget.js" data-inbox="${inbox.key}"${isColor(inbox.color) ? ` data-color="${inbox.color}"` : ''}${inbox.campaign?.enabled ? ' data-campaign' : ''}></script>`;

/** What a page with a strict Content-Security-Policy has to allow. */
export const directives = (origin: string): string => `script-src ${origin}; frame-src ${origin}`;

/** How the site says who its visitor is; hash is made on its server. */
export const example = `// on the server: hash = HMAC-SHA256(secret, user_id + "\\n" + email + "\\n" + name), in hexadecimal
relevo('identify', { user_id, email, name, hash })`;

/** Sites, one a line, as origins: "shop.example/" becomes "https://shop.example". */
export function originsOf(typed: string): string[] {
  return typed.split(/[\s,]+/).filter(Boolean).map((line) => {
    try {
      return new URL(line.includes('://') ? line : `https://${line}`).origin;
    } catch {
      return line; // the desk names it
    }
  });
}
