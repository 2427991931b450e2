/** The address that Meta's app sends a WhatsApp inbox's messages to, as the route in openapi.yaml has it. */
export const webhook = (origin: string, account: string, inbox: string) => `${origin}/webhooks/whatsapp/${encodeURIComponent(account)}/${encodeURIComponent(inbox)}`;

/** The names under which the operator's `relevo secret` takes an inbox's secrets. */
export const secretsOf = (inbox: string) => ['app-secret', 'verify-token', 'access-token'].map((name) => `whatsapp/${inbox}/${name}`);
