-- Nothing is left of a process that is gone.
--
-- KEYS 1 those that are gone
-- ARGV 1 its name

redis.call('ZREM', KEYS[1], ARGV[1])
return {}
