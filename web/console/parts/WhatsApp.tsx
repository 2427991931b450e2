import { createLucideIcon } from 'lucide-react';

/** WhatsApp, drawn on Lucide's message-circle. */
export const WhatsAppGlyph = createLucideIcon('whatsapp', [
  ['path', { d: 'M2.992 16.342a2 2 0 0 1 .094 1.167l-1.065 3.29a1 1 0 0 0 1.236 1.168l3.413-.998a2 2 0 0 1 1.099.092 10 10 0 1 0-4.777-4.719', key: 'a' }],
  ['path', { d: 'M8.6 8.6c0 3.9 2.9 6.8 6.8 6.8l.9-1.9-2-1.2-1.1.9a5 5 0 0 1-2.4-2.4l.9-1.1-1.2-2z', key: 'b' }],
]);
