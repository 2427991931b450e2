import { firstLoad } from './first-load.mjs';

export default [{ name: 'first load: the list of conversations', path: firstLoad, limit: '150 kB', gzip: true }];
