// The shapes of /widget/v1 that the chat uses, as openapi.yaml names them, and the frames of docs/live.md.

export interface Attachment {
  name: string;
  type: string;
  size: number;
  url?: string;
}

export interface Message {
  id: string;
  conversation: string;
  author: { kind: 'customer' | 'agent' | 'bot' | 'system'; name?: string };
  content: string;
  text: string;
  html?: string;
  attachments: Attachment[];
  reply_to?: string;
  client_id?: string;
  automatic: boolean;
  at: string;
  edited_at?: string;
  deleted_at?: string;
}

export interface Conversation {
  id: string;
  status: 'open' | 'resolved';
  created_at: string;
  closed_at?: string;
  last_at?: string;
  preview?: { text: string; by: string };
  read_to?: string;
  customer_read?: string;
}

export interface Thread {
  conversation?: Conversation;
  messages: Message[];
  more: boolean;
}

export interface Contact {
  name: string;
  email: string;
}

/** What a host page or a form may tell of the visitor. */
export interface About {
  name?: string;
  email?: string;
  phone?: string;
  language?: string;
  page?: string;
}

export interface Inbox {
  account: string;
  name: string;
  language: string;
  color: string;
  pre_chat_form: boolean;
  collect_email: boolean;
}

export interface Session {
  token: string;
  expires_at: string;
  secret?: string;
  inbox: Inbox;
}

export interface AttachmentRef {
  key: string;
  name: string;
}

/** A message on its way. */
export interface Draft {
  client_id: string;
  text?: string;
  attachments?: AttachmentRef[];
}

export interface UploadForm {
  key: string;
  url: string;
  fields: Record<string, string>;
}

export interface Frame {
  id: string;
  type: string;
  conversation?: string;
  data: {
    fetch?: string;
    message?: Message;
    conversation?: Conversation;
    on?: boolean;
    by?: { name?: string };
    state?: 'sending' | 'sent' | 'failed';
    read_to?: string;
    customer_read?: string;
  };
}
