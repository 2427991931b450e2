import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { CircleAlert } from 'lucide-react';
import { Blank, Bone } from '../parts/parts';
import parts from '../parts/parts.module.css';
import { shortDay } from '../parts/time';
import { data, desk } from '../shell/desk';
import { reasonOf } from '../shell/toasts';
import { useWords } from '../shell/words';
import { ContactFacts, ConversationLinks } from './Details';
import { ContactForms } from './ContactForms';
import css from './details.module.css';

/** A contact's record: who it is, its conversations and its tickets. */
export default function ContactPage() {
  const say = useWords();
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  const at = { params: { path: { id } } };
  const contact = useQuery({ queryKey: ['contact', id], queryFn: () => data(desk.GET('/v1/contacts/{id}', at)) });
  const talks = useQuery({ queryKey: ['contact', id, 'conversations'], queryFn: async () => (await data(desk.GET('/v1/contacts/{id}/conversations', at))).items });
  const tickets = useQuery({ queryKey: ['contact', id, 'tickets'], queryFn: async () => (await data(desk.GET('/v1/contacts/{id}/tickets', at))).items });
  if (contact.isError) return <Blank icon={CircleAlert} title={say('contact.gone')}><p>{reasonOf(contact.error)}</p></Blank>;
  if (!contact.data) return <div className={css.page}><Bone wide="40%" high={20} /></div>;
  return (
    <div className={css.page}>
      <h1>{contact.data.name || contact.data.email || say('contact.nameless')}</h1>
      {contact.data.email && <p className={parts.help}>{contact.data.email}</p>}
      <ContactFacts of={contact.data} />
      <ContactForms of={contact.data} />
      <section className={css.part}><div className={css.partHead}><h3>{say('conversations')}</h3></div>{talks.data && <ConversationLinks of={talks.data} />}</section>
      <section className={css.part}><div className={css.partHead}><h3>{say('tickets')}</h3></div>
        {tickets.data?.length === 0 && <p className={parts.help}>{say('details.none')}</p>}
        <ul>{tickets.data?.map((t) => <li key={t.number}><Link to="/tickets/$number" params={{ number: String(t.number) }} className={css.before}><span /><span>{t.number} · {t.subject}</span><time>{shortDay(t.updated_at)}</time></Link></li>)}</ul>
      </section>
    </div>
  );
}
