// Calls each read method of @supabase/postgrest-js as its documentation shows it; prints one line of JSON a call.
const { PostgrestClient } = require('@supabase/postgrest-js');

const db = new PostgrestClient(process.argv[2]);
const flights = (select = 'id') => db.from('flights').select(select).order('id');

const calls = {
  select: () => db.from('flights').select().eq('id', 1),
  columns: () => db.from('flights').select('id, carrier').eq('id', 1),
  eq: () => flights().eq('carrier', 'IB'),
  neq: () => flights().neq('carrier', 'IB'),
  gt: () => flights().gt('delay', 5),
  gte: () => flights().gte('delay', 5),
  lt: () => flights().lt('delay', 5),
  lte: () => flights().lte('delay', 5),
  like: () => flights().like('name', '%drid'),
  likeAllOf: () => flights().likeAllOf('name', ['M%', '%d']),
  likeAnyOf: () => flights().likeAnyOf('name', ['%drid', 'Par%']),
  ilike: () => flights().ilike('name', 'MAD%'),
  isNull: () => flights().is('delay', null),
  isTrue: () => flights().is('on_time', true),
  in: () => flights().in('id', [1, 3]),
  inQuoted: () => flights().in('name', ['a,b', '(c)']),
  contains: () => flights().contains('tags', ['late', 'night']),
  containsJson: () => flights().contains('extra', { gate: 'A1' }),
  containsRange: () => flights().contains('during', '[2000-01-01 12:00, 2000-01-01 12:30)'),
  containedBy: () => flights().containedBy('tags', ['late', 'night', 'far']),
  rangeGt: () => flights().rangeGt('during', '[2000-01-01 08:00, 2000-01-01 09:00)'),
  rangeGte: () => flights().rangeGte('during', '[2000-01-02 08:00, 2000-01-02 09:00)'),
  rangeLt: () => flights().rangeLt('during', '[2000-01-02 15:00, 2000-01-02 16:00)'),
  rangeLte: () => flights().rangeLte('during', '[2000-01-01 14:00, 2000-01-01 16:00)'),
  rangeAdjacent: () => flights().rangeAdjacent('during', '[2000-01-01 13:00, 2000-01-01 14:00)'),
  overlaps: () => flights().overlaps('tags', ['night', 'far']),
  textSearch: () => flights().textSearch('notes', `'delayed' & 'fog'`),
  textSearchPlain: () => flights().textSearch('notes', 'delayed fog', { type: 'plain', config: 'english' }),
  textSearchWeb: () => flights().textSearch('notes', 'fog or snow', { type: 'websearch' }),
  match: () => flights().match({ carrier: 'IB', on_time: false }),
  not: () => flights().not('carrier', 'eq', 'IB'),
  notIn: () => flights().not('id', 'in', '(1,2)'),
  or: () => flights().or('id.eq.2,delay.lt.0'),
  orAnd: () => flights().or('id.gt.2,and(id.eq.1,carrier.eq.IB)'),
  filter: () => flights().filter('carrier', 'in', '("IB","XX")'),
  jsonPath: () => flights('id, extra->gate').eq('extra->>gate', 'A1'),
  alias: () => flights('number:id, gate:extra->>gate').eq('id', 1),
  cast: () => flights('id::text').eq('id', 1),
  orderDescending: () => db.from('flights').select('id').order('delay', { ascending: false, nullsFirst: false }),
  limit: () => flights().limit(1),
  range: () => flights().range(1, 2),
  single: () => db.from('flights').select('id').eq('id', 1).single(),
  singleOfMany: () => db.from('flights').select('id').single(),
  maybeSingle: () => db.from('flights').select('id').eq('id', 99).maybeSingle(),
  csv: () => db.from('flights').select('id, name').eq('id', 1).csv(),
  countExact: () => db.from('flights').select('*', { count: 'exact', head: true }),
  countPage: () => db.from('flights').select('id', { count: 'exact' }).order('id').limit(2),
  embedded: () => db.from('flights').select('id, carriers(name)').eq('id', 1),
  embeddedMany: () => db.from('carriers').select('code, flights(id)').order('id', { referencedTable: 'flights' }).eq('code', 'IB'),
  embeddedLimit: () => db.from('carriers').select('code, flights(id)').eq('code', 'IB').order('id', { referencedTable: 'flights' }).limit(1, { referencedTable: 'flights' }),
  embeddedFilter: () => db.from('carriers').select('code, flights!inner(id)').eq('flights.delay', 20).order('code'),
  embeddedOr: () => db.from('carriers').select('code, flights!inner(id)').or('delay.eq.20,delay.eq.5', { referencedTable: 'flights' }).order('code'),
  spread: () => db.from('flights').select('id, ...carriers(airline:name)').eq('id', 1),
  aggregate: () => db.from('flights').select('carrier, delay.sum()').order('carrier'),
  rpc: () => db.rpc('add', { a: 1, b: 2 }),
  rpcGet: () => db.rpc('add', { a: 1, b: 2 }, { get: true }),
  rpcRows: () => db.rpc('late', { above: 6 }).select('id').order('id'),
  rpcCount: () => db.rpc('late', { above: -100 }, { count: 'exact', head: true }),
  unknownTable: () => db.from('flihgts').select(),
  unknownColumn: () => db.from('flights').select('nope'),
};

(async () => {
  for (const [name, call] of Object.entries(calls)) {
    const { status, data, count, error } = await call();
    console.log(JSON.stringify({ name, status, data, count, code: error ? error.code : null }));
  }
})();
