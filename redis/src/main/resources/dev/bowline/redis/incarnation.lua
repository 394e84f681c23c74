-- Which life of Redis's this is: it has another one when it has lost everything.
--
-- KEYS 1 the incarnation
-- ARGV 1 its name, if it has none yet
-- Returns the name.

redis.call('SETNX', KEYS[1], ARGV[1])
return { redis.call('GET', KEYS[1]) }
