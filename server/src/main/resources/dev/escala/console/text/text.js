/** The words of the console, in the language of whoever looks. */
const LANGUAGES = { en: 'English', es: 'Español' };
const PLACE = 'escala.language';

export const languages = Object.entries(LANGUAGES);
export const language = chosen();

const words = (await (language === 'es' ? import('./es.js') : import('./en.js'))).default;
const plurals = new Intl.PluralRules(language);
const numbers = new Intl.NumberFormat(language);
const compact = new Intl.NumberFormat(language, { maximumSignificantDigits: 3, notation: 'compact' });
const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });

document.documentElement.lang = language;

function chosen() {
  const wish = localStorage.getItem(PLACE) ?? navigator.language.slice(0, 2);
  return Object.hasOwn(LANGUAGES, wish) ? wish : 'en';
}

/** Shows everything in another language, from now on. */
export function speak(wish) {
  localStorage.setItem(PLACE, wish);
  location.reload();
}

/** @returns {string} the words of a key; `{name}` in them is a value */
export function t(key, values = {}) {
  const text = words[key];
  if (text === undefined) {
    throw new Error(`no words for ${key}`);
  }
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** The words for a number of things: those of `key.one` or `key.other`. */
export function many(key, count, values = {}) {
  const form = plurals.select(count) === 'one' ? 'one' : 'other';
  return t(`${key}.${form}`, { n: number(count), ...values });
}

export const number = value => numbers.format(value);
export const about = value => compact.format(value);

/** Octets in the unit that reads best. */
export function size(octets) {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];
  const step = octets < 1 ? 0 : Math.min(Math.floor(Math.log(octets) / Math.log(1024)), units.length - 1);
  return new Intl.NumberFormat(language, { style: 'unit', unit: units[step], unitDisplay: 'short', maximumSignificantDigits: 3 })
    .format(octets / 1024 ** step);
}

/** How long ago, or how soon, a point in time is. */
export function ago(millis, now = Date.now()) {
  const seconds = (millis - now) / 1000;
  for (const [unit, length] of [['year', 31_536_000], ['month', 2_592_000], ['day', 86_400], ['hour', 3600], ['minute', 60]]) {
    if (Math.abs(seconds) >= length) {
      return relative.format(Math.trunc(seconds / length), unit);
    }
  }
  return relative.format(Math.trunc(seconds), 'second');
}
