// Colours of inboxes and labels: whether one reads, measured as WCAG 2.2 does.

/** Of the palette, dark enough for white words: what most people want, at a click. */
export const swatches = ['#2b5dd7', '#5b3a2a', '#20513f', '#7a2e3a', '#24415f', '#0c7d48', '#885205', '#ac1922', '#3a3d42'] as const;

export const isColor = (text: string): boolean => /^#[0-9a-fA-F]{6}$/.test(text);

/** "2B5DD7" and "#2b5" as the desk wants them; what is no colour stays as it was typed. */
export function normalColor(typed: string): string {
  const hex = typed.trim().toLowerCase().replace(/^#?/, '#');
  if (/^#[0-9a-f]{3}$/.test(hex)) return `#${[...hex.slice(1)].map((d) => d + d).join('')}`;
  return isColor(hex) ? hex : typed.trim();
}

/** Relative luminance, 0 to 1. */
export function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const share = parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** The widget writes white or black on a colour, whichever reads better: what it reaches, to 1. */
export function contrast(hex: string): number {
  const y = luminance(hex);
  return y <= 0.179 ? 1.05 / (y + 0.05) : (y + 0.05) / 0.05;
}
