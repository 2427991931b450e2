import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ArrowLeft, CircleAlert, Ticket } from 'lucide-react';
import { Blank, Bone, Customer, Icon, join } from '../parts/parts';
import parts from '../parts/parts.module.css';
import { shortDay } from '../parts/time';
import { data, desk } from '../shell/desk';
import { reasonOf } from '../shell/toasts';
import { useWords } from '../shell/words';
import { ContactFacts, ConversationLinks } from './Details';
import { ContactForms } from './ContactForms';
import css from './contacts.module.css';
import lines from './details.module.css';

/** A contact's record: who it is, its conversations and its tickets. */
export default function ContactPage() {
  const say = useWords();
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  const at = { params: { path: { id } } };
  const contact = useQuery({ queryKey: ['contact', id], queryFn: () => data(desk.GET('/v1/contacts/{id}', at)) });
  const talks = useQuery({ queryKey: ['contact', id, 'conversations'], queryFn: async () => (await data(desk.GET('/v1/contacts/{id}/conversations', at))).items });
  const tickets = useQuery({ queryKey: ['contact', id, 'tickets'], queryFn: async () => (await data(desk.GET('/v1/contacts/{id}/tickets', at))).items });
  if (contact.isError) return <Blank icon={CircleAlert} title={say('contact.gone')}><p>{reasonOf(contact.error)}</p></Blank>;
  const name = contact.data && (contact.data.name || contact.data.email || say('contact.nameless'));
  return (
    <>
      <header className={css.bar}>
        <Link to="/contacts" className={join(parts.button, parts.square, css.back)} aria-label={say('contacts')}><Icon of={ArrowLeft} /></Link>
        {name && <><Customer name={name} size="m" /><h1 className={css.title}>{name}</h1></>}
      </header>
      <div className={css.scroll}>
        {!contact.data ? <div className={css.wait}><Bone wide="40%" high={12} /></div> : (
          <div className={css.record}>
            <div className={css.side}><ContactForms of={contact.data} /></div>
            <div className={css.side}>
              <ContactFacts of={contact.data} bare />
              <section><h2>{say('conversations')}</h2>{talks.data?.length === 0 ? <p className={parts.help}>{say('details.none')}</p> : talks.data && <ConversationLinks of={talks.data} />}</section>
              <section><h2>{say('tickets')}</h2>
                {tickets.data?.length === 0 && <p className={parts.help}>{say('details.none')}</p>}
                <ul>{tickets.data?.map((t) => <li key={t.number}><Link to="/tickets/$number" params={{ number: String(t.number) }} className={lines.before}><Icon of={Ticket} size="m" /><span>{t.number} · {t.subject}</span><time dateTime={t.updated_at}>{shortDay(t.updated_at)}</time></Link></li>)}</ul>
              </section>
            </div>
          </div>
        )}
      </div>
    </>
  );
}
