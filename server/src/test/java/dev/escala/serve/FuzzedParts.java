package dev.escala.serve;

import java.util.List;

/**
 * What requests of any kind are put together of: paths, headers, and pieces that mean something.
 */
final class FuzzedParts {
  static final List<String> PATHS =
      List.of(
          "/",
          "/db",
          "/db/",
          "/db/sample",
          "/db/nothing",
          "/db/rpc/add",
          "/db/rpc/",
          "/db/rpc/no",
          "/db/sample/",
          "/db/sample/x",
          "/no",
          "/db/tr%69ps",
          "/db/s%C3%A4mple",
          "/db/%FF");

  static final List<String> HEADERS =
      List.of(
          "Accept: application/json",
          "Accept: text/csv",
          "Accept: application/x-ndjson",
          "Accept: application/vnd.apache.arrow.stream",
          "Accept: application/vnd.apache.parquet",
          "Accept: application/vnd.pgrst.object+json",
          "Accept: application/vnd.pgrst.object+json;nulls=stripped",
          "Accept: application/vnd.pgrst.array+json;nulls=stripped",
          "Accept: application/vnd.pgrst.plan+json; for=\"text/csv\"; options=verbose|settings",
          "Accept: application/vnd.pgrst.plan; options=analyze|buffers|wal",
          "Accept: application/openapi+json",
          "Accept: image/png, */*;q=0.1",
          "Accept: text/html",
          "Accept: application/octet-stream",
          "X-Before: turn",
          "X-Before: refuse",
          "X-Before: say",
          "Accept: image/png",
          "Accept: ;;q=,,*",
          "Range: 0-4",
          "Range: 3-",
          "Range: 9-0",
          "Range: 99999999999999999999-",
          "Range-Unit: items",
          "Prefer: count=exact",
          "Prefer: count=planned",
          "Prefer: count=estimated, handling=strict",
          "Prefer: handling=strict, nonsense",
          "Prefer: timezone=America/Bogota",
          "Prefer: timezone=Asia/Kathmandu, count=exact",
          "Prefer: timezone=+05:30",
          "Prefer: timezone='",
          "Prefer: timezone=Nowhere",
          "Prefer: tx=rollback, return=minimal, max-affected=1",
          "Accept-Profile: public",
          "Accept-Profile: pg_catalog",
          "Accept-Profile: \"; RESET ROLE",
          "Content-Profile: public",
          "Cookie: a=b; c",
          "Origin: http://h",
          "Connection: close",
          "X-Odd: \u00e9\"'\\");

  static final List<String> HEADER_NAMES =
      List.of("Accept", "Prefer", "Range", "Accept-Profile", "Content-Type", "Role", "Cookie");

  static final List<String> NO_ROLES =
      List.of("nobody", "none", "postgres", "pg_monitor", "\"", "'", "public", "fuzz_one,fuzz_two");

  static final List<String> TYPES =
      List.of(
          "application/json",
          "application/json",
          "application/x-www-form-urlencoded",
          "text/plain",
          "text/xml",
          "application/octet-stream",
          "image/png");

  static final List<String> PLACES =
      List.of(
          "/db/sample?",
          "/db/sample?select=",
          "/db/sample?name=eq.",
          "/db/sample?order=",
          "/db/trips?or=(",
          "/db/sample?",
          "/db/rpc/add?a=",
          "/db/rpc/",
          "/db/",
          "/db?q=",
          "/db?q=select%20",
          "/");

  /** What means something to one of the parsers, or to PostgreSQL. */
  static final List<String> PIECES =
      List.of(
          "'",
          "\"",
          "\\",
          "%22",
          "%27",
          "%5C",
          ";",
          "--",
          "/*",
          "*/",
          "$1",
          "$$",
          "(",
          ")",
          ",",
          ".",
          "&",
          "=",
          "%",
          "%00",
          "%zz",
          "%C3",
          "+",
          "::",
          "-%3E",
          "-%3E%3E",
          "!",
          "*",
          "{",
          "}",
          "[",
          "]",
          "[]",
          "not.",
          "eq.",
          "in.(",
          "and=(",
          "or=",
          "select=",
          "order=",
          "limit=-1",
          "offset=1",
          "id",
          "count()",
          "n.sum()",
          "...",
          "places(",
          "places!inner(*)",
          ":a",
          "::int",
          "99999999999999999999",
          "-1",
          "NaN",
          "null",
          "is.null",
          "%F0%9F%98%80",
          "%ED%A0%80",
          "'%20OR%201=1--",
          "fts(english).",
          "like(any).{",
          "~",
          "||",
          "@@",
          "|/",
          "?",
          "%20union%20select%201",
          "%20set_config('role','postgres',false)",
          "%0A",
          "%0D",
          "%09");

  private FuzzedParts() {}
}
