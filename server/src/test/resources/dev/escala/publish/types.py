"""Writes the files of this folder: python3 types.py LIBRARY FILE, with pyarrow 25, polars 1.44 and duckdb 1.5."""
import datetime as d, decimal, sys, uuid

D = decimal.Decimal


def of_pyarrow(file):
    import pyarrow as pa, pyarrow.parquet as pq
    a = pa.array
    pq.write_table(pa.table({
        'b': a([True, None]), 'i8': a([-128, None], pa.int8()), 'i32': a([-2**31, None], pa.int32()), 'i64': a([-2**63, None]),
        'u8': a([255, None], pa.uint8()), 'u32': a([2**32 - 1, None], pa.uint32()), 'u64': a([2**64 - 1, None], pa.uint64()),
        'f16': a([1.5, float('nan')], pa.float16()), 'f32': a([0.1, float('nan')], pa.float32()), 'f64': a([-0.0, float('-inf')]),
        's': a(['é😀"\n', None]), 'bin': a([b'\x00\xff', b'']), 'fixed': a([b'abcd', None], pa.binary(4)),
        'd9': a([D('-1234567.89'), None], pa.decimal128(9, 2)), 'd38': a([D('1234567890123456789012345678.0000000001'), D('0E-10')], pa.decimal128(38, 10)),
        'd76': a([D('1' * 60 + '.5'), None], pa.decimal256(76, 1)), 'date': a([d.date(1969, 12, 31), d.date(9999, 12, 31)]),
        't_ms': a([d.time(23, 59, 59, 999000), d.time(0, 0)], pa.time32('ms')), 't_ns': a([1, None], pa.time64('ns')),
        'ts_ms': a([-1, None], pa.timestamp('ms')), 'ts_us': a([-1, None], pa.timestamp('us')), 'ts_ns': a([-1, None], pa.timestamp('ns')),
        'tz_ms': a([-1, 0], pa.timestamp('ms', 'UTC')), 'tz_us': a([1767225600000001, None], pa.timestamp('us', 'America/Bogota')),
        'tz_ns': a([1767225600000000001, None], pa.timestamp('ns', 'UTC')), 'dict': a(['BOG', None]).dictionary_encode(),
        'l': a([[1, None, 3], []], pa.list_(pa.int32())), 'll': a([[[1], None, []], None], pa.list_(pa.list_(pa.int64()))),
        'st': a([{'a': 1, 'b': {'c': 'x', 'ts': d.datetime(2026, 1, 1)}}, None]), 'ld': a([[D('1.10')], None], pa.list_(pa.decimal128(5, 2))),
        'm': a([[('k', D('1.50')), ('j', None)], None], pa.map_(pa.string(), pa.decimal128(5, 2))),
        'md': a([[(d.date(2026, 1, 1), [1, 2]), (d.date(2026, 1, 2), [])], None], pa.map_(pa.date32(), pa.list_(pa.int32()))),
        'lst': a([[{'x': 1.5, 'y': None}, None], []], pa.list_(pa.struct([('x', pa.float64()), ('y', pa.string())]))),
        'uuid': a([uuid.UUID(int=1).bytes, None], pa.uuid()), 'json': a(['{"a": 1.10,\n "b":[NaN]}', 'not json'], pa.json_()), 'nil': a([None, None], pa.null()),
    }), file)


def of_int96(file):
    import pyarrow as pa, pyarrow.parquet as pq
    pq.write_table(pa.table({'at': pa.array([-1, 1767225600000000001, None], pa.timestamp('ns'))}), file, use_deprecated_int96_timestamps=True)


def of_none(file):
    import pyarrow as pa, pyarrow.parquet as pq
    pq.write_table(pa.table({'a': pa.array([], pa.int64()), 'l': pa.array([], pa.list_(pa.string()))}), file)


def of_codec(codec, file):
    import pyarrow as pa, pyarrow.parquet as pq
    rows = pa.table({'i': [i // 3 for i in range(60)], 's': ['text' * (i % 5) for i in range(60)]})
    pq.write_table(rows, file, compression=codec, row_group_size=25, data_page_version='2.0' if codec in ('gzip', 'zstd') else '1.0')


def of_polars(file):
    import polars as pl
    s = pl.Series
    pl.DataFrame({
        'b': [True, None], 'i': [1, None], 'u': s([2**64 - 1, None], dtype=pl.UInt64), 'f': [0.1, float('nan')], 's': ['é', None], 'bin': [b'\xff', None],
        'd': [d.date(2026, 1, 1), None], 't': [d.time(10, 0), None], 'dt': [d.datetime(2026, 1, 1, 0, 0, 0, 1), None],
        'dtz': s([d.datetime(2026, 1, 1), None]).dt.replace_time_zone('UTC'), 'dec': s([D('1.10'), None], dtype=pl.Decimal(38, 2)),
        'l': [[1, None], None], 'st': [{'a': 1, 'b': 'x'}, None], 'en': s(['a', None], dtype=pl.Enum(['a', 'b'])), 'ns': s([1, None], dtype=pl.Datetime('ns')),
    }).write_parquet(file)


def of_duckdb(file):
    import duckdb
    duckdb.sql(r"""COPY (SELECT true b, (-128)::tinyint i8, 4294967295::uinteger u32, 18446744073709551615::ubigint u64, 0.1::float f, 'NaN'::double nan,
      '-Infinity'::double inf, 123.45::decimal(5,2) d5, 12345678901234567.89::decimal(20,2) d20, 'é'::varchar s, '\x00\xff'::blob bin, date '2026-01-01' dt,
      time '23:59:59.999999' t, time '24:00:00' t24, timestamp '1969-12-31 23:59:59.999999' ts, timestamptz '2026-01-01 12:00:00.000001+02' tz,
      timestamp_ns '2026-01-01 00:00:00.000000001' ts_ns, interval '1 month 2 days 3.5 seconds' iv, 'ffffffff-ffff-ffff-ffff-000000000001'::uuid u,
      'a'::enum('a', 'b') e, '{"a": 1}'::json j, [1, null] l, {'a': 1, 'b': [1.5]} st, map{'k': 1} m) TO '""" + file + "' (FORMAT parquet)")


library, file = sys.argv[1:]
of = globals().get('of_' + library)
of(file) if of else of_codec(library, file)
