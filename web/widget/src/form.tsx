// What is asked of the visitor. The browser checks the fields; the style sheet shows what it found beside them.
import { h, type ComponentChildren } from 'preact';
import type { Ui } from './head';
import { Icon } from './icons';
import type { Words } from './say';

export const Help = ({ text }: { text: string }) => (
  <p class="help" role="alert">
    <Icon name="alert" />
    {text}
  </p>
);

type Named = Record<string, HTMLInputElement>;

/** A form that hands over what was typed, once it is right; else the first wrong field gets the focus. */
export const Form = ({ name, go, children }: { name: string; go(said: Named, form: HTMLFormElement): void; children: ComponentChildren }) => (
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

export const email = { type: 'email', name: 'email', pattern: '.+@.+[.].{2,}', autocomplete: 'email', required: true, maxLength: 254, class: 'input' } as const;

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

/** Asks for the visitor's address in the conversation (B14): it goes out as his message. */
export const Give = ({ ui: { chat, w } }: { ui: Ui }) => <Ask w={w} label={w.give} go={(email) => chat.send(email)} />;
