-- How many different values there were, about (docs/decisions/0127): of 512 bitmaps with 24 bits each, a value
-- sets one bit, bit j with probability 2^-(j+1). All bits 0 come first, then all bits 1. Sketches of two sets are
-- joined by OR.
CREATE FUNCTION distinct_position(hash bigint) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
-- Half a unit more than a whole number has the same highest bit, and zero has one too.
RETURN (22 - floor(ln(((hash >> 9) & 8388607) + 0.5::float8) / ln(2::float8))::integer) * 512
    + (hash & 511)::integer;

DO $$
BEGIN
    EXECUTE format(
        'CREATE AGGREGATE distinct_sketch(integer, integer)
         (SFUNC = set_bit, STYPE = bit, INITCOND = %L, PARALLEL = SAFE)',
        repeat('0', 12288));
END
$$;

-- The number for which the bits that are set are most likely: the root of
-- sum over j of p[j] * set[j] / (1 - exp(-p[j] * x)) = 512 with x = number / 512, found by Newton's method in 1 / x,
-- in which that sum is convex. Its standard error is 2.9 %.
CREATE FUNCTION distinct_estimate(sketch bit) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $estimate$
DECLARE
    bits    float8[];
    total   float8 := 0;
    inverse float8;
    p       float8;
    t       float8;
    rest    float8;
    sum     float8;
    slope   float8;
    step    float8;
BEGIN
    FOR j IN REVERSE 23..0 LOOP
        bits[j] := bit_count(substring(sketch FROM j * 512 + 1 FOR 512));
        total := total + bits[j];
        -- Where many bits are set, but not nearly all, these alone say about how many values there were.
        IF bits[j] BETWEEN 1 AND 400 THEN
            inverse := -0.5 ^ least(j + 1, 23) / ln(1 - bits[j] / 512);
        END IF;
    END LOOP;
    IF total = 0 THEN
        RETURN 0;
    END IF;
    bits[23] := least(bits[23], 511.5); -- all bits are of infinitely many
    inverse := coalesce(inverse, 512 / total);
    FOR i IN 1..100 LOOP
        sum := -512;
        slope := 0;
        FOR j IN 0..23 LOOP
            IF bits[j] > 0 THEN
                p := 0.5 ^ least(j + 1, 23);
                t := p / inverse;
                rest := CASE WHEN t > 100 THEN 0 ELSE exp(-t) END;
                sum := sum + p * bits[j] / (1 - rest);
                slope := slope + bits[j] * (t / (1 - rest)) ^ 2 * rest;
            END IF;
        END LOOP;
        step := sum / slope;
        inverse := inverse - step;
        EXIT WHEN abs(step) < inverse * 1e-6;
    END LOOP;
    RETURN round(512 / inverse);
END
$estimate$;
