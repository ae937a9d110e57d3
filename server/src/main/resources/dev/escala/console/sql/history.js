const PLACE = 'escala.sql';
const MOST = 50;

/** What was asked in this browser, the last first; never what was answered. */
export function past(database) {
  return all().filter(each => each.database === database).map(each => each.sql);
}

export function remember(database, sql) {
  const rest = all().filter(each => each.database !== database || each.sql !== sql);
  localStorage.setItem(PLACE, JSON.stringify([{ database, sql }, ...rest].slice(0, MOST)));
}

export function forgetAll() {
  localStorage.removeItem(PLACE);
}

function all() {
  try {
    return JSON.parse(localStorage.getItem(PLACE) ?? '[]');
  } catch {
    return [];
  }
}
