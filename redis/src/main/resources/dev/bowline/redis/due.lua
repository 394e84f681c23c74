-- The sessions that are nobody's, and due.
--
-- KEYS 1 who is over when (sorted set)
-- ARGV 1 how many at most
-- Returns now, in ms, and the ids.

local found = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', number(millis()), 'LIMIT', 0, ARGV[1])
table.insert(found, 1, number(millis()))
return found
