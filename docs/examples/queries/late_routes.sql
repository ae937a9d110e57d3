-- Routes on which flights are late
-- The mean delay of each route, worst first.
-- :since timestamptz = -infinity  Flights that were to depart at this time or later
-- :origin text = null             The airport of departure; all of them without
-- :least bigint = 10              Fewest flights of a route that counts
SELECT f.origin, f.destination, a.city AS destination_city,
       count(*) AS flights, round(avg(f.delay_minutes), 1) AS mean_delay
FROM flights f
LEFT JOIN airports a ON a.iata = f.destination
WHERE f.scheduled_at >= :since
  AND (:origin IS NULL OR f.origin = :origin)
GROUP BY f.origin, f.destination, a.city
HAVING count(*) >= :least
ORDER BY mean_delay DESC
