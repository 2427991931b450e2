// Runs the flows one after the other, each file with a desk of its own, and says so where there is no browser. Words that are
// given name the files that are wanted.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { chromium } from '../../widget/flows/desk.mjs';

if (!chromium) {
  console.log('No Chromium or Chrome is here (CHROMIUM names one): the flows of the console were not run.');
  process.exit(process.env.CI ? 1 : 0);
}
const here = new URL('.', import.meta.url).pathname;
const wanted = process.argv.slice(2);
const files = readdirSync(here).filter((f) => f.endsWith('.test.mjs') && (wanted.length === 0 || wanted.some((w) => f.includes(w))));
const passes = (file) => spawnSync(process.execPath, ['--test', '--test-reporter=spec', here + file], { stdio: 'inherit' }).status === 0;

const mercy = 2; // flows that may run again in one run; more of them is no accident
let failed = 0, again = 0;
for (const file of files) {
  if (passes(file)) continue;
  const may = process.env.CI && again++ < mercy;
  if (may) console.log(`AGAIN ${file}`); // a machine of CI may stand still for seconds: what fails twice is broken
  if (!may || !passes(file)) failed++;
}
process.exitCode = failed ? 1 : 0;
