// The page's icon with a number, for a tab among many.
const size = 64;

/** Draws the number over the icon; none at 0. */
export function badge(count: number): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel=icon]');
  if (!link) return;
  if (count === 0) {
    link.href = '/icon.svg';
    return;
  }
  const picture = new Image();
  picture.onload = () => {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = size;
    const pen = canvas.getContext('2d');
    if (!pen) return;
    pen.drawImage(picture, 0, 0, size, size);
    pen.fillStyle = '#c3342b';
    pen.beginPath();
    pen.arc(size * 0.68, size * 0.68, size * 0.32, 0, 2 * Math.PI);
    pen.fill();
    pen.fillStyle = '#fff';
    pen.font = `600 ${size * 0.42}px sans-serif`;
    pen.textAlign = 'center';
    pen.textBaseline = 'middle';
    pen.fillText(count > 9 ? '9+' : String(count), size * 0.68, size * 0.7);
    link.href = canvas.toDataURL();
  };
  picture.src = '/icon.svg';
}
