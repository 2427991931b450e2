// What the preview's widget says: in the inbox's language, not in that of who sets it.
export interface Speech {
  here: string; welcome: string; write: string; today: string; automatic: string; email: string; name: string; need: string; before: string; begin: string; example: string;
  customer: string; askEmail: string; agent: string; madeBy: string; closed: string; rate: string; start: string; tickets: string;
  reply: Record<'minutes' | 'hours' | 'day', string>;
}

export const speech: Record<'en' | 'es' | 'pt-BR', Speech> = {
  en: {
    here: 'We answer right here', welcome: 'Write to us: we answer right here.', write: 'Write your message', today: 'Today', automatic: 'Automatic', email: 'E-mail', name: 'Name',
    need: 'What can we do for you?', before: 'Before we begin, so that we know who you are and no answer gets lost:', begin: 'Begin', example: 'name@example.com', customer: 'Hello, do you send to other cities?',
    askEmail: 'Leave us your e-mail, in case we lose contact.', agent: 'Hello! Yes, everywhere: it arrives in two days.', madeBy: 'By Relevo', closed: 'The conversation was closed', rate: 'How did we do?', start: 'Write to us', tickets: 'My tickets',
    reply: { minutes: 'Usually answers in minutes', hours: 'Usually answers in a few hours', day: 'Usually answers within a day' },
  },
  es: {
    here: 'Te respondemos por aquí', welcome: 'Escríbenos: te respondemos por aquí.', write: 'Escribe tu mensaje', today: 'Hoy', automatic: 'Automático', email: 'Correo', name: 'Nombre',
    need: '¿En qué te ayudamos?', before: 'Antes de empezar, para saber quién eres y que ninguna respuesta se pierda:', begin: 'Empezar', example: 'nombre@ejemplo.com', customer: 'Hola, ¿envían a otras ciudades?',
    askEmail: 'Déjanos tu correo, por si se corta la conversación.', agent: '¡Hola! Sí, a todas: llega en dos días.', madeBy: 'Con Relevo', closed: 'La conversación se cerró', rate: '¿Cómo te atendimos?', start: 'Escríbenos', tickets: 'Mis tickets',
    reply: { minutes: 'Suele responder en minutos', hours: 'Suele responder en unas horas', day: 'Suele responder en un día' },
  },
  'pt-BR': {
    here: 'Respondemos por aqui', welcome: 'Escreva para nós: respondemos por aqui.', write: 'Escreva sua mensagem', today: 'Hoje', automatic: 'Automático', email: 'E-mail', name: 'Nome',
    need: 'Como podemos ajudar?', before: 'Antes de começar, para sabermos quem você é e nenhuma resposta se perder:', begin: 'Começar', example: 'nome@exemplo.com', customer: 'Olá, vocês enviam para outras cidades?',
    askEmail: 'Deixe seu e-mail, caso a conversa caia.', agent: 'Olá! Sim, para todas: chega em dois dias.', madeBy: 'Com Relevo', closed: 'A conversa foi encerrada', rate: 'Como foi o atendimento?', start: 'Escreva para nós', tickets: 'Meus tickets',
    reply: { minutes: 'Costuma responder em minutos', hours: 'Costuma responder em algumas horas', day: 'Costuma responder em um dia' },
  },
};
