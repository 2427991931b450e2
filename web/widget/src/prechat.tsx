// Who are you? Asked before the first message where the inbox wants it (B16).
import { h } from 'preact';
import { email, Form, Help } from './form';
import type { Ui } from './head';

export const PreChat = ({ ui: { chat, w } }: { ui: Ui }) => (
  <div class="body">
    <Form
      name="form"
      go={(said, form) => {
        form.inert = true;
        chat
          .tell({ name: said.who!.value.trim(), email: said.email!.value })
          .then(() => chat.send(said.need!.value.trim()))
          .catch(() => form.classList.add('failed'))
          .finally(() => (form.inert = false));
      }}
    >
      <p>{w.before}</p>
      <label>
        {w.name}
        <input class="input" name="who" required maxLength={100} pattern=".*\S.*" autocomplete="name" defaultValue={chat.contact.name} data-focus />
        <Help text={w.missing} />
      </label>
      <label>
        {w.email}
        <input {...email} defaultValue={chat.contact.email} />
        <Help text={w.noEmail} />
      </label>
      <label>
        {w.need}
        <textarea class="input" name="need" required rows={4} />
        <Help text={w.missing} />
      </label>
      <Help text={w.noSend} />
      <button class="button brand tall">{w.begin}</button>
    </Form>
  </div>
);
