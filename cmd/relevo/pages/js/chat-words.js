// The customers' chat in Spanish and English.

const es = {
  language: 'es', close: 'Cerrar', again: 'Reintentar', discard: 'Descartar', earlier: 'Anteriores', back: 'Volver', older: 'Mensajes anteriores', hello: 'Escríbenos: te respondemos por aquí.', write: 'Escribe un mensaje',
  send: 'Enviar', attach: 'Adjuntar archivo', typing: (who) => `${who} está escribiendo…`, team: 'El equipo', read: 'leído', sent: 'enviado', waiting: 'se enviará al conectar', edited: 'editado', deleted: 'Mensaje eliminado',
  unsupported: 'Mensaje no compatible', fetching: 'llegando…', picture: 'Imagen', map: 'Ver en el mapa', before: 'Antes de empezar, ¿quién eres?', name: 'Nombre', email: 'Correo electrónico', begin: 'Empezar',
  resolved: 'La conversación se cerró. Si escribes, empieza otra.', request: 'Pedir la transcripción', transcript: { sending: 'Enviando la transcripción…', sent: 'La transcripción se envió a tu correo.', failed: 'La transcripción no se pudo enviar.' },
};

const en = {
  language: 'en', close: 'Close', again: 'Try again', discard: 'Discard', earlier: 'Earlier', back: 'Back', older: 'Earlier messages', hello: 'Write to us: we answer here.', write: 'Write a message',
  send: 'Send', attach: 'Attach a file', typing: (who) => `${who} is typing…`, team: 'The team', read: 'read', sent: 'sent', waiting: 'goes out when connected', edited: 'edited', deleted: 'Message deleted',
  unsupported: 'Message of an unknown kind', fetching: 'on its way…', picture: 'Picture', map: 'See on the map', before: 'Before we begin, who are you?', name: 'Name', email: 'E-mail address', begin: 'Begin',
  resolved: 'The conversation was closed. Writing begins another.', request: 'Request a transcript', transcript: { sending: 'Sending the transcript…', sent: 'The transcript was sent to your address.', failed: 'The transcript could not be sent.' },
};

/** The words of a language; English for those that are not here. */
export const chatWords = (language) => (String(language).startsWith('es') ? es : en);
