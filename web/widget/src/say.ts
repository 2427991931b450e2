// What the chat says, in one language.
import type english from './words/en.json';
import en from './words/en.json?url';
import es from './words/es.json?url';
import pt from './words/pt.json?url';

/** The words by their names; {} stands for what is put in. The build makes lists of the files, and numbers of the names. */
export type Words = typeof english;

export let w: Words;
/** The language that is spoken, as a tag; "" until its words are here. */
export let lang = '';

const languages: Record<string, string> = { en, es, pt };
let wanted = '';

/** Speaks the first of some language tags that it can, else English; then is called with every new language. */
export async function speak(then: () => void, ...tags: string[]): Promise<void> {
  const known = (tag: string) => languages[tag.slice(0, 2).toLowerCase()];
  const tag = tags.find(known) ?? 'en';
  if (wanted === (wanted = tag)) return;
  const words: Words = await (await fetch(known(tag)!)).json();
  if (wanted !== tag) return;
  w = words;
  lang = document.documentElement.lang = tag;
  then();
}

/** Puts something into a sentence. */
export const say = (sentence: string, what: string | number): string => sentence.replace('{}', () => `${what}`);
