package dev.escala.query;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The functions of PostgreSQL that SQL over HTTP may call, in groups with the reason for each: what
 * costs more than its operands are long, and does not look for a cancel meanwhile, is missing, or
 * takes constants in the place that makes it dear.
 */
enum AllowedFunctions {
  AGGREGATES(
      "one value of many rows; a cancel is seen between two rows",
      Operands.ANY,
      """
      count sum avg min max any_value bool_and bool_or every bit_and bit_or bit_xor stddev
      stddev_pop stddev_samp variance var_pop var_samp corr covar_pop covar_samp regr_avgx
      regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy mode
      percentile_cont percentile_disc string_agg array_agg json_agg jsonb_agg json_object_agg
      jsonb_object_agg
      """),
  WINDOWS(
      "one value for each row of its neighbours; a cancel is seen between two rows",
      Operands.ANY,
      """
      row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value
      nth_value
      """),
  ROWS(
      "many rows of one value; a cancel is seen between two rows",
      Operands.ANY,
      """
      generate_series generate_subscripts unnest json_array_elements json_array_elements_text
      jsonb_array_elements jsonb_array_elements_text json_each json_each_text jsonb_each
      jsonb_each_text json_object_keys jsonb_object_keys json_to_record jsonb_to_record
      json_to_recordset jsonb_to_recordset
      """),
  NUMBERS(
      "arithmetic on machine numbers, and on numeric, of which a thousand digits are reckoned with",
      Operands.ANY,
      """
      abs ceil ceiling floor round trunc sign mod div sqrt cbrt exp ln log log10 power pow scale
      min_scale trim_scale degrees radians pi sin cos tan cot asin acos atan atan2 sinh cosh tanh
      width_bucket
      """),
  TIMES(
      "arithmetic on a few machine words",
      Operands.ANY,
      """
      now transaction_timestamp statement_timestamp clock_timestamp timeofday age date_trunc
      date_part date_bin date isfinite make_date make_time make_timestamp make_timestamptz
      make_interval justify_days justify_hours justify_interval timezone
      """),
  TEXTS(
      "each character is looked at once, and the result is no longer than its operands",
      Operands.ANY,
      """
      length char_length character_length octet_length bit_length lower upper initcap left right
      substr reverse ascii chr concat concat_ws starts_with quote_ident quote_literal
      quote_nullable to_hex encode decode convert_from convert_to
      """),
  SOUGHT(
      "looks for its operands at each place of the text: they are constants of 100 characters",
      Operands.SHORT_TEXT_BUT_FIRST,
      """
      strpos replace translate split_part string_to_array string_to_table array_to_string btrim
      ltrim rtrim
      """),
  EXPRESSIONS(
      "looks for a cancel at each step; the regular expression is a short constant",
      Operands.CONSTANT_BUT_FIRST,
      """
      regexp_replace regexp_match regexp_matches regexp_split_to_array regexp_split_to_table
      regexp_count regexp_instr regexp_like regexp_substr
      """),
  TEMPLATES(
      "works its template off without looking for a cancel: it is a short constant",
      Operands.TEMPLATE,
      "to_char to_date to_timestamp to_number"),
  PADDED(
      "makes as many characters as it is told: at most 10,000, and told by a constant",
      Operands.PADDED,
      "lpad rpad"),
  REPEATED(
      "makes as many characters as it is told: at most 1,000,000, and told by constants",
      Operands.REPEATED,
      "repeat"),
  FORMATTED(
      "a width makes as many blanks as it says: the format is a constant without widths",
      Operands.FORMAT,
      "format"),
  ARRAYS(
      "each element is looked at once",
      Operands.ANY,
      """
      array_length array_lower array_upper array_ndims array_dims cardinality array_position
      array_positions array_append array_prepend array_cat array_remove array_replace
      array_sample array_shuffle trim_array
      """),
  JSON(
      "each member is looked at once",
      Operands.ANY,
      """
      to_json to_jsonb row_to_json array_to_json json_build_array json_build_object
      jsonb_build_array jsonb_build_object json_array_length jsonb_array_length json_typeof
      jsonb_typeof json_extract_path json_extract_path_text jsonb_extract_path
      jsonb_extract_path_text jsonb_pretty json_strip_nulls jsonb_strip_nulls jsonb_set
      """),
  JSON_PATHS(
      "looks for a cancel at each step; the path is a short constant",
      Operands.CONSTANT_BUT_FIRST,
      """
      jsonb_path_exists jsonb_path_match jsonb_path_query jsonb_path_query_array
      jsonb_path_query_first
      """),
  SEARCHES(
      "what is searched for is a short constant",
      Operands.CONSTANT,
      "to_tsquery plainto_tsquery phraseto_tsquery websearch_to_tsquery"),
  RANGES("looks at two bounds", Operands.ANY, "isempty lower_inc upper_inc lower_inf upper_inf"),
  ENUMS("as many values as the type has", Operands.ANY, "enum_first enum_last enum_range"),
  NETWORKS("looks at a few octets", Operands.ANY, "host family masklen network"),
  CHANCE(
      "anew each time, without effects",
      Operands.ANY,
      "random random_normal gen_random_uuid uuidv4 uuidv7"),
  SLEEP(
      "ends with a cancel, and costs nothing",
      Operands.ANY,
      "pg_sleep pg_sleep_for pg_sleep_until"),
  SERVER(
      "tells of the server what its login may know",
      Operands.ANY,
      """
      version current_database current_schema current_schemas current_setting pg_typeof
      pg_size_pretty pg_relation_size pg_table_size pg_indexes_size pg_total_relation_size
      pg_database_size pg_is_in_recovery pg_postmaster_start_time format_type obj_description
      col_description
      """),
  SAMPLES("methods of TABLESAMPLE, which read whole rows", Operands.ANY, "bernoulli system");

