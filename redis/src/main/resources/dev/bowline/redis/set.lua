-- Adds a member to a set, or takes it out.
--
-- KEYS 1 the set
-- ARGV 1 1 or 0   2 the member

redis.call(ARGV[1] == '1' and 'SADD' or 'SREM', KEYS[1], ARGV[2])
return {}
