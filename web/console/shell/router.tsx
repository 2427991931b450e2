import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Link, redirect } from '@tanstack/react-router';
import { SearchX } from 'lucide-react';
import { Conversations } from '../conversations/Conversations';
import type { ListSearch } from '../conversations/useList';
import { Blank } from '../parts/parts';
import parts from '../parts/parts.module.css';
import { Broken } from './ErrorBoundary';
import { Frame } from './Frame';
import { searchOf } from '../tickets/search';
import { Page } from './Page';
import { allWords, say } from './words';

const root = createRootRoute({ component: Frame, errorComponent: Broken, notFoundComponent: () => <Blank icon={SearchX} title={say('notHere')}><Link to="/" className={parts.textButton}>{say('home')}</Link></Blank> });
const home = createRoute({ getParentRoute: () => root, path: '/', beforeLoad: () => { throw redirect({ to: '/conversations/$', params: { _splat: 'mine' } }); } });
const bare = createRoute({ getParentRoute: () => root, path: '/conversations', beforeLoad: () => { throw redirect({ to: '/conversations/$', params: { _splat: 'mine' } }); } });
const priorities = new Set(['none', 'low', 'medium', 'high', 'urgent']);
const statuses = new Set(['open', 'pending', 'snoozed', 'resolved']);
const conversations = createRoute({
  getParentRoute: () => root, path: '/conversations/$', component: Conversations,
  validateSearch: (s): ListSearch => ({ ...(statuses.has(String(s['status'])) ? { status: s['status'] as 'open' } : {}), ...(s['sort'] === 'waiting' ? { sort: 'waiting' } : {}), ...(priorities.has(String(s['priority'])) ? { priority: s['priority'] as 'high' } : {}) }),
});
const page = createRoute({ getParentRoute: () => root, id: 'page', component: Page });
const ticketsPage = lazyRouteComponent(() => allWords().then(() => import('../tickets/words')).then(({ ticketWords }) => ticketWords()).then(() => import('../tickets/Tickets')));
const tickets = createRoute({ getParentRoute: () => root, path: '/tickets', component: ticketsPage, validateSearch: searchOf });
const board = createRoute({ getParentRoute: () => root, path: '/tickets/board', component: ticketsPage, validateSearch: searchOf });
const ticket = createRoute({ getParentRoute: () => page, path: '/tickets/$number', component: lazyRouteComponent(() => allWords().then(() => import('../tickets/page/words')).then(({ pageWords }) => pageWords()).then(() => import('../tickets/page/TicketPage'))) });
const contacts = createRoute({ getParentRoute: () => page, path: '/contacts', component: lazyRouteComponent(() => allWords().then(() => import('../contacts/ContactList'))) });
const contact = createRoute({ getParentRoute: () => page, path: '/contacts/$id', component: lazyRouteComponent(() => allWords().then(() => import('../contacts/ContactPage'))) });
const settings = createRoute({ getParentRoute: () => root, path: '/settings/$', component: lazyRouteComponent(() => allWords().then(() => import('../settings/Settings'))) });

/** Made once someone is signed in: coming back from there changes the address. */
export const makeRouter = () => createRouter({ routeTree: root.addChildren([home, bare, conversations, settings, tickets, board, page.addChildren([ticket, contacts, contact])]), defaultPreload: false, scrollRestoration: false });

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