  private static final Map<String, AllowedFunctions> BY_NAME = byName();

  /** Not functions, but words of the grammar that may stand before a bracket. */
  private static final Set<String> CONSTRUCTS =
      Set.copyOf(
          words(
              """
              all and any array as between by case cast char character coalesce cube current_time
              current_timestamp dec decimal distinct else escape except exists extract fetch filter
              float for from greatest group grouping having ilike in intersect interval join lateral
              least like limit localtime localtimestamp materialized not nullif numeric offset on
              only or over overlaps overlay position repeatable rollup row select sets some substring
              symmetric then time timestamp to trim union using values varchar varying when where
              zone
              """));

  private final String reason;
  private final Operands operands;
  private final String names;

  AllowedFunctions(String reason, Operands operands, String names) {
    this.reason = reason;
    this.operands = operands;
    this.names = names;
  }

  static Optional<AllowedFunctions> of(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /** All names, always in the same order. */
  static Set<String> all() {
    return BY_NAME.keySet();
  }

  /** Whether the unquoted word belongs to the grammar where it stands before a bracket. */
  static boolean isConstruct(String word) {
    return CONSTRUCTS.contains(word);
  }

  static Set<String> constructs() {
    return CONSTRUCTS;
  }

  String reason() {
    return reason;
  }

  Operands operands() {
    return operands;
  }

  List<String> names() {
    return words(names);
  }

  private static List<String> words(String text) {
    return List.of(text.strip().split("\\s+"));
  }

  private static Map<String, AllowedFunctions> byName() {
    Map<String, AllowedFunctions> byName = new LinkedHashMap<>();
    for (AllowedFunctions group : values()) {
      group.names().forEach(name -> byName.put(name, group));
    }
    return Collections.unmodifiableMap(byName);
  }

  /** What may stand between the brackets of a call. */
  enum Operands {
    ANY,
    /** Constants. */
    CONSTANT,
    /** All but the first are constants. */
    CONSTANT_BUT_FIRST,
    /** The same, and they are shorter. */
    SHORT_TEXT_BUT_FIRST,
    /** The second, if there is one, is a short constant. */
    TEMPLATE,
    /** A text, how long it becomes, and with what. */
    PADDED,
    /** A text, and how often. */
    REPEATED,
    /** The first is a constant without widths. */
    FORMAT
  }
}
