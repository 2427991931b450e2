import type words from './words/en.json';
import en from './words/en.json?url';
import es from './words/es.json?url';
import pt from './words/pt.json?url';

/** What the chat says; {} stands for what is put in. */
export type Words = typeof words;

const languages: Record<string, string> = { en, es, pt };
const short = (tag: string) => tag.slice(0, 2).toLowerCase();

/** The first of some language tags that the chat speaks, else "en". */
export const spoken = (...tags: string[]): string => tags.find((tag) => languages[short(tag)]) ?? 'en';

/** The words of a language that is spoken. */
export const wordsOf = async (tag: string): Promise<Words> => (await fetch(languages[short(tag)]!)).json();

/** Puts something into a sentence. */
export const say = (sentence: string, what: string | number): string => sentence.replace('{}', () => `${what}`);
