-- Notes that a topic has grown, and forgets when the others last did so long ago that nobody asks.
--
-- KEYS 1 which topic has grown when (sorted set)
-- ARGV 1 the topic   2 how many ms it is known

local now = millis()
redis.call('ZADD', KEYS[1], number(now), ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', number(now - tonumber(ARGV[2])))
return {}
