import { firstLoad } from './first-load.mjs';

export default [{ name: 'first load: the list of conversations', path: firstLoad, limit: '157 kB', gzip: true }];
