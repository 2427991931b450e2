// What is asked of the visitor. The browser checks the fields; the style sheet shows what it found beside them.
import { h, type ComponentChildren } from 'preact';
import type { Ui } from './head';
import { Icon } from './icons';
import type { Words } from './say';

const Help = ({ text }: { text: string }) => (
  <p class="help" role="alert">
    <Icon name="alert" />
    {text}
  </p>
);

type Named = Record<string, HTMLInputElement>;

/** A form that hands over what was typed, once it is right; else the first wrong field gets the focus. */
const Form = ({ name, go, children }: { name: string; go(said: Named, form: HTMLFormElement): void; children: ComponentChildren }) => (
  <form
    class={name}
    noValidate
    onSubmit={(e) => {
      e.preventDefault();
      const form = e.currentTarget;
      const wrong = form.querySelector<HTMLElement>(':invalid');
      if (wrong) wrong.focus();
      else go(form.elements as unknown as Named, form);
    }}
  >
    {children}
  </form>
);

const email = { type: 'email', name: 'email', pattern: '.+@.+[.].{2,}', autocomplete: 'email', required: true, maxLength: 254, class: 'input' } as const;

/** Who are you? Asked before the first message where the inbox wants it (B16). */
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

/** One line for an e-mail address. */
export const Ask = ({ w, label, go, text, value }: { w: Words; label: string; text?: string; value?: string; go(email: string): void }) => (
  <Form name="ask" go={(said) => go(said.email!.value)}>
    <input {...email} aria-label={label} placeholder={w.example} defaultValue={value ?? ''} />
    <button class="button brand" aria-label={text ?? label}>
      {text ?? <Icon name="right" />}
    </button>
    <Help text={w.noEmail} />
  </Form>
);
