// The shapes of /widget/v1 that the chat uses, as openapi.yaml names them, and the frames of docs/live.md.
import type { components } from '@relevo/shared/api/schema';

type Shapes = components['schemas'];
export type Attachment = Shapes['Attachment'];
export type Message = Shapes['CustomerMessage'];
export type Contact = { name: string; email: string };
export type UploadForm = Shapes['UploadForm'];
export type AttachmentRef = Shapes['AttachmentRef'];

export type Conversation = Shapes['CustomerConversation'];
export type Identity = Shapes['VouchedFor'];
export type Inbox = Shapes['WidgetInbox'];
export type Session = Shapes['Session'];

export interface Thread {
  conversation?: Conversation;
  messages: Message[];
  more: boolean;
}

/** What a host page or a form may tell of the visitor. */
export interface About {
  name?: string;
  email?: string;
  phone?: string;
  language?: string;
  page?: string;
}

/** A message on its way. */
export interface Draft {
  client_id: string;
  text?: string;
  attachments?: AttachmentRef[];
}

/** What a frame of the line may hold. */
export interface News {
  fetch?: string;
  message?: Message;
  conversation?: Conversation;
  on?: boolean;
  by?: { name?: string };
  state?: 'sending' | 'sent' | 'failed';
  read_to?: string;
  customer_read?: string;
}
