-- How late flights leave, by the hour of the day
-- :origin text     The airport of departure, such as LAX
SELECT extract(hour FROM scheduled_at)::int AS hour,
       count(*) AS flights,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY delay_minutes) AS median_delay
FROM flights
WHERE origin = :origin
GROUP BY 1
ORDER BY 1
